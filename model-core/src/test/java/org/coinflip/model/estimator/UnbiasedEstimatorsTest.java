package org.coinflip.model.estimator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The mean of an unbiased estimator's gradients is the gradient of the expected loss, which enumeration gives; parameters above, at and
 * below the stochastic layers alike. Each comparison errs with a probability of 7e-6.
 */
@Tag("numerical")
@Tag("statistical")
class UnbiasedEstimatorsTest {
    private static final float[] INPUT = {0.8f, -1.1f, 0.4f};
    private static final int BATCH = 64;
    private static final int PASSES = 800;

    private static final List<String> BINARY = List.of(
            "{ type = exact }",
            "{ type = reinforce, baseline = none }",
            "{ type = reinforce, baseline = minimum-variance, kappa = 0.9 }");

    /** Held to enumeration in one layer and in two. */
    private static final List<String> SAMPLED = List.of(
            "{ type = reinforce, baseline = moving-average, kappa = 0.9 }",
            "{ type = rloo, samples = 2 }",
            "{ type = rloo, samples = 5 }",
            "arm",
            "disarm",
            "{ type = arms, samples = 2 }",
            "{ type = arms, samples = 4 }",
            "{ type = local-expectation, block = 2 }",
            "bitflip",
            "muprop",
            "{ type = double-cv, samples = 2, learning-rate = 0 }",
            "{ type = double-cv, samples = 4, scale = 0.6, learning-rate = 0.01 }",
            "{ type = rodeo, samples = 2, learning-rate = 0 }",
            "{ type = rodeo, samples = 3, hidden = 3, learning-rate = 0.02 }",
            "{ type = reinforce, baseline = input, learning-rate = 0.05 }",
            "{ type = nvil, hidden = 4, normalise = false, learning-rate = 0.05 }",
            "{ type = rebar, temperature = 0.5, scale = 1 }",
            "{ type = rebar, temperature = 0.1, scale = 0.4 }",
            "{ type = rebar, temperature = 3, scale = 1.7, learning-rate = 0 }",
            "{ type = rebar, temperature = 0.7, scale = 0.9, limit = mean }",
            "{ type = relax, hidden = 4, learning-rate = 0.02 }",
            "{ type = relax, relaxed-loss = false, hidden = 4, learning-rate = 0.02 }");

    private static final List<String> CONTINUOUS = List.of(
            "{ type = noisy-rectifier, noise = logistic }",
            "{ type = noisy-rectifier, noise = gaussian, scale = 0.7 }",
            "nrelu",
            "{ type = semantic-hashing, std = 1.5 }");

    static String binary(int units, String estimator) {
        return "{ type = stochastic, units = " + units + ", law = bernoulli, estimator = " + estimator + " }";
    }

    private static String continuous(String law) {
        return "{ type = stochastic, units = 1, law = " + law + ", estimator = pathwise }";
    }

    static String output(int units, String objective) {
        return "{ type = output, units = " + units + ", objective = " + objective + " }";
    }

    static void holdToEnumeration(String... layers) {
        Network network = Networks.of(3, layers);
        State state = Networks.state(network, 23, 0.8);
        double[] exact = new Enumeration(network, state, 1, INPUT).gradient();
        Draw.gradients(network, state, Networks.copies(BATCH, 3, 1, INPUT), PASSES)
                .assertAgrees(exact, String.join(", ", layers));
    }

    static Stream<Arguments> estimatorsAndObjectives() {
        return BINARY.stream()
                .flatMap(e -> Stream.of("cross-entropy", "squared-error").map(o -> Arguments.of(e, o)));
    }

    @ParameterizedTest
    @MethodSource("estimatorsAndObjectives")
    void areUnbiasedForOneLayer(String estimator, String objective) {
        holdToEnumeration(binary(3, estimator), output(3, objective));
    }

    @ParameterizedTest
    @MethodSource("estimatorsAndObjectives")
    void areUnbiasedForTwoStackedLayers(String estimator, String objective) {
        holdToEnumeration(binary(3, estimator), binary(3, estimator), output(2, objective));
    }

    @ParameterizedTest
    @MethodSource("estimatorsAndObjectives")
    void areUnbiasedWithDenseLayersBelowBetweenAndAbove(String estimator, String objective) {
        holdToEnumeration(
                "{ type = dense, units = 3, activation = tanh }",
                binary(2, estimator),
                "{ type = dense, units = 3, activation = softplus }",
                binary(2, estimator),
                "{ type = dense, units = 2, activation = sigmoid }",
                output(2, objective));
    }

    static Stream<String> sampled() {
        return SAMPLED.stream();
    }

    @ParameterizedTest
    @MethodSource("sampled")
    void sampledOnesAreUnbiasedForOneLayer(String estimator) {
        holdToEnumeration(binary(3, estimator), output(3, "cross-entropy"));
    }

    @ParameterizedTest
    @MethodSource("sampled")
    void sampledOnesAreUnbiasedForTwoLayersBetweenDenseOnes(String estimator) {
        holdToEnumeration(
                "{ type = dense, units = 2, activation = tanh }",
                binary(3, estimator),
                binary(2, estimator),
                "{ type = dense, units = 2, activation = softplus }",
                output(2, "squared-error"));
    }

    static Stream<String> all() {
        return Stream.concat(BINARY.stream(), SAMPLED.stream());
    }

