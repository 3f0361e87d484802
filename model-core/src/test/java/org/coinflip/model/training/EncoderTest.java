package org.coinflip.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numerical")
class EncoderTest {
    /** More examples than a batch, more bits than a word, each bit by its definition 1[x W + b > 0]. */
    @Test
    void bitsSayWhichUnitsAreOn() {
        Network network = Networks.of(
                3,
                "{ type = stochastic, units = 70, law = semantic-hashing }",
                "{ type = output, units = 3, objective = gaussian-reconstruction }");
        State state = Networks.state(network, 8, 1);
        Examples examples = Networks.random(300, 3, 2, 5);
        Encoder encoder = new Encoder(network, state, 0, Backend.detect());
        assertEquals(70, encoder.units());
        long[][] codes = encoder.codes(examples);
        int on = 0;
        for (int i = 0; i < 300; i++) {
            for (int j = 0; j < 70; j++) {
                double a = state.view("layer0.biases").get(j);
                double magnitude = Math.abs(a);
                for (int k = 0; k < 3; k++) {
                    double product = (double) examples.feature(i, k)
                            * state.matrix("layer0.weights").get(k, j);
                    a += product;
                    magnitude += Math.abs(product);
                }
                if (Math.abs(a) > Rounding.dot(4, magnitude)) {
                    assertEquals(a > 0, (codes[i][j / 64] >> j & 1) == 1, i + ", " + j);
                }
                on += a > 0 ? 1 : 0;
            }
        }
        assertTrue(on > 5000 && on < 16000);
    }
}
