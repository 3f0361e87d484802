package org.coinflip.model.energy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.updater.Progress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The layer that experiment files name: states that are kept, relaxations that do not settle, and settings that are refused. */
@Tag("numerical")
class EnergyLayerTest {
    @Test
    void spikeTimingFollowsTimeAndRefusesLayersInTurn() {
        String message = assertThrows(
                        UsageException.class,
                        () -> Networks.of(
                                3, "{ type = energy, units = 2, order = layers, gradient { type = spike-timing } }"))
                .getMessage();
        assertTrue(message.contains("order: got \"layers\", expected synchronous with spike-timing"), message);
    }

    @ParameterizedTest
    @CsvSource({"tanh, squared-error", "hard-sigmoid, cross-entropy"})
    void aPersistentStateGoesOnFromTheEpochBefore(String rho, String objective) {
        String layer = "{ type = energy, hidden = [5, 4], units = 2, step = 0.1, rho = " + rho + ", objective = "
                + objective + ", persistent = true, steps = %d, steps-from-rest = %d }";
        int units = objective.equals("cross-entropy") ? 9 : 11;
        Floats inParts = Floats.allocate(8 * units);
        Floats atOnce = Floats.allocate(8 * units);
        int[] places = Networks.places(8);
        keep(String.format(layer, 3, 5), inParts, places, 0);
        keep(String.format(layer, 3, 5), inParts, new int[] {7, 5, 3, 1, 6, 4, 2, 0}, 1);
        keep(String.format(layer, 3, 5), inParts, places, 2);
        keep(String.format(layer, 3, 5 + 3 + 3), atOnce, places, 0);
        assertArrayEquals(atOnce.toArray(), inParts.toArray(), (float) Rounding.of(11 * (9 + Rounding.FUNCTION), 1));
        float[] before = inParts.toArray();
        keep(String.format(layer, 3, 5), inParts, new int[] {6}, 3);
        for (int i = 0; i < before.length; i++) {
            assertTrue((i / units == 6) != (before[i] == inParts.get(i)) || before[i] == 0, "number " + i);
        }
    }

    /** A step from the same parameters, whatever the steps before. */
    private static void keep(String layer, Floats kept, int[] places, int epoch) {
        Network network = Networks.of(3, layer);
        TrainingSpec spec = TrainingSpec.read(Section.root(com.typesafe.config.ConfigFactory.parseString("batch = 8")));
        Learner learner = new Learner(network, spec, Backend.detect(), 1);
        network.initialise(learner.state(), 1);
        learner.keep(kept);
        learner.step(Networks.random(8, 3, 2, 1), places, places.length, new Progress(1, 4).at(epoch));
    }

    @Test
    void refusesARelaxationThatDoesNotSettle() {
        String message = assertThrows(
                        DivergenceException.class, () -> step("hidden = [5], rho = tanh, step = 0.1, steps = 3"))
                .getMessage();
        assertTrue(message.startsWith("relaxation did not settle: got a residual of "), message);
    }

    /** The spectral norm of a square matrix of Glorot's weights is 2 at any width, and above 1 units hold each other up or down. */
    @Test
    void halfOfGlorotsWeightsSettleSoonerBetweenWideLayers() {
        String wide = "hidden = [300, 300], steps = 80, initial-scale = ";
        step(wide + 0.5);
        assertThrows(DivergenceException.class, () -> step(wide + 1));
    }

    private static void step(String settings) {
        Network network = Networks.of(3, "{ type = energy, units = 2, tolerance = 1e-4, " + settings + " }");
        TrainingSpec spec = TrainingSpec.read(Section.root(com.typesafe.config.ConfigFactory.empty()));
        Learner learner = new Learner(network, spec, Backend.detect(), 1);
        network.initialise(learner.state(), 1);
        learner.step(Networks.random(4, 3, 2, 1), Networks.places(4), 4, new Progress(1, 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "initial-scale = 0 | initial-scale: got 0, expected a number in (0, ∞)",
                "step = -0.5 | step: got -0.5, expected a number in (0, 1]",
                "gradient { type = contrastive-hebbian, beta = 1 } | gradient.beta: got 1, expected no beta:"
                        + " contrastive-hebbian clamps the outputs, and what is clamped cannot be nudged",
                "learning-rate-scales = [1] | learning-rate-scales: got [1], expected 2 numbers that are not negative:"
                        + " one for each hidden layer and the outputs",
                "objective = cross-entropy, gradient.type = contrastive-hebbian | objective: got \"cross-entropy\", expected"
                        + " squared-error with contrastive-hebbian: it clamps the outputs' states, and a softmax has none",
                "hidden = [], objective = cross-entropy | objective: got \"cross-entropy\", expected squared-error without"
                        + " hidden layers: a softmax reads one",
                "objective = gaussian-reconstruction | objective: got \"gaussian-reconstruction\", expected squared-error or"
                        + " cross-entropy: the outputs are classes",
                "steps-from-rest = 9 | steps-from-rest: got 9, expected persistent = true beside it: otherwise all steps are"
                        + " from rest",
                "hidden = [0] | hidden: got [0], expected a list of whole numbers of at least 1",
                "gradient = equilibrium | gradient.type: got \"equilibrium\", expected a gradient, one of"
                        + " contrastive-hebbian, dual-propagation, equilibrium-propagation, predictive-coding,"
                        + " recurrent-back-propagation, spike-timing",
                "gradient { type = spike-timing, side = both } | gradient.side: got \"both\", expected one or random: the rule"
                        + " follows one nudged phase from the free fixed point on",
                "gradient { side = both, points = 3 } | gradient.points: got 3, expected 2 or 4 from both sides",
                "gradient.points = 4 | gradient.points: got 4, expected 1, or side = both"
            })
    void refusesWhatCannotBe(String written, String expected) {
        String hidden = written.startsWith("hidden") ? "" : "hidden = [5], ";
        String message = assertThrows(
                        UsageException.class,
                        () -> Networks.of(3, "{ type = energy, " + hidden + "units = 2, " + written + " }"))
                .getMessage();
        assertEquals("layers[0]." + expected, message);
    }
}
