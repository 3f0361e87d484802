package org.coinflip.model.reward;

/**
 * What a policy earns.
 *
 * @param episodes how many were played
 * @param meanReturn mean of the sums of an episode's rewards
 * @param standardError of that mean; 0 for one episode
 * @param meanLength mean number of an episode's steps
 */
public record ReturnScore(long episodes, double meanReturn, double standardError, double meanLength) {
    /**
     * The score of some episodes.
     *
     * @param returns at least one, in an order that does not depend on who played them
     * @param lengths one for each
     */
    public static ReturnScore of(double[] returns, int[] lengths) {
        double sum = 0;
        long steps = 0;
        for (int e = 0; e < returns.length; e++) {
            sum += returns[e];
            steps += lengths[e];
        }
        int n = returns.length;
        double mean = sum / n;
        double squares = 0;
        for (double value : returns) {
            squares += (value - mean) * (value - mean);
        }
        double error = n < 2 ? 0 : Math.sqrt(squares / (n - 1) / n);
        return new ReturnScore(n, mean, error, (double) steps / n);
    }
}
