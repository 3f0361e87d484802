package org.coinflip.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.coinflip.Model;
import org.coinflip.Scorer;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.experts.ExpertsLayer;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.transform.Transformation;

/**
 * How long a prediction of one example takes, drawn once, with initial weights: by the scorer, by the library, and by the scorer with all experts
 * computed where there are experts.
 */
final class Latency {
    private static final int EXAMPLES = 1000;
    private static final double LATE = 0.99;
    /** However short the time is: the bytes are those of all but the first. */
    private static final int LEAST = 2;

    private final NetworkSpec spec;

    /**
     * What was measured, in microseconds.
     *
     * @param what who predicts
     * @param late 99 in 100 took no longer
     * @param bytes that a prediction allocates on the heap
     */
    record Result(String what, double median, double late, double bytes) {}

    Latency(NetworkSpec spec) {
        this.spec = spec;
    }

    List<Result> measure(Examples examples, double seconds) {
        int count = Math.min(EXAMPLES, examples.size());
        float[][] features = new float[count][examples.width()];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < features[i].length; j++) {
                features[i][j] = examples.feature(i, j);
            }
        }
        float[] prediction = new float[spec.output().units()];
        boolean hasExperts = spec.layers().stream().anyMatch(ExpertsLayer.class::isInstance);
        List<Result> results = new ArrayList<>();
        if (hasExperts) {
            Scorer skipping = Scorer.of(stored(ExpertsLayer.Compute.SPARSE));
            results.add(time(
                    "scorer, closed experts skipped",
                    seconds,
                    count,
                    i -> skipping.predict(i, features[i], prediction)));
        }
        Scorer scorer = Scorer.of(stored(ExpertsLayer.Compute.DENSE));
        results.add(time(
                hasExperts ? "scorer, all experts computed" : "scorer",
                seconds,
                count,
                i -> scorer.predict(i, features[i], prediction)));
        Model model = new Model(stored(ExpertsLayer.Compute.AUTO));
        results.add(time("library", seconds, count, i -> model.predict(features[i])));
        return results;
    }

    private StoredModel stored(ExpertsLayer.Compute compute) {
        List<Layer> layers = spec.layers().stream()
                .map(layer -> layer instanceof ExpertsLayer experts ? experts.with(compute) : layer)
                .toList();
        Network network = new Network(new NetworkSpec(spec.inputs(), layers));
        State state = new State(network.layout());
        network.initialise(state, 1);
        return new StoredModel(
                network,
                state,
                Transformation.none(spec.inputs()),
                new EvaluationSpec(Mode.SAMPLES, 1),
                Arithmetic.FAST,
                1);
    }

    /** The first third of the time is for the compiler. */
    private static Result time(String what, double seconds, int count, IntConsumer predict) {
        double[] micros = new double[1 << 20];
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int taken = 0;
        long bytes = 0;
        long start = System.nanoTime();
        for (int i = 0;
                taken < LEAST || System.nanoTime() - start < seconds * 1e9 && taken < micros.length;
                i = (i + 1) % count) {
            long before = System.nanoTime();
            predict.accept(i);
            long after = System.nanoTime();
            if (after - start > seconds * 1e9 / 3) {
                bytes = taken == 0 ? threads.getCurrentThreadAllocatedBytes() : bytes;
                micros[taken++] = (after - before) / 1e3;
            }
        }
        double perPrediction = (double) (threads.getCurrentThreadAllocatedBytes() - bytes) / (taken - 1);
        Arrays.sort(micros, 0, taken);
        return new Result(what, micros[taken / 2], micros[(int) (taken * LATE)], perPrediction);
    }
}
