package org.coinflip.spark.report;

/**
 * The 95 % score interval of a binomial proportion: those p whose test statistic {@code |p̂ − p| / √(p(1−p)/n)} is at most z = 1.96,
 * {@code (p̂ + z²/2n ± z √(p̂(1−p̂)/n + z²/4n²)) / (1 + z²/n)}. Lies within [0, 1] and stays honest at no errors at all, where the
 * usual {@code p̂ ± z s} has no width.
 *
 * <p>Wilson (1927), "Probable Inference, the Law of Succession, and Statistical Inference".
 *
 * @param low a fraction
 * @param high a fraction
 */
public record WilsonInterval(double low, double high) {
    private static final double Z = 1.959963984540054;

    /**
     * @param fraction p̂, in [0, 1]
     * @param trials n, at least 1
     */
    public static WilsonInterval of(double fraction, double trials) {
        double z2 = Z * Z / trials;
        double centre = fraction + z2 / 2;
        double reach = Z * Math.sqrt(fraction * (1 - fraction) / trials + z2 / (4 * trials));
        return new WilsonInterval(Math.max(0, (centre - reach) / (1 + z2)), Math.min(1, (centre + reach) / (1 + z2)));
    }
}
