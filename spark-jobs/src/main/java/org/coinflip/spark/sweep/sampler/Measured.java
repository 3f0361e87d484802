package org.coinflip.spark.sweep.sampler;

/**
 * What a configuration gave.
 *
 * @param values one an objective, to be minimised; NaN where it failed
 * @param violation by how much it breaks limits, added up; 0 where it keeps them
 */
public record Measured(double[] values, double violation) {
    /** Beyond every value. */
    private static final double BROKEN = 1e300;

    /** Of one objective without limits. */
    public static Measured of(double value) {
        return new Measured(new double[] {value}, 0);
    }

    public boolean isFailure() {
        for (double value : values) {
            if (Double.isNaN(value)) {
                return true;
            }
        }
        return false;
    }

    /** The first objective in the order of Deb's rule: what breaks limits is above all that keeps them, and the higher the more it does. */
    public double value() {
        return isFailure() ? Double.NaN : violation > 0 ? BROKEN * (1 + violation / (1 + violation)) : values[0];
    }

    /**
     * Whether this is better than another in one objective and worse in none; what keeps limits dominates what does not, and of two that break them the one that does so
     * less dominates; a failure dominates nothing.
     *
     * <p>Deb, Pratap, Agarwal, Meyarivan (2002), "A Fast and Elitist Multiobjective Genetic Algorithm: NSGA-II", section VI.
     */
    boolean dominates(Measured other) {
        if (isFailure() || other.isFailure()) {
            return !isFailure();
        }
        if (violation != other.violation) {
            return violation < other.violation;
        }
        boolean better = false;
        for (int i = 0; i < values.length; i++) {
            if (values[i] > other.values[i]) {
                return false;
            }
            better |= values[i] < other.values[i];
        }
        return better;
    }
}
