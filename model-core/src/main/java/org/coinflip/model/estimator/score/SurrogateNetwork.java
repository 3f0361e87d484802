package org.coinflip.model.estimator.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.estimator.Trained;
import org.coinflip.model.memory.Statistic;

/** A function of two numbers, {@code H(x, z) = x + Σ_m v_m φ(w_m x + u_m z + c_m)}, φ a leaky rectifier of slope 0.3, which is x to begin with. */
final class SurrogateNetwork {
    private static final double LEAK = 0.3;
    private static final String WEIGHTS = "control-weights";
    private static final String BIASES = "control-biases";
    private static final String OUTPUT = "control-output";

    private final int hidden;
    /** w, then u. */
    private final Parameters weights;

    private final Parameters biases;
    private final Parameters output;

    /** Numbers that are trained, and the gradient of their next step, on the heap while rows pass. */
    private static final class Parameters {
        private final Trained trained;
        private final float[] values;
        private final float[] gradient;

        Parameters(Site site, String name) {
            trained = new Trained(site, name);
            values = new float[trained.values().length()];
            gradient = new float[values.length];
        }

        void read() {
            trained.values().get(0, values, 0, values.length);
            Arrays.fill(gradient, 0);
        }

        void add(int at, double more) {
            gradient[at] = (float) (gradient[at] + more);
        }

        void step(Site site, double rate) {
            trained.gradient().set(gradient);
            trained.step(site, rate);
        }
    }

    SurrogateNetwork(Site site, int hidden) {
        this.hidden = hidden;
        weights = new Parameters(site, WEIGHTS);
        biases = new Parameters(site, BIASES);
        output = new Parameters(site, OUTPUT);
    }

    static List<Statistic> statistics(int hidden) {
        List<Statistic> all = new ArrayList<>(Trained.statistics(WEIGHTS, 2, hidden, 0, 1));
        all.addAll(Trained.statistics(BIASES, 1, hidden, 0, 0));
        all.addAll(Trained.statistics(OUTPUT, 1, hidden, 0, 0));
        return all;
    }

    /** Takes the numbers as they are now, before rows pass, and forgets the gradient. */
    void begin() {
        weights.read();
        biases.read();
        output.read();
    }

    /** H(x, z). */
    double value(double x, double z) {
        double value = x;
        for (int m = 0; m < hidden; m++) {
            value += output.values[m] * rectified(feature(m, x, z));
        }
        return value;
    }

    private double feature(int m, double x, double z) {
        return weights.values[m] * x + weights.values[hidden + m] * z + biases.values[m];
    }

    private static double rectified(double u) {
        return u > 0 ? u : LEAK * u;
    }

    /** Adds to the gradient that of {@code factor · H(x, z)}. */
    void addGradient(double x, double z, double factor) {
        for (int m = 0; m < hidden; m++) {
            double u = feature(m, x, z);
            double through = factor * output.values[m] * (u > 0 ? 1 : LEAK);
            output.add(m, factor * rectified(u));
            weights.add(m, through * x);
            weights.add(hidden + m, through * z);
            biases.add(m, through);
        }
    }

    /** Takes a step down the gradient. */
    void step(Site site, double rate) {
        weights.step(site, rate);
        biases.step(site, rate);
        output.step(site, rate);
    }
}
