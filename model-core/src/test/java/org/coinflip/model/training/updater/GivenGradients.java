package org.coinflip.model.training.updater;

import java.util.Random;
import org.coinflip.model.memory.Layout;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;

/** Small networks' parameters, and steps of updaters on gradients that are given. */
final class GivenGradients {
    static final int ROWS = 5;
    static final int COLUMNS = 7;
    private static final int BATCH = 4;

    private GivenGradients() {}

    /** Weights of rate scale 1, then weights of rate scale ½, then biases. */
    static State state(UpdaterSpec spec) {
        Layout layout = new LayoutBuilder()
                .add("layer0.weights", Segment.Role.WEIGHTS, ROWS, COLUMNS, 1)
                .add("layer1.weights", Segment.Role.WEIGHTS, ROWS, COLUMNS, 0.5)
                .add("layer0.biases", Segment.Role.BIASES, 1, COLUMNS, 1)
                .build()
                .withUpdaterMemory(spec.memory());
        State state = new State(layout);
        Random random = new Random(1);
        for (int i = 0; i < layout.parameters(); i++) {
            state.values().set(i, (float) random.nextGaussian());
        }
        return state;
    }

    /** Gives a batch's gradient to the updater as the products and sums of a pass would, and finishes the step. */
    static void step(Updater updater, State state, float[] gradient, Progress progress) {
        updater.begin(progress);
        for (Segment segment : state.layout().segments()) {
            if (segment.isParameter()) {
                for (int i = segment.offset(); i < segment.offset() + segment.length(); i++) {
                    float kept = updater.carry(segment) * updater.target().get(i);
                    updater.target().set(i, kept + updater.scale(segment, BATCH) * (BATCH * gradient[i]));
                }
            }
        }
        updater.finish();
    }

    static float[] gradient(Random random, int length) {
        float[] gradient = new float[length];
        for (int i = 0; i < length; i++) {
            gradient[i] = (float) (random.nextGaussian() * (i % 3 == 0 ? 0.01 : 1));
        }
        return gradient;
    }
}
