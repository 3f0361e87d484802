package org.coinflip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.noise.NoiseKey;
import org.junit.jupiter.api.function.Executable;

/** Examples of three classes, a network that tells them apart and its training; and what is refused, in one line. */
final class ThreeClasses {
    static final int COUNT = 96;
    static final float[][] X = features();
    static final int[] Y = labels();

    private ThreeClasses() {}

    private static float[][] features() {
        NoiseKey key = new NoiseKey(5, 0, 0);
        float[][] x = new float[COUNT][4];
        for (int i = 0; i < COUNT; i++) {
            for (int j = 0; j < 4; j++) {
                x[i][j] = (float) (2 * key.uniform(4L * i + j) - 1);
            }
        }
        return x;
    }

    private static int[] labels() {
        int[] y = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            y[i] = X[i][0] + X[i][1] > 0 ? X[i][2] > 0 ? 2 : 1 : 0;
        }
        return y;
    }

    static NetworkSpec network() {
        return NetworkBuilder.inputs(4)
                .stochastic(12, Laws.bernoulli(), Gradients.disarm())
                .output(3);
    }

    static Trainer trainer() {
        return Trainer.of(network()).epochs(3).batch(10).adam(0.01).seed(9);
    }

    static void refused(Class<? extends CoinflipException> type, Executable call, String part) {
        CoinflipException failure = assertThrows(type, call);
        assertEquals(1, failure.getMessage().lines().count(), failure.getMessage());
        assertTrue(failure.getMessage().contains(part), failure.getMessage());
    }
}
