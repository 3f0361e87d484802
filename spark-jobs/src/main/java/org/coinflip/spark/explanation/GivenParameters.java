package org.coinflip.spark.explanation;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.data.DataSpec;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.explanation.Explanation;
import org.coinflip.model.explanation.Microscope;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.training.Evaluator;
import org.coinflip.model.transform.Naming;

/**
 * An example under parameters as they are, with the noise of an epoch: the coins are thrown by the same numbers as in training, and fall as these parameters
 * have them.
 *
 * @param parameters what they are, in a line
 * @param seed of the training
 * @param epochs of the training; 0 where they are not known
 */
record GivenParameters(
        Network network,
        State state,
        EvaluationSpec evaluation,
        KernelChoice kernels,
        Naming naming,
        DataSpec data,
        String parameters,
        long seed,
        int epochs) {
    /** Looks at an example in a batch of its own. */
    Sighting see(ExplanationSpec spec, ExampleName name, String split, Examples examples, int place) {
        if (spec.step().isPresent()) {
            throw new UsageException(
                    "step: got " + spec.step().getAsInt() + ", expected none beside parameters as they are:"
                            + " leave it out, or name the output of the training");
        }
        requireEpoch(spec.epoch(), epochs);
        Map<String, Object> where = new LinkedHashMap<>();
        where.put("epoch", spec.epoch());
        double progress = epochs == 0 ? 1 : (spec.epoch() - 1.0) / epochs;
        try (FlushToZero flushing = kernels.arithmetic().begin()) {
            Backend backend = Backend.of(kernels);
            Explanation seen = new Microscope(network, backend, spec.referenceDraws())
                    .look(state, examples, place, seed, spec.epoch() - 1, spec.draw(), progress);
            return new Sighting(
                    name.called(),
                    split,
                    seen,
                    network.spec(),
                    prediction(network, state, evaluation, backend, seed, examples, place),
                    naming,
                    false,
                    where,
                    parameters,
                    kernels,
                    data);
        }
    }

    /** Refuses an epoch that the training did not come to. */
    static void requireEpoch(int epoch, int epochs) {
        if (epochs > 0 && epoch > epochs) {
            throw new UsageException("epoch: got " + epoch + ", expected 1 to " + epochs + ", as the training had");
        }
    }

    /** What the network gives for an example. */
    static float[] prediction(
            Network network,
            State state,
            EvaluationSpec evaluation,
            Backend backend,
            long seed,
            Examples examples,
            int place) {
        Matrix predictions = new Evaluator(network, state, evaluation, backend, 1, seed).predict(examples, place, 1);
        float[] row = new float[predictions.columns()];
        predictions.getRow(0, row, 0);
        return row;
    }
}
