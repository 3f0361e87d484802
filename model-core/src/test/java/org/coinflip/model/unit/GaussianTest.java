package org.coinflip.model.unit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.stochastic.StochasticStage;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Gaussian units in networks: gradients of means and of deviations against a quadrature of the expected loss. A comparison of means errs with a probability of 7e-6.
 */
@Tag("numerical")
@Tag("statistical")
class GaussianTest {
    private static final float[] INPUT = {0.8f, -1.1f, 0.4f};
    private static final int BATCH = 64;
    private static final int PASSES = 800;

    private static String units(int units, String estimator) {
        return "{ type = stochastic, units = " + units + ", law = gaussian, estimator = " + estimator + " }";
    }

    private static void holdToQuadrature(String... layers) {
        Network network = Networks.of(3, layers);
        State state = Networks.state(network, 23, 0.6);
        double[] exact = new Enumeration(network, state, 1, INPUT).gradient();
        Draw.gradients(network, state, Networks.copies(BATCH, 3, 1, INPUT), PASSES)
                .assertAgrees(exact, String.join(", ", layers));
    }

    /** Noise 0.5 n: the mean is a, the squared deviation ¼, the fourth power 3/16; ∂h/∂log s is the noise that was drawn. */
    @Test
    void hasTheMomentsOfItsDeviation() {
        Network network = Networks.of(
                1,
                "{ type = stochastic, units = 16, law = { type = gaussian, std = 0.5 } }",
                "{ type = output, units = 2 }");
        State state = new State(network.layout());
        network.initialise(state, 1);
        state.view("layer0.biases").fill(0.7f);
        Pass pass = network.bind(state, null, Backend.detect(), BATCH);
        StochasticStage stage = pass.stochasticStages().get(0);
        Draw draw = new Draw(3);
        for (int i = 0; i < 200; i++) {
            pass.load(Networks.copies(BATCH, 2, 0, 0f), Networks.places(BATCH), BATCH);
            pass.context().setNoise(Mode.TRAIN, 5, i, 0);
            pass.forward();
            for (int r = 0; r < BATCH; r++) {
                for (int j = 0; j < 16; j++) {
                    double noise = stage.samples().get(r, j) - 0.7;
                    draw.add(new double[] {noise, noise * noise, Math.pow(noise, 4)});
                    assertEquals(noise, stage.derivative().get(r, j), Rounding.of(3, 1 + Math.abs(noise)));
                }
            }
        }
        draw.assertAgrees(new double[] {0, 0.25, 3.0 / 16}, "deviations, squared, to the fourth");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-entropy", "squared-error"})
    void pathwiseIsUnbiased(String objective) {
        String output = "{ type = output, units = 2, objective = " + objective + " }";
        holdToQuadrature(units(2, "pathwise"), "{ type = dense, units = 2, activation = tanh }", output);
        holdToQuadrature(
                "{ type = dense, units = 2, activation = tanh }", units(1, "pathwise"), units(1, "pathwise"), output);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ type = reinforce, baseline = none }",
                "{ type = reinforce, baseline = moving-average }",
                "{ type = reinforce, baseline = minimum-variance }",
                "{ type = rloo, samples = 2 }",
                "{ type = rloo, samples = 4 }",
                "{ type = nvil, hidden = 3, normalise = false, learning-rate = 0.01 }"
            })
    void estimatorsFromTheLossAloneAreUnbiased(String estimator) {
        holdToQuadrature(units(2, estimator), "{ type = output, units = 2 }");
        holdToQuadrature(
                "{ type = stochastic, units = 2, estimator = disarm }",
                units(1, estimator),
                "{ type = dense, units = 2, activation = tanh }",
                "{ type = output, units = 2, objective = squared-error }");
    }

    /** The mean loss is the negative evidence lower bound: what goes through the prior and through the units' own density is part of it. */
    @ParameterizedTest
    @ValueSource(
            strings = {"pathwise", "{ type = reinforce, baseline = moving-average }", "{ type = rloo, samples = 3 }"})
    void areUnbiasedForTheEvidenceLowerBound(String estimator) {
        holdToQuadrature(
                "{ type = stochastic, units = 2, law = gaussian, prior = standard, estimator = " + estimator + " }",
                "{ type = dense, units = 2, activation = tanh }",
                "{ type = output, units = 3, objective = gaussian-reconstruction }");
    }

    /** ½ (a² + s² − 1) − log s where units give their means, and on average over draws. */
    @Test
    void priorCostsTheDivergence() {
        Network network = Networks.of(
                3,
                "{ type = stochastic, units = 2, law = gaussian, prior = standard }",
                "{ type = output, units = 3, objective = gaussian-reconstruction }");
        State state = Networks.state(network, 3, 0.7);
        Pass pass = network.bind(state, null, Backend.detect(), BATCH);
        pass.load(Networks.copies(BATCH, 3, 1, INPUT), Networks.places(BATCH), BATCH);
        pass.context().setNoise(Mode.MEANS, 1, 0, 0);
        pass.forward();
        double divergence = 0;
        for (int j = 0; j < 2; j++) {
            double a = pass.output(0).get(0, j);
            double logs = state.view("layer0.log-deviations").get(j);
            divergence += (a * a + Math.exp(2 * logs) - 1) / 2 - logs;
        }
        assertEquals(divergence, pass.context().losses()[0], Rounding.of(20, 1 + divergence));
        Draw draw = new Draw(1);
        for (int i = 0; i < 500; i++) {
            pass.context().setNoise(Mode.SAMPLES, 1, i, 0);
            pass.forward();
            for (int r = 0; r < BATCH; r++) {
                draw.add(new double[] {pass.context().losses()[r]});
            }
        }
        draw.assertAgrees(new double[] {divergence}, "log q − log p");
    }

    @Test
    void deviationsStartAtStdAndAreLeftAloneAtRateZero() {
        Network network = Networks.of(
                1,
                "{ type = stochastic, units = 2, law = { type = gaussian, std = 0.2, rate-scale = 0 } }",
                "{ type = output, units = 2 }");
        State state = new State(network.layout());
        network.initialise(state, 1);
        assertEquals((float) Math.log(0.2), state.view("layer0.log-deviations").get(0), 1e-7);
        assertEquals(0, network.layout().segment("layer0.log-deviations").rateScale());
    }

    @Test
    void theNoiseIsThatOfTheExampleWhateverTheBatch() {
        Network network = Networks.of(3, units(4, "pathwise"), "{ type = output, units = 2 }");
        State state = Networks.state(network, 4, 1);
        Examples examples = Networks.random(5, 3, 2, 2);
        Pass all = network.bind(state, new GradientSink(network.layout()), Backend.detect(), 5);
        Draw.step(all, examples, 3);
        Pass one = network.bind(state, new GradientSink(network.layout()), Backend.detect(), 1);
        one.load(examples, new int[] {4}, 1);
        one.context().setNoise(Mode.TRAIN, all.context().seed(), 3, 0);
        one.forward();
        float[] ofAll = new float[4];
        float[] ofOne = new float[4];
        all.stochasticStages().get(0).derivative().getRow(4, ofAll, 0);
        one.stochasticStages().get(0).derivative().getRow(0, ofOne, 0);
        assertArrayEquals(ofAll, ofOne);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "law = gaussian, prior = conditional | standard, for units of law gaussian",
                "law = gaussian, prior = learned | standard",
                "law = bernoulli, prior = standard | learned or uniform or conditional",
                "law = poisson, prior = uniform | standard or learned",
                "law = { type = categorical, categories = 2 }, prior = standard | learned or uniform",
                "law = { type = categorical-concrete, categories = 2 }, prior = learned | none",
                "law = poisson, prior { type = standard, logit = 7 } | logit",
                "law = gaussian, estimator = vimco | an estimator for gaussian units",
                "law = { type = gaussian, std = 0 } | std",
                "law = gaussian, rate-floor { } | never 0"
            })
    void refusesInALine(String keys, String part) {
        UsageException refused = assertThrows(
                UsageException.class,
                () -> Networks.of(3, "{ type = stochastic, units = 2, " + keys + " }", "{ type = output, units = 2 }"));
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }
}
