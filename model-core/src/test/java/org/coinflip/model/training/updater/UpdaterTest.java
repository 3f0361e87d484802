package org.coinflip.model.training.updater;

import static org.coinflip.model.training.updater.GivenGradients.COLUMNS;
import static org.coinflip.model.training.updater.GivenGradients.ROWS;
import static org.coinflip.model.training.updater.GivenGradients.gradient;
import static org.coinflip.model.training.updater.GivenGradients.state;
import static org.coinflip.model.training.updater.GivenGradients.step;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.Stream;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/** Steps on given gradients, against ND4J's updaters and the formulas in double precision. */
@Tag("numerical")
class UpdaterTest {
    private static final int STEPS = 20;

    static Stream<IUpdater> nd4js() {
        return Stream.of(
                new Sgd(0.1),
                new Nesterovs(0.05, 0.9),
                new Adam(0.01),
                new Adam(0.002, 0.8, 0.99, 1e-4),
                new RmsProp(0.01),
                new RmsProp(0.02, 0.8, 1e-4));
    }

    @ParameterizedTest
    @MethodSource("nd4js")
    void takesTheStepsOfNd4js(IUpdater config) {
        UpdaterSpec spec = UpdaterSpec.of(config);
        State state = state(spec);
        int parameters = state.layout().parameters();
        int whole = ROWS * COLUMNS;
        INDArray expected = Nd4j.createFromArray(
                        state.parameters().view(0, whole).toArray())
                .reshape(1, whole);
        long memory = config.stateSize(whole);
        INDArray view = memory == 0 ? null : Nd4j.zeros(1, memory);
        // From zeros: ND4J would start the square of RmsProp at ε.
        GradientUpdater<?> theirs = config.instantiate(view, false);
        Updater ours = spec.bind(state, Backend.detect(), Schedule.CONSTANT, 0, 0f, 0);
        Progress progress = new Progress(7, 3);
        Random random = new Random(2);
        for (int step = 0; step < STEPS; step++) {
            float[] gradient = gradient(random, parameters);
            INDArray update = Nd4j.createFromArray(java.util.Arrays.copyOf(gradient, whole))
                    .reshape(1, whole);
            theirs.applyUpdater(update, step, 0);
            expected.subi(update);
            step(ours, state, gradient, progress.at(step));
            for (int i = 0; i < whole; i++) {
                float want = expected.getFloat(i);
                // some twelve roundings a step, here and there, of weights and steps of about 1
                double bound = 2 * Rounding.of(12 * (step + 1), 1 + Math.abs(want));
                assertEquals(want, state.values().get(i), bound, "step " + step);
            }
        }
    }

