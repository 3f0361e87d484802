package org.coinflip.model.training;

import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.kernel.Product;
import org.coinflip.model.kernel.RecordingBlas;
import org.coinflip.model.layer.ReadOut;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.network.Network;
import org.coinflip.model.training.updater.Progress;

/** The matrix products of a training step, found by taking one whose products are counted instead of computed. */
public final class StepProducts {
    private StepProducts() {}

    /** How often a step on a whole batch takes each product. */
    public static Map<Product, Integer> of(Network network, TrainingSpec spec) {
        RecordingBlas recording = new RecordingBlas();
        Network first = EstimatorChoice.first(network);
        Learner learner = new Learner(first, spec, Backend.around(recording), 1);
        first.initialise(learner.state(), 1);
        int batch = spec.batch();
        int kept = network.spec().top().keptPerExample();
        learner.keep(kept == 0 ? null : Floats.allocate(Math.multiplyExact(kept, batch)));
        int[] places = IntStream.range(0, batch).toArray();
        try {
            learner.step(examples(network, batch), places, batch, new Progress(1, 1).at(0));
        } catch (DivergenceException e) {
            // a loss of products that are not computed means nothing; those before it were counted
        }
        return recording.counts();
    }

    /** Multiplications and additions of a step's products. */
    static double operations(Network network, TrainingSpec spec) {
        return of(network, spec).entrySet().stream()
                .mapToDouble(product -> product.getKey().operations() * product.getValue())
                .sum();
    }

    /** The kernels for training a network. */
    public static KernelChoice choice(Arithmetic arithmetic, Network network, TrainingSpec spec) {
        return KernelChoice.of(arithmetic, () -> of(network, spec));
    }

    private static Examples examples(Network network, int batch) {
        int width = network.spec().inputs();
        int classes = network.spec().top() instanceof ReadOut output
                        && output.objective().isOfClasses()
                ? output.units()
                : 1;
        Examples examples = Examples.ofFloats(
                width,
                classes,
                LongStream.range(0, batch).toArray(),
                IntStream.range(0, batch).map(i -> i % classes).toArray(),
                new float[Math.multiplyExact(batch, width)]);
        int targets = network.spec().targets();
        return targets > 0 ? examples.withValues(targets, new float[batch * targets]) : examples;
    }
}