    /** The mean loss is the negative evidence lower bound: the posterior's logits and the prior's are part of it. */
    @ParameterizedTest
    @MethodSource("all")
    void areUnbiasedForTheEvidenceLowerBound(String estimator) {
        String latent = "{ type = stochastic, units = 3, prior = learned, estimator = " + estimator + " }";
        holdToEnumeration(
                "{ type = rescale, factor = 2, offset = -1 }",
                latent,
                "{ type = dense, units = 2, activation = tanh }",
                output(3, "bernoulli-reconstruction"));
    }

    /** A belief network of two layers, x → h¹ → h² with p(h²) p(h¹|h²) p(x|h¹), every estimator at both. */
    @ParameterizedTest
    @MethodSource("all")
    void areUnbiasedForABeliefNetworkOfTwoLayers(String estimator) {
        holdToEnumeration(
                "{ type = stochastic, units = 3, prior = conditional, estimator = " + estimator + " }",
                "{ type = dense, units = 2, activation = tanh }",
                "{ type = stochastic, units = 2, prior = learned, estimator = " + estimator + " }",
                "{ type = likelihood, of = 0, units = 3 }",
                output(3, "bernoulli-reconstruction"));
    }

    /** MuProp's mean does not need the gradients from above to be right, REBAR's does. */
    @Test
    void muPropIsUnbiasedBelowBiasedEstimators() {
        holdToFirstLayer(true, "muprop");
        holdToFirstLayer(true, "local-expectation");
        holdToFirstLayer(true, "{ type = double-cv, samples = 2 }");
        holdToFirstLayer(true, "{ type = rodeo, samples = 2 }");
        holdToFirstLayer(false, "rebar");
    }

    private static void holdToFirstLayer(boolean unbiased, String estimator) {
        Network network =
                Networks.of(3, binary(2, estimator), binary(3, "straight-through"), output(2, "squared-error"));
        State state = Networks.state(network, 23, 1.2);
        double[] exact = new Enumeration(network, state, 1, INPUT).gradient();
        Draw draw = Draw.gradients(network, state, Networks.copies(BATCH, 2, 1, INPUT), PASSES);
        Segment biases = network.layout().segment("layer0.biases");
        boolean agrees = true;
        for (int i = 0; i < biases.offset() + biases.length(); i++) {
            agrees &= draw.agrees(i, exact[i]);
        }
        assertEquals(unbiased, agrees, estimator);
    }

    /** Of the relaxed network's loss, which quadrature gives. */
    @Test
    void pathwiseIsUnbiasedForConcreteUnits() {
        String concrete = "{ type = concrete, temperature = 0.6 }";
        holdToEnumeration(continuous(concrete), output(2, "squared-error"));
        holdToEnumeration(
                "{ type = dense, units = 2, activation = tanh }",
                continuous(concrete),
                continuous("{ type = concrete, temperature = 2 }"),
                output(2, "cross-entropy"));
    }

    /** Of the relaxed network's loss, which quadrature over the simplex gives. */
    @ParameterizedTest
    @ValueSource(doubles = {0.6, 2})
    void pathwiseIsUnbiasedForCategoricalConcreteUnits(double temperature) {
        holdToEnumeration(
                "{ type = stochastic, units = 3, law = { type = categorical-concrete, categories = 3, temperature = "
                        + temperature + " } }",
                "{ type = dense, units = 2, activation = tanh }",
                output(2, "cross-entropy"));
    }

    static Stream<Arguments> continuousLawsAndEstimators() {
        return CONTINUOUS.stream().flatMap(law -> BINARY.stream().map(e -> Arguments.of(law, e)));
    }

    @ParameterizedTest
    @MethodSource("continuousLawsAndEstimators")
    void pathwiseIsUnbiasedBelowAndAboveBinaryUnits(String law, String estimator) {
        holdToEnumeration(
                continuous(law),
                binary(2, estimator),
                "{ type = dense, units = 2, activation = tanh }",
                output(2, "cross-entropy"));
        holdToEnumeration(binary(2, estimator), continuous(law), output(3, "squared-error"));
    }

    @Test
    void pathwiseIsUnbiasedForStackedUnits() {
        holdToEnumeration(continuous(CONTINUOUS.get(0)), output(2, "squared-error"));
        holdToEnumeration(
                "{ type = dense, units = 2, activation = sigmoid }",
                continuous(CONTINUOUS.get(1)),
                output(2, "cross-entropy"));
    }

    @Test
    void exactHasNoVariance() {
        Network network = Networks.of(
                3,
                "{ type = dense, units = 3, activation = tanh }",
                binary(4, "exact"),
                "{ type = dense, units = 3, activation = softplus }",
                output(2, "cross-entropy"));
        State state = Networks.state(network, 31, 0.9);
        double[] exact = new Enumeration(network, state, 1, INPUT).gradient();
        Draw draw = Draw.gradients(network, state, Networks.copies(1, 2, 1, INPUT), 100);
        for (Segment segment : network.layout().segments()) {
            if (segment.name().compareTo("layer2") < 0) {
                for (int i = segment.offset(); i < segment.offset() + segment.length(); i++) {
                    double bound = Rounding.of(Rounding.gradient(1, 3, 3, 4, 3, 2), 1 + Math.abs(exact[i]));
                    assertEquals(exact[i], draw.mean(i), bound, segment.name());
                    assertEquals(0, draw.variance(i), 1e-20, segment.name());
                }
            } else {
                assertTrue(draw.variance(segment.offset()) > 1e-8, "the layers above see samples");
            }
        }
    }
}
