package org.coinflip.model.layer.recurrent;

import static org.coinflip.model.layer.recurrent.Sequences.CLASSES;
import static org.coinflip.model.layer.recurrent.Sequences.FEATURES;
import static org.coinflip.model.layer.recurrent.Sequences.STEPS;
import static org.coinflip.model.layer.recurrent.Sequences.UNITS;

import java.util.Arrays;
import java.util.Random;
import org.coinflip.model.estimator.pathwise.StraightThrough;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Dual;
import org.coinflip.model.unit.NoisyRectifier;
import org.coinflip.model.unit.StochasticTimesSmooth;

/** The equations, of one network and state: step by step in double precision, with derivatives carried along. */
final class RecurrentEquations {
    private final Network network;
    private final State state;
    private final RecurrentLayer layer;
    private final Random disturbance;
    private final int count;
    /** What the gates gave to each sequence and step; null where there are none. */
    private final Matrix open;
    /** The states that were drawn. */
    private final Matrix states;

    RecurrentEquations(Network network, State state, Matrix open, Matrix states, Random disturbance) {
        this.open = open;
        this.states = states;
        this.network = network;
        this.state = state;
        this.layer = (RecurrentLayer) network.layers().get(0);
        this.disturbance = disturbance;
        this.count = network.layout().parameters();
    }

    Dual parameter(String name, int row, int column) {
        Segment segment = network.layout().segment(name);
        int place = segment.offset() + row * segment.stride() + column;
        return Dual.variable(state.values().get(place), place, count, disturbance);
    }

    Dual constant(double value) {
        return Dual.constant(value, count, disturbance);
    }

    Dual product(Dual[] x, String weights, int unit) {
        Dual sum = constant(0);
        for (int k = 0; k < x.length; k++) {
            sum = sum.plus(x[k].times(parameter(weights, k, unit)));
        }
        return sum;
    }

    private Dual dot(Dual[] x, String vector) {
        Dual sum = constant(0);
        for (int k = 0; k < x.length; k++) {
            sum = sum.plus(x[k].times(parameter(vector, 0, k)));
        }
        return sum;
    }

    private Dual input(String gate, Dual[] x, int unit) {
        return product(x, "layer0." + gate + "weights", unit).plus(parameter("layer0." + gate + "biases", 0, unit));
    }

    private Dual recurrent(String gate, Dual[] h, int unit) {
        return product(h, "layer0." + gate + "recurrent-weights", unit);
    }

    Dual sum(String gate, Dual[] x, Dual[] h, int unit) {
        return input(gate, x, unit).plus(recurrent(gate, h, unit));
    }

    /** The next state of a unit; its cell is c[unit], where it has one. */
    private Dual next(int example, int step, Dual[] x, Dual[] h, Dual[] c, int j) {
        if (layer.cell() instanceof LeakyCell leaky) {
            int tau =
                    leaky.timeConstants().get(j / (UNITS / leaky.timeConstants().size()));
            double alpha = leaky.update() == LeakyCell.Update.MOVING_AVERAGE ? 1.0 / tau : step % tau == 0 ? 1 : 0;
            Dual a = sum("", x, h, j);
            Dual target =
                    switch (leaky.activation()) {
                        case TANH -> a.tanh();
                        case RELU -> a.relu();
                        case SIGMOID -> a.sigmoid();
                        default -> throw new IllegalArgumentException();
                    };
            return target.times(alpha).plus(h[j].times(1 - alpha));
        }
        if (layer.cell() instanceof StochasticCell) {
            return drawn(example, step, sum("", x, h, j), j);
        }
        if (layer.cell() instanceof GruCell) {
            Dual r = sum("reset.", x, h, j).sigmoid();
            Dual z = sum("update.", x, h, j).sigmoid();
            Dual q = recurrent("candidate.", h, j).plus(parameter("layer0.candidate.recurrent-biases", 0, j));
            Dual n = input("candidate.", x, j).plus(r.times(q)).tanh();
            return z.rest().times(n).plus(z.times(h[j]));
        }
        Dual i = sum("input.", x, h, j).sigmoid();
        Dual f = sum("forget.", x, h, j).sigmoid();
        Dual o = sum("output.", x, h, j).sigmoid();
        Dual n = sum("candidate.", x, h, j).tanh();
        c[j] = f.times(c[j]).plus(i.times(n));
        return o.times(c[j].tanh());
    }

