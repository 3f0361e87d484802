package org.coinflip.model.function;

import java.util.Map;

/** A function f of D units, defined at 0 and 1 and between, as an experiment file specifies it. Immutable and thread-safe. */
public interface UnitFunction {
    /**
     * Refuses a number of units that it is not a function of.
     *
     * @param path where the function is written, for the message
     */
    void check(int units, String path);

    /**
     * Its total degree in a few of the units, the others fixed: 1 linear, 2 quadratic.
     *
     * @param columns how many: those of one categorical unit, else 1
     */
    int degree(int columns);

    /** Memory to evaluate it in. */
    Evaluator evaluator(int units);

    /** The keys and values it would be read from. */
    Map<String, Object> write();

    /** A function at work. Belongs to one thread; allocates nothing once made. */
    interface Evaluator {
        /** f at a point of D numbers, which is not modified. */
        double value(double[] point);

        /**
         * f's derivatives.
         *
         * @param point D numbers, not modified
         * @param gradient out: ∂f/∂unit
         */
        void differentiate(double[] point, double[] gradient);
    }
}
