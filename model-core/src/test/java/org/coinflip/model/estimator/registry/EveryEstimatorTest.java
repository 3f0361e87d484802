package org.coinflip.model.estimator.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.lang.reflect.Proxy;
import java.util.stream.Stream;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.GradientSink;
import org.coinflip.model.unit.UnitLaw;
import org.coinflip.model.unit.UnitLaws;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every registered estimator and every registered law that it suits. */
@Tag("numerical")
class EveryEstimatorTest {
    /** Of a pass forth and back through the networks here, for five examples. */
    private static final int ROUNDINGS = Rounding.gradient(5, 4, 4, 4, 3);

    /** The losses, to which estimates scale that are differences of them. */
    private static final double LOSS = 2;

    private static Section section(String type) {
        return Section.root(ConfigFactory.parseString("type = " + type));
    }

    private static boolean suits(String estimator, String law) {
        UnitLaw unitLaw = UnitLaws.read(section(law));
        return Estimators.read(section(estimator)).suits(unitLaw);
    }

    private static Stream<Arguments> all(boolean suiting) {
        return Estimators.names().stream().flatMap(e -> UnitLaws.names().stream()
                .filter(law -> suits(e, law) == suiting)
                .map(law -> Arguments.of(e, law)));
    }

    static Stream<Arguments> suitable() {
        return all(true);
    }

    static Stream<Arguments> unsuitable() {
        return all(false);
    }

    private static Network network(String estimator, String law) {
        String stochastic = "{ type = stochastic, units = 4, law = " + law + ", estimator = " + estimator + " }";
        GradientEstimator read = Estimators.read(section(estimator));
        String below = read.combinesSamples() && read.ofParticles().isEmpty()
                ? "{ type = stochastic, units = 4, estimator = straight-through }"
                : stochastic;
        return Networks.of(4, below, stochastic, "{ type = output, units = 3 }");
    }

    private static float[] gradient(Network network, State state, Examples examples, int[] places, int epoch) {
        GradientSink gradient = new GradientSink(network.layout());
        Pass pass = network.bind(state, gradient, Backend.detect(), places.length);
        pass.load(examples, places, places.length);
        pass.context().setNoise(Mode.TRAIN, 17, epoch, 0);
        pass.forward();
        pass.backward();
        pass.accumulate();
        return gradient.target().toArray();
    }

    @Test
    void everyLawHasAnEstimatorAndEveryEstimatorALaw() {
        for (String law : UnitLaws.names()) {
            assertTrue(suitable().anyMatch(pair -> pair.get()[1].equals(law)), law);
        }
        for (String estimator : Estimators.names()) {
            assertTrue(suitable().anyMatch(pair -> pair.get()[0].equals(estimator)), estimator);
        }
    }

    @ParameterizedTest
    @MethodSource("suitable")
    void gradientOfABatchIsTheMeanOfItsExamples(String estimator, String law) {
        Network network = network(estimator, law);
        Examples examples = Networks.random(5, 4, 3, 2);
        float[] whole = gradient(network, Networks.state(network, 4, 1), examples, Networks.places(5), 6);
        double[] sum = new double[whole.length];
        double[] magnitudes = new double[whole.length];
        for (int i = 0; i < 5; i++) {
            float[] one = gradient(network, Networks.state(network, 4, 1), examples, new int[] {i}, 6);
            for (int j = 0; j < sum.length; j++) {
                sum[j] += one[j] / 5;
                magnitudes[j] += Math.max(LOSS, Math.abs(one[j])) / 5;
            }
        }
        boolean nonzero = false;
        for (int j = 0; j < sum.length; j++) {
            assertEquals(sum[j], whole[j], 2 * Rounding.of(ROUNDINGS, magnitudes[j]), "parameter " + j);
            nonzero |= whole[j] != 0;
        }
        assertTrue(nonzero);
    }

    @ParameterizedTest
    @MethodSource("suitable")
    void sameNoiseGivesTheSameBitsAndAnotherEpochOthers(String estimator, String law) {
        Network network = network(estimator, law);
        Examples examples = Networks.random(64, 4, 3, 2);
        int[] places = Networks.places(64);
        float[] once = gradient(network, Networks.state(network, 4, 1), examples, places, 0);
        assertArrayEquals(once, gradient(network, Networks.state(network, 4, 1), examples, places, 0));
        assertFalse(
                java.util.Arrays.equals(once, gradient(network, Networks.state(network, 4, 1), examples, places, 1)));
    }

    @ParameterizedTest
    @MethodSource("suitable")
    void parametersAreNotTouchedAndStayFinite(String estimator, String law) {
        Network network = network(estimator, law);
        State state = Networks.state(network, 4, 5);
        String before = state.parametersSha256();
        Draw.gradients(network, state, Networks.copies(16, 3, 1, 3f, -2f, 100f, 0f), 20);
        assertEquals(before, state.parametersSha256());
        assertTrue(state.isFinite());
    }

    /** A layer in a batch that is normalised above is served by those that do not: so what they say must be so. */
    @ParameterizedTest
    @MethodSource("suitable")
    void readsLossesWhereItSaysSoAlone(String estimator, String law) {
        Network network = network(estimator, law);
        Pass pass =
                network.bind(Networks.state(network, 4, 1), new GradientSink(network.layout()), Backend.detect(), 5);
        pass.load(Networks.random(5, 4, 3, 2), Networks.places(5), 5);
        pass.context().setNoise(Mode.TRAIN, 17, 0, 0);
        pass.forward();
        pass.backward();
        boolean[] read = {false};
        // above, particles are weighed by what the layer below read
        int layer = Estimators.read(section(estimator)).ofParticles().isPresent() ? 0 : 1;
        Site stage = pass.stochasticStages().get(layer);
        Site watched = (Site) Proxy.newProxyInstance(
                Site.class.getClassLoader(), new Class<?>[] {Site.class}, (proxy, method, arguments) -> {
                    read[0] |= method.getName().equals("losses")
                            || method.getName().equals("continuation");
                    return method.invoke(stage, arguments);
                });
        GradientEstimator asBound = ((StochasticLayer) network.layers().get(layer)).estimator();
        Estimation estimation = asBound.at(watched);
        estimation.sample(watched);
        estimation.combine(watched);
        estimation.estimate(watched);
        estimation.learn(watched);
        assertEquals(asBound.readsLosses(), read[0]);
        assertEquals(read[0], network.layers().get(layer).readsLosses());
    }

    @ParameterizedTest
    @MethodSource("suitable")
    void readsWhatItWrites(String estimator, String law) {
        GradientEstimator read = Estimators.read(section(estimator));
        assertEquals(read, Estimators.read(Section.root(ConfigFactory.parseMap(read.write()))));
        UnitLaw unitLaw = UnitLaws.read(section(law));
        assertEquals(unitLaw, UnitLaws.read(Section.root(ConfigFactory.parseMap(unitLaw.write()))));
    }

    @ParameterizedTest
    @MethodSource("unsuitable")
    void refusesALawThatItDoesNotSuit(String estimator, String law) {
        UsageException refused = assertThrows(UsageException.class, () -> network(estimator, law));
        assertTrue(
                refused.getMessage()
                        .contains(".estimator: got \"" + estimator + "\", expected an estimator for " + law + " units"),
                refused.getMessage());
    }
}