    /** The state that was drawn, and as a function of its logit what the estimator takes it for. */
    private Dual drawn(int example, int step, Dual a, int j) {
        StochasticCell cell = (StochasticCell) layer.cell();
        float sample = states.get(example, step * UNITS + j);
        Dual slope;
        if (cell.estimator() instanceof StraightThrough through) {
            Dual p = a.sigmoid();
            slope = through.derivative() == StraightThrough.Derivative.SIGMOID ? p.times(p.rest()) : constant(1);
        } else if (cell.law() instanceof NoisyRectifier) {
            slope = constant(sample > 0 ? 1 : 0);
        } else {
            double ratio = ((StochasticTimesSmooth) cell.law()).ratio();
            slope = a.sigmoid().rest().times((1 - ratio) * sample);
        }
        return constant(sample).plus(a.minus(a.detached()).times(slope.detached()));
    }

    /** u as it was, and straight through as a function of its logit. */
    private Dual opened(int example, int step, Dual[] x, Dual[] h) {
        SkipGate gate = layer.skip().orElseThrow();
        double slope = gate.slope().from();
        Dual g = dot(x, "layer0.skip.weights")
                .plus(dot(h, "layer0.skip.recurrent-weights"))
                .plus(parameter("layer0.skip.biases", 0, 0));
        Dual p = g.times(slope).sigmoid();
        Dual rise = g.minus(g.detached()).times(p.times(p.rest()).detached()).times(slope);
        return constant(open.get(example, step)).plus(rise);
    }

    /** The loss of an example with cross-entropy. */
    Dual loss(int example, float[] features, int label) {
        int steps = STEPS;
        while (layer.padded()
                && steps > 0
                && features[steps * FEATURES - 1] == 0
                && features[steps * FEATURES - 2] == 0) {
            steps--;
        }
        boolean all = layer.output() == RecurrentLayer.Output.ALL;
        Dual[] shown = new Dual[all ? STEPS * UNITS : UNITS];
        Arrays.fill(shown, constant(0));
        Dual[] h = new Dual[UNITS];
        Arrays.fill(h, constant(0));
        Dual[] c = h.clone();
        Dual total = constant(0);
        for (int t = 0; t < steps; t++) {
            if (layer.truncation() > 0 && t % layer.truncation() == 0) {
                h = Arrays.stream(h).map(Dual::detached).toArray(Dual[]::new);
                c = Arrays.stream(c).map(Dual::detached).toArray(Dual[]::new);
            }
            Dual[] x = {constant(features[t * FEATURES]), constant(features[t * FEATURES + 1])};
            Dual[] next = new Dual[UNITS];
            for (int j = 0; j < UNITS; j++) {
                next[j] = next(example, t, x, h, c, j);
            }
            if (open != null) {
                Dual u = opened(example, t, x, h);
                for (int j = 0; j < UNITS; j++) {
                    next[j] = u.times(next[j]).plus(u.rest().times(h[j]));
                }
                total = total.plus(
                        u.minus(u.detached()).times(layer.skip().orElseThrow().cost() / STEPS));
            }
            h = next;
            System.arraycopy(h, 0, shown, all ? t * UNITS : 0, UNITS);
        }
        Dual odds = constant(0);
        Dual[] logits = new Dual[CLASSES];
        for (int k = 0; k < CLASSES; k++) {
            logits[k] = product(shown, "layer1.weights", k).plus(parameter("layer1.biases", 0, k));
            odds = odds.plus(logits[k].exp());
        }
        return total.plus(odds.log()).minus(logits[label]);
    }

    /** The mean loss of a batch, and then its gradient. */
    double[] lossAndGradient(float[][] features, int[] labels) {
        Dual sum = constant(0);
        for (int i = 0; i < features.length; i++) {
            sum = sum.plus(loss(i, features[i], labels[i]));
        }
        double[] all = new double[1 + count];
        all[0] = sum.value() / features.length;
        double[] gradient = sum.derivatives();
        for (int i = 0; i < count; i++) {
            all[1 + i] = gradient[i] / features.length;
        }
        return all;
    }
}
