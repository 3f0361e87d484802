package org.coinflip.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Enumeration;
import org.coinflip.model.oracle.Networks;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One unit below (b − t)², where everything that is measured has a closed form. */
@Tag("numerical")
@Tag("statistical")
class MeasurementTest {
    private static final int EXAMPLES = 32;
    private static final double T = 0.45;

    private static LayerStatistics measure(String keys, double a, int draws, int referenceDraws) {
        Network network = Networks.of(
                1,
                "{ type = stochastic, units = 1, " + keys + " }",
                "{ type = function, function { type = quadratic, t = " + T + " } }");
        State state = new State(network.layout());
        network.initialise(state, 1);
        state.view("layer0.biases").set(0, (float) a);
        return Measurement.measure(
                        network,
                        state,
                        Networks.copies(EXAMPLES, 1, 0, 0f),
                        EXAMPLES,
                        draws,
                        referenceDraws,
                        Backend.detect(),
                        5)
                .get(0);
    }

    /** Over 32 · 2,000 draws; a standard deviation of the figures is below one per cent. */
    @ParameterizedTest
    @ValueSource(doubles = {-1, 0.4, 2})
    void signalToNoiseIsTheMeanBesideTheDeviation(double a) {
        LayerStatistics found = measure("estimator { type = reinforce, baseline = none }", a, 2000, 0);
        double p = Enumeration.sigmoid(a);
        double f1 = (1 - T) * (1 - T);
        double f0 = T * T;
        double deviation = Math.sqrt(p * (1 - p)) * Math.abs((1 - p) * f1 + p * f0);
        double mean = p * (1 - p) * (f1 - f0);
        assertEquals(deviation * deviation, found.gradientVariance(), 0.05 * deviation * deviation);
        assertEquals(mean / deviation, found.signalToNoise(), 0.1 * mean / deviation + 0.01);
        assertEquals(p, found.firingRate(), 0.01);
    }

    /** Straight-through's mean, 2 (p − t), has the sign of p − t; the gradient is positive everywhere. */
    @ParameterizedTest
    @CsvSource({"-2, -1", "2, 1"})
    void cosineTellsAWrongSign(double a, double cosine) {
        assertEquals(
                cosine,
                measure("estimator = straight-through", a, 400, 2).cosine().orElseThrow(),
                0.02);
    }

    @Test
    void cosineOfAnUnbiasedEstimatorIsOneWhateverItsNoise() {
        double cosine = measure("estimator { type = rloo, samples = 2 }", 0.7, 4000, 2)
                .cosine()
                .orElseThrow();
        assertEquals(1, cosine, 0.05);
    }

    /** An unbiased estimate would be of a loss that is a function of the row. */
    @Test
    void thereIsNoCosineBelowALayerThatNormalisesByTheBatch() {
        String units = "{ type = stochastic, units = 3 }";
        Network network = Networks.of(2, units, "{ type = batch-norm }", units, "{ type = output, units = 2 }");
        List<LayerStatistics> found = Measurement.measure(
                network, Networks.state(network, 1, 1), Networks.random(8, 2, 2, 3), 8, 2, 2, Backend.detect(), 5);
        assertTrue(found.get(0).cosine().isEmpty());
        assertTrue(found.get(1).cosine().isPresent());
    }

    @Test
    void relaxedBitsFireWhereTheyAreNearerToOne() {
        LayerStatistics found = measure("law { type = concrete, temperature = 0.5 }", -1, 1000, 2);
        assertEquals(Enumeration.sigmoid(-1), found.firingRate(), 0.02);
        assertTrue(found.cosine().isEmpty(), "there is no reference for other units than bits");
    }

    @Test
    void countsUnitsThatNeverOrAlwaysFire() {
        assertEquals(1, measure("estimator = straight-through", -60, 50, 0).deadUnits());
        assertEquals(1, measure("estimator = straight-through", 60, 50, 0).saturatedUnits());
    }
}