    /** μ of the steps 0, 1, … of 7 an epoch: from 0.9 to 0.2 in two epochs, then 0.9 again. */
    private static double rising(int step) {
        return step < 14 ? 0.9 - 0.05 * step : 0.9;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void momentumIsPytorchs(boolean rises) {
        UpdaterSpec.MomentumRise rise = rises ? new UpdaterSpec.MomentumRise(0.2, 2) : null;
        UpdaterSpec spec = new UpdaterSpec(UpdaterSpec.Kind.Momentum, 0.05, 0.9, 0, 0, 0, rise);
        State state = state(spec);
        int parameters = state.layout().parameters();
        double decay = 0.01;
        Updater updater = spec.bind(state, Backend.detect(), Schedule.CONSTANT, decay, 0f, 0);
        double[] weights = new double[parameters];
        double[] velocity = new double[parameters];
        double[] ofWeights = new double[parameters];
        double[] ofVelocity = new double[parameters];
        for (int i = 0; i < parameters; i++) {
            weights[i] = state.values().get(i);
        }
        Random random = new Random(3);
        for (int step = 0; step < STEPS; step++) {
            float[] gradient = gradient(random, parameters);
            step(updater, state, gradient, new Progress(7, 3).at(step));
            for (int i = 0; i < parameters; i++) {
                boolean bias = i >= 2 * ROWS * COLUMNS;
                double scale = bias || i < ROWS * COLUMNS ? 1 : 0.5;
                double momentum = rises ? rising(step) : 0.9;
                double kept = momentum * velocity[i];
                double fading = bias ? 0 : decay * weights[i];
                velocity[i] = kept + gradient[i] + fading;
                weights[i] -= scale * 0.05 * velocity[i];
                double magnitude = Math.abs(kept) + Math.abs(gradient[i]) + Math.abs(fading);
                ofVelocity[i] = momentum * ofVelocity[i] + decay * ofWeights[i] + Rounding.of(4, magnitude);
                ofWeights[i] += 0.05 * ofVelocity[i] + Rounding.of(3, Math.abs(weights[i]) + magnitude);
                assertEquals(weights[i], state.values().get(i), ofWeights[i], "step " + step);
            }
        }
    }

    /** Clipped at a norm that no gradient has, momentum takes another way to the same steps; weights by unit take theirs at once. */
    @ParameterizedTest
    @CsvSource({"WEIGHTS, 1e9", "WEIGHTS_BY_UNIT, 0"})
    void everyWayToARisingMomentumIsOne(Segment.Role role, double clipNorm) {
        UpdaterSpec spec =
                new UpdaterSpec(UpdaterSpec.Kind.Momentum, 0.05, 0.9, 0, 0, 0, new UpdaterSpec.MomentumRise(0.2, 2));
        State one = matrix(Segment.Role.WEIGHTS, spec);
        State other = matrix(role, spec);
        Updater plain = spec.bind(one, Backend.detect(), Schedule.CONSTANT, 0, 0f, 0);
        Updater another = spec.bind(other, Backend.detect(), Schedule.CONSTANT, 0, 0f, clipNorm);
        Random random = new Random(5);
        for (int step = 0; step < STEPS; step++) {
            float[] gradient = gradient(random, one.layout().parameters());
            step(plain, one, gradient, new Progress(7, 3).at(step));
            step(another, other, gradient, new Progress(7, 3).at(step));
            for (int i = 0; i < gradient.length; i++) {
                double bound = 2
                        * Rounding.of(6 * (step + 1), 1 + Math.abs(one.values().get(i)));
                assertEquals(one.values().get(i), other.values().get(i), bound, "step " + step);
            }
        }
    }

    private static State matrix(Segment.Role role, UpdaterSpec spec) {
        return new State(new LayoutBuilder()
                .add("layer0.weights", role, ROWS, COLUMNS, 1)
                .build()
                .withUpdaterMemory(spec.memory()));
    }

    /** Adam's step is tested above; PyTorch's takes w(1 − ηλ) first, and λ enters neither moment. */
    @Test
    void adamWIsAdamBesideADecay() {
        UpdaterSpec adam = UpdaterSpec.of(new Adam(0.01));
        UpdaterSpec adamW = new UpdaterSpec(UpdaterSpec.Kind.AdamW, 0.01, 0, 0.9, 0.999, 1e-8);
        double decay = 0.5;
        State plain = state(adam);
        State decayed = state(adamW);
        Updater without = adam.bind(plain, Backend.detect(), Schedule.CONSTANT, 0, 0f, 0);
        Updater with = adamW.bind(decayed, Backend.detect(), Schedule.CONSTANT, decay, 0f, 0);
        int parameters = plain.layout().parameters();
        double[] shrunk = new double[parameters];
        for (int i = 0; i < parameters; i++) {
            shrunk[i] = plain.values().get(i);
        }
        Random random = new Random(6);
        for (int step = 0; step < STEPS; step++) {
            float[] gradient = gradient(random, parameters);
            float[] before = plain.values().toArray();
            step(without, plain, gradient, new Progress(7, 3).at(step));
            step(with, decayed, gradient, new Progress(7, 3).at(step));
            for (int i = 0; i < parameters; i++) {
                boolean bias = i >= 2 * ROWS * COLUMNS;
                double scale = bias || i < ROWS * COLUMNS ? 1 : 0.5;
                double taken = (double) plain.values().get(i) - before[i];
                shrunk[i] = shrunk[i] * (bias ? 1 : 1 - scale * 0.01 * decay) + taken;
                // two roundings of each weight a step, and of their difference; the decay's factor is of a rounded rate
                double bound = Rounding.of(6 * (step + 1), 1 + Math.abs(before[i]) + Math.abs(shrunk[i]));
                assertEquals(shrunk[i], decayed.values().get(i), bound, "step " + step);
            }
        }
    }

    static Stream<UpdaterSpec> all() {
        return Stream.concat(
                nd4js().map(UpdaterSpec::of),
                Stream.of(new UpdaterSpec(UpdaterSpec.Kind.Momentum, 0.05, 0.9, 0, 0, 0)));
    }

    /** A step with decay λ on a gradient g is a step without on g + λw, for weights; biases do not decay. */
    @ParameterizedTest
    @MethodSource("all")
    void weightDecayAddsItsGradientToWeightsOnly(UpdaterSpec spec) {
        float decay = 0.1f;
        State plain = state(spec);
        State decayed = state(spec);
        Updater without = spec.bind(plain, Backend.detect(), Schedule.CONSTANT, 0, 0f, 0);
        Updater with = spec.bind(decayed, Backend.detect(), Schedule.CONSTANT, decay, 0f, 0);
        Random random = new Random(4);
        int biases = plain.layout().segment("layer0.biases").offset();
        double[] bounds = new double[plain.layout().parameters()];
        for (int step = 0; step < 5; step++) {
            float[] gradient = gradient(random, plain.layout().parameters());
            float[] more = gradient.clone();
            for (int i = 0; i < biases; i++) {
                float fading = decay * plain.values().get(i);
                more[i] += fading;
                // some divide by the size of a sum that may have cancelled; steps are at most 0.1
                double part = (Math.abs(gradient[i]) + Math.abs(fading)) / Math.abs(more[i]);
                bounds[i] += 2 * Rounding.of(12, 1 + Math.abs(plain.values().get(i))) + 0.1 * Rounding.of(12, part);
            }
            step(without, plain, more, new Progress(7, 3).at(step));
            step(with, decayed, gradient, new Progress(7, 3).at(step));
        }
        for (int i = 0; i < plain.layout().parameters(); i++) {
            assertEquals(plain.values().get(i), decayed.values().get(i), bounds[i], "parameter " + i);
        }
    }

    /** The first step of each is proportional to the rate. */
    @ParameterizedTest
    @MethodSource("all")
    void rateIsTheProductOfTheSchedulesAndTheSegmentsFactor(UpdaterSpec spec) {
        Schedule linear = new Schedule(Schedule.Kind.LINEAR, 1, 1, 0);
        State whole = state(spec);
        State late = state(spec);
        float[] before = whole.values().toArray();
        float[] ones = new float[whole.layout().parameters()];
        java.util.Arrays.fill(ones, 1f);
        // Progress of no epochs done, and of ¾ of all: the same step number, which Adam's correction needs.
        Progress start = new Progress(1_000_000, 1).at(4);
        Progress end = new Progress(4, 4.0 / 3).at(4);
        step(spec.bind(whole, Backend.detect(), linear, 0, 0f, 0), whole, ones, start);
        step(spec.bind(late, Backend.detect(), linear, 0, 0f, 0), late, ones, end);
        int half = ROWS * COLUMNS;
        double step = whole.values().get(0) - before[0];
        assertTrue(Math.abs(step) > 1e-4);
        double bound = Rounding.of(4, 1 + Math.abs(before[0]) + Math.abs(before[half]));
        assertEquals(step / 2, whole.values().get(half) - before[half], bound);
        assertEquals(step / 4, late.values().get(0) - before[0], bound);
    }

    @ParameterizedTest
    @MethodSource("all")
    void memoryOfADeadUnitBecomesExactlyZero(UpdaterSpec spec) {
        State state = state(spec);
        Updater updater = spec.bind(state, Backend.detect(), Schedule.CONSTANT, 0, 0f, 0);
        float[] ones = new float[state.layout().parameters()];
        java.util.Arrays.fill(ones, 1f);
        step(updater, state, ones, new Progress(7, 3).at(0));
        java.util.Arrays.fill(ones, 0f);
        int until = spec.kind() == UpdaterSpec.Kind.Adam ? 70_000 : 1500;
        for (int step = 1; step < until; step++) {
            step(updater, state, ones, new Progress(7, 3).at(step));
        }
        Floats all = state.values();
        for (int i = state.layout().parameters(); i < all.length(); i++) {
            assertEquals(0f, all.get(i), "number " + i);
        }
        assertTrue(state.isFinite());
    }

    @Test
    void refusesWhatNd4jHasAndCoinflipHasNot() {
        UsageException refused = assertThrows(UsageException.class, () -> UpdaterSpec.of(new AdaGrad(0.1)));
        assertTrue(refused.getMessage().contains("got AdaGrad, expected Sgd, Nesterovs, Adam or RmsProp"));
    }
}
