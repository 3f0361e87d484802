package org.coinflip.model.explanation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the microscope sets beside a gradient is what summing over all values gives. */
@Tag("numerical")
class MomentsTest {
    private static final Backend BACKEND = Backend.detect();
    private static final long SEED = 11;
    private static final String OUTPUT = "{ type = output, units = 3 }";

    /** Of the first layer of two, given nothing; of the second, given the coins of the first. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                OUTPUT,
                "{ type = residual, layers = 1 }, " + OUTPUT,
                "{ type = product, image = [1, 1, 3], gater = 1 }, " + OUTPUT
            })
    void referenceIsTheGradientGivenTheLayersBelow(String top) {
        String layer = "{ type = stochastic, units = 3, estimator = straight-through }";
        Network network = Networks.of(2, layer, layer, top);
        State state = Networks.state(network, 7, 1);
        float[] features = {0.4f, -0.8f};
        Explanation seen =
                new Microscope(network, BACKEND, 400).look(state, Networks.copies(1, 3, 1, features), 0, SEED, 2, 0, 1);
        double[] below = new Enumeration(network, state, 1, features).gradient();
        Moments first = seen.layers().get(0).rows().get(0).moments().orElseThrow();
        int biases = network.layout().segment("layer0.biases").offset();
        for (int j = 0; j < 3; j++) {
            double error = first.referenceError().orElseThrow()[j];
            assertTrue(error > 0, "the layer above draws");
            // normal but for terms of 1/400: all three pass but once in 10⁴ seeds
            assertEquals(below[biases + j], first.reference().orElseThrow()[j], 4.5 * error);
        }
        assertEquals(ExplainedLayer.Reference.ENUMERATION, seen.layers().get(1).reference());
        float[] coins = seen.layers().get(0).rows().get(0).samples().get(0).values();
        Network above = Networks.of(3, layer, top);
        int output = above.layers().size() - 1;
        State parameters = new State(above.layout());
        for (String name : new String[] {"weights", "biases"}) {
            parameters.view("layer0." + name).set(state.view("layer1." + name));
            parameters.view("layer" + output + "." + name).set(state.view("layer" + (output + 1) + "." + name));
        }
        Enumeration given = new Enumeration(above, parameters, 1, coins);
        double[] exact = given.gradient();
        double[] bounds = given.gradientBounds(Rounding.gradient(1, 3, 3, 3, 8));
        Moments second = seen.layers().get(1).rows().get(0).moments().orElseThrow();
        int at = above.layout().segment("layer0.biases").offset();
        for (int j = 0; j < 3; j++) {
            assertEquals(exact[at + j], second.reference().orElseThrow()[j], bounds[at + j]);
            assertEquals(0, second.referenceError().orElseThrow()[j], 0);
        }
    }

    /** One unit below (b − t)²: REINFORCE without a baseline has the values (1 − p) f(1) and −p f(0). */
    @Test
    @Tag("statistical")
    void momentsAreTheEstimatorsOwn() {
        double t = 0.45;
        float a = 0.4f;
        int draws = 1000;
        Network network = Networks.of(
                1,
                "{ type = stochastic, units = 1, estimator { type = reinforce, baseline = none } }",
                "{ type = function, function { type = quadratic, t = " + t + " } }");
        State state = new State(network.layout());
        network.initialise(state, 1);
        state.view("layer0.biases").set(0, a);
        Moments moments = new Microscope(network, BACKEND, draws)
                .look(state, Networks.copies(1, 1, 0, 0f), 0, SEED, 0, 0, 1)
                .layers()
                .get(0)
                .rows()
                .get(0)
                .moments()
                .orElseThrow();
        double p = Enumeration.sigmoid(a);
        double on = (1 - p) * (1 - t) * (1 - t);
        double off = -p * t * t;
        double deviation = Math.sqrt(p * (1 - p)) * (on - off);
        // 4.5 standard errors: one seed in 10⁵ fails
        assertEquals(p * on + (1 - p) * off, moments.mean()[0], 4.5 * deviation / Math.sqrt(draws));
        assertEquals(deviation, moments.deviation()[0], 0.05 * deviation);
        assertEquals(
                p * (1 - p) * ((1 - t) * (1 - t) - t * t), moments.reference().orElseThrow()[0], Rounding.of(20, 1));
    }

    /** A term of sparsity is of the batch: an example alone would have another, in its layer and in what is passed on below. */
    @Test
    void noMomentsWhereTheBatchEntersTheEstimate() {
        String plain = "{ type = stochastic, units = 6, estimator = straight-through }";
        Network network = Networks.of(
                5,
                plain,
                "{ type = stochastic, units = 6, estimator = straight-through, sparsity { target = 0.1 } }",
                plain,
                OUTPUT);
        Explanation seen = new Microscope(network, BACKEND, 2)
                .look(Networks.state(network, 3, 1), Networks.random(2, 5, 3, 2), 0, SEED, 0, 0, 1);
        for (int l = 0; l < 3; l++) {
            ExplainedLayer layer = seen.layers().get(l);
            assertEquals(l == 2, layer.rows().get(0).moments().isPresent());
            assertEquals(
                    l == 2 ? ExplainedLayer.Reference.ENUMERATION : ExplainedLayer.Reference.NONE, layer.reference());
        }
    }

    /** A row below a layer that normalises by the batch has another loss by itself; one above it has what the batch gave it. */
    @Test
    void noMomentsBelowALayerThatNormalisesByTheBatch() {
        String plain = "{ type = stochastic, units = 6, estimator = straight-through }";
        Network network = Networks.of(5, plain, "{ type = batch-norm }", plain, OUTPUT);
        State state = Networks.state(network, 3, 1);
        Examples examples = Networks.random(4, 5, 3, 2);
        Microscope microscope = new Microscope(network, BACKEND, 2);
        Pass pass = network.bind(state, null, BACKEND, 4);
        microscope.focus(pass);
        pass.load(examples, Networks.places(4), 4);
        pass.context().setNoise(Mode.TRAIN, SEED, 0, 0);
        pass.forward();
        pass.backward();
        Explanation seen = microscope.read(pass, state, 1);
        for (int l = 0; l < 2; l++) {
            ExplainedLayer layer = seen.layers().get(l);
            assertEquals(l == 1, layer.rows().get(0).moments().isPresent());
            assertEquals(
                    l == 1 ? ExplainedLayer.Reference.ENUMERATION : ExplainedLayer.Reference.NONE, layer.reference());
        }
        UsageException refused =
                assertThrows(UsageException.class, () -> microscope.look(state, examples, 1, SEED, 0, 0, 1));
        assertTrue(refused.getMessage().startsWith("explain: got a network that normalises by the batch"));
    }
}
