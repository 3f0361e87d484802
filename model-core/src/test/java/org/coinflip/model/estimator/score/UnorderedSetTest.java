package org.coinflip.model.estimator.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.stochastic.StochasticStage;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Samples without replacement, held to enumeration. A comparison errs with a probability of 7e-6. */
@Tag("numerical")
@Tag("statistical")
class UnorderedSetTest {
    private static final float[] INPUT = {0.8f, -1.1f, 0.4f};
    private static final String CATEGORICAL = "{ type = categorical, categories = 3 }";

    private static String layer(String law, int units, int samples, String prior) {
        return "{ type = stochastic, units = " + units + ", law = " + law + ", " + prior
                + " estimator { type = unordered-set, samples = " + samples + " } }";
    }

    /** Of all parameters: those below, the prior's and those above, which learn from samples that count unequally. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bernoulli | 3 | 2 | ''",
                "bernoulli | 3 | 5 | ''",
                "bernoulli | 4 | 3 | prior = learned,",
                "{ type = categorical, categories = 3 } | 6 | 2 | ''",
                "{ type = categorical, categories = 3 } | 6 | 4 | ''"
            })
    void isUnbiased(String law, int units, int samples, String prior) {
        Network network = Networks.of(
                3,
                "{ type = stochastic, units = 2, estimator { type = reinforce, baseline = none } }",
                layer(law, units, samples, prior),
                "{ type = dense, units = 2, activation = tanh }",
                "{ type = output, units = 3, objective = bernoulli-reconstruction }");
        State state = Networks.state(network, 23, 0.8);
        Draw.gradients(network, state, Networks.copies(64, 3, 1, INPUT), 800)
                .assertAgrees(new Enumeration(network, state, 1, INPUT).gradient(), law + ", " + samples);
    }

    /** As many samples as there are values, or more: the exact gradient, without variance. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"bernoulli | 2 | 4", "bernoulli | 3 | 12", "{ type = categorical, categories = 3 } | 6 | 9"})
    void isExactWhereTheLayerHasNoMoreValues(String law, int units, int samples) {
        Network network = Networks.of(3, layer(law, units, samples, ""), "{ type = output, units = 3 }");
        State state = Networks.state(network, 12, 1);
        double[] exact = new Enumeration(network, state, 1, INPUT).gradient();
        Draw draw = Draw.gradients(network, state, Networks.copies(1, 3, 1, INPUT), 20);
        for (int i = 0; i < exact.length; i++) {
            assertEquals(exact[i], draw.mean(i), 2e-6);
            assertEquals(0, draw.variance(i), 1e-12);
        }
    }

    private static Pass pass(int units, double bias) {
        Network network = Networks.of(3, layer(CATEGORICAL, units, 4, ""), "{ type = output, units = 3 }");
        State state = Networks.state(network, 12, 0.3);
        for (int i = 0; i < units; i += 3) {
            state.view("layer0.biases").set(i, (float) bias);
        }
        return network.bind(state, new GradientSink(network.layout()), Backend.detect(), 64);
    }

    @Test
    void samplesOfARowAreDifferent() {
        Pass pass = pass(6, 0);
        Draw.step(pass, Networks.copies(64, 3, 1, INPUT), 0);
        StochasticStage stage = pass.stochasticStages().get(0);
        for (int r = 0; r < 64; r++) {
            Set<String> values = new HashSet<>();
            for (int k = 0; k < 4; k++) {
                StringBuilder value = new StringBuilder();
                for (int j = 0; j < 6; j++) {
                    value.append((int) stage.samples().get(k * 64 + r, j));
                }
                values.add(value.toString());
            }
            assertEquals(4, values.size());
        }
    }

    /** Wide layers, whose values have next to no probability, and nearly certain ones: every number stays finite. */
    @ParameterizedTest
    @CsvSource({"600, 0", "6, 40", "6, 1e6", "600, 30"})
    void staysFinite(int units, double bias) {
        Pass pass = pass(units, bias);
        Draw.step(pass, Networks.copies(64, 3, 1, INPUT), 0);
        StochasticStage stage = pass.stochasticStages().get(0);
        for (int r = 0; r < 64; r++) {
            for (int j = 0; j < units; j++) {
                assertTrue(Float.isFinite(stage.logitGradient().get(r, j)));
            }
        }
    }
}
