package org.coinflip.model.unit;

/**
 * Sums over the subsets of k of n columns, {@code P(S) ∝ Π_{i∈S} e^(a_i)}, by dynamic programming in O(nk) logarithms, of one unit at a time: the logarithms of the
 * elementary symmetric polynomials of the columns from one on, e_j(c), and of those before it. Nothing overflows or cancels. Owned by one thread;
 * allocates nothing once made.
 */
public final class SubsetSums {
    private final int n;
    private final int k;
    /** log e_j of the columns from c on, at c (k + 1) + j; then the mean of the values of those that are on. */
    private final double[] after;

    private final double[] afterMeans;
    private final double[] before;
    private final double[] beforeMeans;
    private final double[] logits;
    private final double[] values;
    private final double[] marginals;
    private final double[] covariances;

    public SubsetSums(int n, int k) {
        this.n = n;
        this.k = k;
        after = new double[(n + 1) * (k + 1)];
        afterMeans = new double[after.length];
        before = new double[after.length];
        beforeMeans = new double[after.length];
        logits = new double[n];
        values = new double[n];
        marginals = new double[n];
        covariances = new double[n];
    }

    /** Sets the logit of a column, and a value v that it adds to a subset. */
    public void set(int column, double logit, double value) {
        logits[column] = logit;
        values[column] = value;
    }

    /** Takes the logits that were set. */
    public void sumUp() {
        for (int j = 0; j <= k; j++) {
            after[n * (k + 1) + j] = j == 0 ? 0 : Double.NEGATIVE_INFINITY;
            afterMeans[n * (k + 1) + j] = 0;
            before[j] = after[n * (k + 1) + j];
            beforeMeans[j] = 0;
        }
        for (int c = n - 1; c >= 0; c--) {
            for (int j = 0; j <= k; j++) {
                add(c, j, after, afterMeans, (c + 1) * (k + 1), c * (k + 1));
            }
        }
        for (int c = 0; c < n; c++) {
            for (int j = 0; j <= k; j++) {
                add(c, j, before, beforeMeans, c * (k + 1), (c + 1) * (k + 1));
            }
        }
    }

    /** e_j with column c: e_j without it + e^(a_c) e_{j−1} without it. */
    private void add(int c, int j, double[] logs, double[] means, int without, int with) {
        double off = logs[without + j];
        double on = j == 0 ? Double.NEGATIVE_INFINITY : logits[c] + logs[without + j - 1];
        double greatest = Math.max(off, on);
        if (greatest == Double.NEGATIVE_INFINITY) {
            logs[with + j] = greatest;
            means[with + j] = 0;
            return;
        }
        double least = StrictMath.exp(Math.min(off, on) - greatest);
        double share = (on == greatest ? 1 : least) / (1 + least);
        logs[with + j] = greatest + StrictMath.log1p(least);
        double mean = j == 0 ? 0 : share * (values[c] + means[without + j - 1]);
        means[with + j] = mean + (share == 1 ? 0 : (1 - share) * means[without + j]);
    }

    /** The probability that a column is on, given that so many of it and those after it are. */
    public double probability(int column, int on) {
        if (on == 0) {
            return 0;
        }
        return StrictMath.exp(logits[column] + after[(column + 1) * (k + 1) + on - 1] - after[column * (k + 1) + on]);
    }

    /** Computes P(column on), and the covariance of that with the sum of the values of the columns that are on. */
    public void finish() {
        double mean = afterMeans[k];
        for (int i = 0; i < n; i++) {
            marginals[i] = 0;
            covariances[i] = 0;
            for (int j = 0; j < k; j++) {
                int left = i * (k + 1) + j;
                int right = (i + 1) * (k + 1) + k - 1 - j;
                double weight = StrictMath.exp(logits[i] + before[left] + after[right] - after[k]);
                marginals[i] += weight;
                covariances[i] += weight * (beforeMeans[left] + values[i] + afterMeans[right] - mean);
            }
        }
    }

    /** μ_i = P(column on). */
    public double marginal(int column) {
        return marginals[column];
    }

    /** Σ_j v_j ∂μ_j/∂a_i. */
    public double covariance(int column) {
        return covariances[column];
    }
}
