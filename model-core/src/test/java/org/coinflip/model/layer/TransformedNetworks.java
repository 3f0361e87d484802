package org.coinflip.model.layer;

import java.util.Arrays;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.oracle.TransformedReference;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.updater.Schedule;
import org.coinflip.model.training.updater.UpdaterSpec;

/** Small networks of three transformed layers, and how they are rounded. */
final class TransformedNetworks {
    static final Backend BACKEND = Backend.detect();
    static final int BATCH = 60;
    static final int INPUTS = 5;
    static final int[] WIDTHS = {INPUTS, 7, 6, 4, 3};
    /** Numbers that a layer reads, by shortcuts too. */
    private static final int[] READS = {5, 5 + 7, 5 + 7 + 6, 5 + 7 + 6 + 4};

    /** Roundings of the widest sum, and from the inputs to the outputs. */
    static final int WIDEST = READS[3] + 1 + Rounding.FUNCTION;

    static final int FORWARD = Arrays.stream(READS).sum() + READS.length * (1 + Rounding.FUNCTION);
    static final Examples EXAMPLES = Networks.random(BATCH, INPUTS, 3, 5);

    private TransformedNetworks() {}

    static Network network(String keys) {
        return Networks.of(
                INPUTS,
                "{ type = transformed, units = 7 " + keys + " }",
                "{ type = transformed, units = 6 " + keys + " }",
                "{ type = transformed, units = 4 " + keys + " }",
                "{ type = output, units = 3 }");
    }

    /** Goes forward and backward, and has the sink told the step, for which units are transformed. */
    static void learn(Pass pass, Examples examples, int from, int count) {
        int[] places = new int[count];
        for (int i = 0; i < count; i++) {
            places[i] = from + i;
        }
        pass.load(examples, places, count);
        pass.context().setNoise(Mode.TRAIN, 1, 0, 0);
        pass.forward();
        pass.backward();
        pass.accumulate();
    }

    static double[][] inputs(Examples examples, int from, int count) {
        double[][] inputs = new double[count][examples.width()];
        for (int t = 0; t < count; t++) {
            for (int i = 0; i < examples.width(); i++) {
                inputs[t][i] = examples.feature(from + t, i);
            }
        }
        return inputs;
    }

    static int[] labels(Examples examples, int from, int count) {
        int[] labels = new int[count];
        for (int t = 0; t < count; t++) {
            labels[t] = examples.label(from + t);
        }
        return labels;
    }

    static TransformedReference reference(State state) {
        return TransformedReference.tanh(WIDTHS).read(state, 0);
    }

    static Learner learner(Network network, double rate, int batch) {
        return new Learner(
                network, new TrainingSpec(batch, 1, UpdaterSpec.sgd(rate), Schedule.CONSTANT, 0, 0), BACKEND, 1);
    }
}
