package org.coinflip.model.layer;

import static org.coinflip.model.layer.TransformedNetworks.BATCH;
import static org.coinflip.model.layer.TransformedNetworks.learner;
import static org.coinflip.model.layer.TransformedNetworks.network;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.updater.Progress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which shortcuts transformed layers have, and how they start and learn. */
@Tag("numerical")
class ShortcutTest {
    @Test
    void shortcutsStartAtNoughtAndLearnSlowerTheMoreTheySkip() {
        Network network = network("");
        State state = new State(network.layout());
        network.initialise(state, 1);
        for (Segment segment : network.layout().segments()) {
            boolean shortcut = segment.name().contains("shortcut");
            if (shortcut) {
                assertArrayEquals(
                        new float[segment.length()], state.view(segment).toArray());
            }
        }
        assertEquals(0.125, network.layout().segment("layer3.shortcut0").rateScale());
        assertEquals(0.25, network.layout().segment("layer3.shortcut1").rateScale());
        assertEquals(0.5, network.layout().segment("layer2.shortcut1").rateScale());
        assertEquals(1, network.layout().segment("layer3.weights").rateScale());
    }

    @Test
    void anAutoencoderHasShortcutsOnEitherSideOfItsCodeAndNoneAcross() {
        Network network = Networks.of(
                9,
                "{ type = transformed, units = 7 }",
                "{ type = dense, units = 2 }",
                "{ type = transformed, units = 6 }",
                "{ type = output, units = 9, objective = gaussian-reconstruction }");
        assertEquals(9, network.layout().segment("layer1.shortcut0").rows());
        assertEquals(2, network.layout().segment("layer2.weights").rows());
        assertEquals(2, network.layout().segment("layer3.shortcut0").rows());
        assertTrue(network.layout().segments().stream().noneMatch(s -> s.name().equals("layer3.shortcut1")));
        Learner learner = learner(network, 0.02, BATCH);
        network.initialise(learner.state(), 1);
        Examples examples = Networks.random(BATCH, 9, 3, new Random(4).nextInt());
        double first = learner.step(examples, Networks.places(BATCH), BATCH, new Progress(200, 1).at(0));
        double last = first;
        for (int step = 1; step < 200; step++) {
            last = learner.step(examples, Networks.places(BATCH), BATCH, new Progress(200, 1).at(step));
        }
        assertTrue(last < 0.9 * first, first + " to " + last);
    }

    @Test
    void otherLayersAboveAreRefused() {
        UsageException e = assertThrows(
                UsageException.class,
                () -> Networks.of(
                        4, "{ type = transformed, units = 3 }", "{ type = dropout }", "{ type = output, units = 2 }"));
        assertTrue(e.getMessage().contains("network.layers[1]: got dropout above a transformed layer"), e.getMessage());
        assertThrows(
                UsageException.class,
                () -> Networks.of(
                        4, "{ type = transformed, units = 3, activation = linear }", "{ type = output, units = 2 }"));
    }
}
