package org.coinflip.spark.sweep.scheduler;

/**
 * Evidence that one configuration is worse than another, from their differences d_1, …, d_n on the same seeds, which may be looked at after every
 * seed. With S = Σ d_i, Q = Σ d_i² and c² = 1/36,
 *
 * <pre>{@code
 * E_n = √(c² / (n + c²)) · (Q / (Q − S² / (n + c²)))^(n/2)    where S > 0, else 0
 * }</pre>
 *
 * <p>It is the ratio of marginal likelihoods of an effect μ/σ ~ N(0, 1/c²) and of none, both under the right Haar prior dσ/σ, which takes the unknown σ out. For
 * independent normal differences of mean 0 and any variance {@code P(E_n ≥ 1/α for any n) ≤ α} (Ville's inequality in the filtration of the scale-free
 * ratios). So it is for means below 0: moving all differences down leaves their spread as it is and only lowers Student's t, in which E_n grows. The
 * width of the prior, six standard deviations, is no part of that: it says for which effects the evidence comes soon.
 *
 * <p>Lai (1976), "On confidence sequences", the Gaussian case; Pérez-Ortiz, Lardy, de Heide, Grünwald (2024), "E-statistics, group invariance and
 * anytime-valid testing"; Wang, Ramdas (2024), "Anytime-valid t-tests and confidence sequences for Gaussian means with unknown variance", theorem 4.7.
 */
final class PairedEvidence {
    private static final double C2 = 1.0 / 36;

    private PairedEvidence() {}

    /**
     * The logarithm of E_n.
     *
     * @param worse values, to be minimised, of the configuration that is suspected
     * @param better values of the other, on the same seeds; neither is modified
     * @param from the first that counts
     * @param to the one after the last
     * @return −∞ where the mean difference is not above 0; at least two differences are needed for more than 0
     */
    static double log(double[] worse, double[] better, int from, int to) {
        int n = to - from;
        double sum = 0;
        double squares = 0;
        for (int i = from; i < to; i++) {
            double difference = worse[i] - better[i];
            sum += difference;
            squares += difference * difference;
        }
        if (n < 1 || !(sum > 0)) {
            return Double.NEGATIVE_INFINITY;
        }
        double rest = squares - sum * sum / (n + C2);
        return 0.5 * StrictMath.log(C2 / (n + C2)) + 0.5 * n * StrictMath.log(squares / rest);
    }
}
