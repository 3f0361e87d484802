package org.coinflip.model.estimator.score;

import java.util.ArrayList;
import java.util.List;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.estimator.Trained;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Statistic;

/** A function of two numbers, {@code H(x, z) = x + Σ_m v_m φ(w_m x + u_m z + c_m)}, φ a leaky rectifier of slope 0.3, which is x to begin with. */
final class SurrogateNetwork {
    private static final double LEAK = 0.3;
    private static final String WEIGHTS = "control-weights";
    private static final String BIASES = "control-biases";
    private static final String OUTPUT = "control-output";

    private final int hidden;
    /** w, then u. */
    private final Trained weights;

    private final Trained biases;
    private final Trained output;

    SurrogateNetwork(Site site, int hidden) {
        this.hidden = hidden;
        weights = new Trained(site, WEIGHTS);
        biases = new Trained(site, BIASES);
        output = new Trained(site, OUTPUT);
    }

    static List<Statistic> statistics(int hidden) {
        List<Statistic> all = new ArrayList<>(Trained.statistics(WEIGHTS, 2, hidden, 0, 1));
        all.addAll(Trained.statistics(BIASES, 1, hidden, 0, 0));
        all.addAll(Trained.statistics(OUTPUT, 1, hidden, 0, 0));
        return all;
    }

    /** H(x, z). */
    double value(double x, double z) {
        double value = x;
        for (int m = 0; m < hidden; m++) {
            value += output.values().get(m) * rectified(feature(m, x, z));
        }
        return value;
    }

    private double feature(int m, double x, double z) {
        Floats w = weights.values();
        return w.get(m) * x + w.get(hidden + m) * z + biases.values().get(m);
    }

    private static double rectified(double u) {
        return u > 0 ? u : LEAK * u;
    }

    /** Forgets the gradient. */
    void begin() {
        weights.gradient().clear();
        biases.gradient().clear();
        output.gradient().clear();
    }

    /** Adds to the gradient that of {@code factor · H(x, z)}. */
    void addGradient(double x, double z, double factor) {
        for (int m = 0; m < hidden; m++) {
            double u = feature(m, x, z);
            double through = factor * output.values().get(m) * (u > 0 ? 1 : LEAK);
            add(output.gradient(), m, factor * rectified(u));
            add(weights.gradient(), m, through * x);
            add(weights.gradient(), hidden + m, through * z);
            add(biases.gradient(), m, through);
        }
    }

    private static void add(Floats gradient, int at, double more) {
        gradient.set(at, (float) (gradient.get(at) + more));
    }

    /** Takes a step down the gradient. */
    void step(Site site, double rate) {
        weights.step(site, rate);
        biases.step(site, rate);
        output.step(site, rate);
    }
}
