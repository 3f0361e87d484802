package org.coinflip.model.layer.stochastic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.updater.Progress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("numerical")
class ThresholdRateTest {
    private static final int BATCH = 64;
    private static final int UNITS = 40;

    /**
     * Of units that do not learn, on examples of one distribution: a batch's quantile of 2,560 logits is off by some hundredths of the part at most, and the threshold is a mean of a hundred
     * such. That part over 4,000 other examples: the inputs are normal, drawn with fixed seeds.
     */
    @ParameterizedTest
    @CsvSource({"bernoulli, 0.1", "bernoulli, 0.6", "stochastic-times-smooth, 0.1"})
    void asManyAreOnAsAreToBe(String law, double rate) {
        // from the first batch on, whose quantile is of 64 examples
        assertRate(law, rate, 1, 3 * Math.sqrt(rate * (1 - rate) / BATCH));
        assertRate(law, rate, 2000, 0.02);
    }

    private static void assertRate(String law, double rate, int steps, double tolerance) {
        Network network = Networks.of(
                6,
                "{ type = stochastic, units = " + UNITS + ", law = " + law + ", estimator = "
                        + (law.equals("bernoulli") ? "straight-through" : "pathwise")
                        + ", learning-rate-scale = 0, initial-bias = -3, threshold-rate = " + rate + " }",
                "{ type = output, units = 3 }");
        Learner learner = new Learner(
                network,
                TrainingSpec.read(Section.root(ConfigFactory.parseMap(Map.of("batch", BATCH)))),
                Backend.detect(),
                1);
        network.initialise(learner.state(), 1);
        Progress progress = new Progress(steps, 1);
        for (int step = 0; step < steps; step++) {
            learner.step(Networks.random(BATCH, 6, 3, step), Networks.places(BATCH), BATCH, progress.at(step));
        }
        float threshold = ThresholdRate.threshold(learner.state().view("layer0.threshold"));
        Pass pass = network.bind(learner.state(), null, Backend.detect(), 4000);
        Examples others = Networks.random(4000, 6, 3, 5000);
        pass.load(others, Networks.places(4000), 4000);
        pass.context().setNoise(Mode.THRESHOLDS, 0, 0, 0);
        pass.forward();
        var units = pass.output(0);
        int on = 0;
        for (int r = 0; r < 4000; r++) {
            for (int j = 0; j < UNITS; j++) {
                float h = units.get(r, j);
                on += h > 0 ? 1 : 0;
                // where it is on it is the root of σ(a), a > t, or 1
                double least = law.equals("bernoulli") ? 1 : Math.sqrt(1 / (1 + Math.exp(-threshold)));
                assertTrue(h == 0 || (h > least - 1e-6 && h <= 1), "a unit of " + h);
            }
        }
        assertEquals(rate, on / (4000.0 * UNITS), tolerance);
    }

    @Test
    void theKthIsThatOfTheSorted() {
        Random random = new Random(1);
        for (int size = 1; size < 60; size++) {
            float[] numbers = new float[size + 3];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = random.nextInt(20);
            }
            float[] sorted = Arrays.copyOf(numbers, size);
            Arrays.sort(sorted);
            for (int k = 0; k < size; k++) {
                assertEquals(sorted[k], ThresholdRateStep.select(numbers.clone(), size, k));
            }
        }
    }

    @Test
    void whatCannotWorkIsRefused() {
        for (String[] wrong : new String[][] {
            {"{ type = stochastic, units = 3, threshold-rate = 1 }", "threshold-rate: got 1"},
            {"{ type = stochastic, units = 3, law = concrete, threshold-rate = 0.1 }", "it is for bernoulli and"}
        }) {
            UsageException e =
                    assertThrows(UsageException.class, () -> Networks.of(4, wrong[0], "{ type = output, units = 3 }"));
            assertTrue(e.getMessage().contains(wrong[1]), e.getMessage());
        }
    }
}
