package org.coinflip.model.estimator.score;

import static org.coinflip.model.oracle.Enumeration.sigmoid;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Baselines of one unit with the loss (h − t)², where every variance has a closed form. */
@Tag("numerical")
class ReinforceTest {
    private static final double LOGIT = 0.9;
    private static final double T = 0.3;
    private static final double P = sigmoid(LOGIT);
    private static final double F1 = (1 - T) * (1 - T);
    private static final double F0 = T * T;
    /** L̄: the weights are swapped. */
    private static final double BEST = (1 - P) * F1 + P * F0;

    /** What an estimate of at most 1 is off by: a pass up one unit, a baseline, their product and the mean of eight. */
    private static final double ROUNDED = Rounding.of(Rounding.gradient(8, 1, 1, 1), 1);

    private static Network network(String estimator) {
        return Networks.of(
                1,
                "{ type = stochastic, units = 1, law = bernoulli, estimator = { type = reinforce, " + estimator
                        + " } }",
                "{ type = output, units = 1, objective = squared-error }");
    }

    private static State state(Network network) {
        State state = new State(network.layout());
        network.initialise(state, 1);
        state.view("layer0.biases").set(0, (float) LOGIT);
        state.view("layer1.weights").set(0, (float) Math.sqrt(2));
        state.view("layer1.biases").set(0, (float) (1 - Math.sqrt(2) * T));
        return state;
    }

    private static void setBaseline(State state, double baseline) {
        state.view("layer0.baseline-numerator").set(0, (float) (baseline * 1e6));
        state.view("layer0.baseline-denominator").set(0, 1e6f);
    }

    private static int logit(Network network) {
        return network.layout().segment("layer0.biases").offset();
    }

    /** The variance of the estimate with any constant c is p(1−p)[(1−p)f₁ + p f₀ − c]²; 100,000 draws give it to 3 %. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, -1, 2})
    void varianceIsAParabolaOfTheBaseline(double baseline) {
        Network network = network("kappa = 0");
        GradientSink gradient = new GradientSink(network.layout());
        State state = state(network);
        Pass pass = network.bind(state, gradient, Backend.detect(), 1);
        Examples example = Networks.copies(1, 1, 0, 0f);
        Draw draw = new Draw(1);
        for (int i = 0; i < 100_000; i++) {
            setBaseline(state, baseline);
            Draw.step(pass, example, i);
            draw.add(new double[] {gradient.target().get(logit(network))});
        }
        double expected = P * (1 - P) * Math.pow(BEST - baseline, 2);
        assertEquals(expected, draw.variance(0), 0.03 * expected);
        assertTrue(draw.agrees(0, P * (1 - P) * (F1 - F0)));
    }

    @Test
    void bestBaselineLeavesNoVariance() {
        Network network = network("kappa = 0.999");
        State state = state(network);
        setBaseline(state, BEST);
        GradientSink gradient = new GradientSink(network.layout());
        Pass pass = network.bind(state, gradient, Backend.detect(), 1);
        for (int i = 0; i < 100; i++) {
            setBaseline(state, BEST);
            Draw.step(pass, Networks.copies(1, 1, 0, 0f), i);
            assertEquals(P * (1 - P) * (F1 - F0), gradient.target().get(logit(network)), ROUNDED);
        }
    }

    @Test
    void baselineStartsAtOne() {
        State state = state(network("baseline = minimum-variance"));
        assertEquals(1e-6f, state.view("layer0.baseline-numerator").get(0));
        assertEquals(1e-6f, state.view("layer0.baseline-denominator").get(0));
    }

    /** The running ratio's mean square error is that of 64 · 2000 effective draws: 0.005 is more than 5 standard errors. */
    @Test
    void runningBaselineConvergesToTheBestConstant() {
        Network network = network("kappa = 0.999");
        State state = state(network);
        Pass pass = network.bind(state, new GradientSink(network.layout()), Backend.detect(), 64);
        Examples examples = Networks.copies(64, 1, 0, 0f);
        for (int i = 0; i < 15_000; i++) {
            Draw.step(pass, examples, i);
        }
        double baseline = state.view("layer0.baseline-numerator").get(0)
                / state.view("layer0.baseline-denominator").get(0);
        assertEquals(BEST, baseline, 0.005);
        assertEquals(P * (1 - P), state.view("layer0.baseline-denominator").get(0), 0.005);
    }

