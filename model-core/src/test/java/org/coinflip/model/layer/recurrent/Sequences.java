package org.coinflip.model.layer.recurrent;

import java.util.Random;
import org.coinflip.model.example.Examples;
import org.coinflip.model.network.Network;
import org.coinflip.model.oracle.Networks;

/** Small examples of sequences, and networks that read them. */
final class Sequences {
    static final int STEPS = 5;
    static final int FEATURES = 2;
    static final int WIDTH = STEPS * FEATURES;
    static final int UNITS = 4;
    static final int CLASSES = 3;
    static final int BATCH = 7;
    static final String OUTPUT = "{ type = output, units = 3 }";

    private Sequences() {}

    /** Sequences of which the i-th has i mod 6 steps that are not zero. */
    static float[][] sequences(boolean padded) {
        Random random = new Random(4);
        float[][] features = new float[BATCH][WIDTH];
        for (int i = 0; i < BATCH; i++) {
            for (int k = 0; k < (padded ? i % (STEPS + 1) * FEATURES : WIDTH); k++) {
                features[i][k] = (float) random.nextGaussian();
            }
        }
        return features;
    }

    static Examples examples(float[][] features, int[] labels) {
        float[] all = new float[features.length * WIDTH];
        long[] ids = new long[features.length];
        for (int i = 0; i < features.length; i++) {
            System.arraycopy(features[i], 0, all, i * WIDTH, WIDTH);
            ids[i] = i;
        }
        return Examples.ofFloats(WIDTH, CLASSES, ids, labels, all);
    }

    static Network network(String keys) {
        return Networks.of(WIDTH, "{ steps = 5, units = 4, " + keys + " }", OUTPUT);
    }
}