    @Test
    void baselineOfABatchIsTheOneBeforeIt() {
        Network network = network("kappa = 0.5");
        State state = state(network);
        setBaseline(state, 0.25);
        GradientSink gradient = new GradientSink(network.layout());
        Pass pass = network.bind(state, gradient, Backend.detect(), 8);
        pass.load(Networks.copies(8, 1, 0, 0f), Networks.places(8), 8);
        pass.context().setNoise(org.coinflip.model.layer.Mode.TRAIN, 1, 0, 0);
        pass.forward();
        float[] before = state.values().toArray();
        pass.backward();
        var site = pass.stochasticStages().get(0);
        double sum = 0;
        for (int r = 0; r < 8; r++) {
            double h = site.samples().get(r, 0);
            double expected = (h - P) * ((h - T) * (h - T) - 0.25);
            assertEquals(expected, site.logitGradient().get(r, 0), ROUNDED);
            sum += expected / 8;
        }
        pass.backward();
        assertArrayEquals(before, state.values().toArray(), "only accumulate changes statistics");
        pass.accumulate();
        assertEquals(sum, gradient.target().get(logit(network)), ROUNDED);
        double square = 0;
        for (int r = 0; r < 8; r++) {
            square += Math.pow(site.samples().get(r, 0) - P, 2) / 8;
        }
        double denominator = state.view("layer0.baseline-denominator").get(0);
        assertEquals(0.5e6 + 0.5 * square, denominator, Rounding.of(3, 0.5e6));
        setBaseline(state, 0);
        state.view("layer0.baseline-denominator").set(0, 0f);
        pass.accumulate();
        assertEquals(0.5 * square, state.view("layer0.baseline-denominator").get(0), ROUNDED);
    }

    @Test
    void movingAverageIsTheMeanLossOfTheBatchesBefore() {
        Network network = network("baseline = moving-average, kappa = 0.25");
        State state = state(network);
        assertEquals(1, state.view("layer0.baseline-numerator").get(0) * 1e6, Rounding.of(2, 1));
        Pass pass = network.bind(state, new GradientSink(network.layout()), Backend.detect(), 8);
        Examples examples = Networks.copies(8, 1, 0, 0f);
        double numerator = 1e-6;
        double denominator = 1e-6;
        for (int i = 0; i < 5; i++) {
            Draw.step(pass, examples, i);
            var site = pass.stochasticStages().get(0);
            double sum = 0;
            for (int r = 0; r < 8; r++) {
                double h = site.samples().get(r, 0);
                double loss = (h - T) * (h - T);
                sum += loss / 8;
                assertEquals(
                        (h - P) * (loss - numerator / denominator),
                        site.logitGradient().get(r, 0),
                        ROUNDED);
            }
            numerator = 0.25 * numerator + 0.75 * sum;
            denominator = 0.25 * denominator + 0.75;
        }
    }

    @Test
    void scaleIsAFactorOfTheEstimate() {
        Network one = network("baseline = none");
        Network half = network("baseline = none, scale = 0.5");
        Examples examples = Networks.copies(16, 1, 0, 0f);
        Draw whole = Draw.gradients(one, state(one), examples, 3);
        Draw halves = Draw.gradients(half, state(half), examples, 3);
        // a half rounds nothing
        assertEquals(whole.mean(logit(one)) / 2, halves.mean(logit(half)));
        assertEquals(whole.mean(logit(one) + 1), halves.mean(logit(half) + 1));
    }
}
