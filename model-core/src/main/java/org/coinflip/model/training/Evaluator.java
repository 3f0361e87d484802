package org.coinflip.model.training;

import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.objective.Objective;

/**
 * One thread's evaluation of a network. The predictions of an example are a function of (state, example, seed, batch), whatever its
 * neighbours: BLAS rounds a row otherwise where a product has another number of rows, so every batch is computed whole.
 */
public final class Evaluator {
    private final Pass pass;
    private final Objective objective;
    private final EvaluationSpec spec;
    private final long seed;
    private final Matrix predictions;
    private final int[] places;

    /** @param state not modified */
    public Evaluator(Network network, State state, EvaluationSpec spec, Backend backend, int batch, long seed) {
        this.pass = network.bind(state, null, backend, batch);
        this.objective = network.spec().output().objective();
        this.spec = spec;
        this.seed = seed;
        this.predictions = Matrix.padded(batch, network.spec().output().units());
        this.places = new int[batch];
    }

    /** The score of the examples {@code [from, to)}. */
    public Score score(Examples examples, int from, int to) {
        double lossSum = 0;
        long errors = 0;
        for (int start = from; start < to; start += places.length) {
            int count = Math.min(places.length, to - start);
            predict(examples, start, count);
            for (int r = 0; r < count; r++) {
                int label = examples.label(start + r);
                lossSum += objective.loss(predictions, r, label);
                errors += Objective.isError(predictions, r, label) ? 1 : 0;
            }
        }
        return new Score(to - from, lossSum, errors);
    }

    /** Predictions of {@code count} examples from {@code start} on, at most a batch; overwritten by the next call. */
    public Matrix predict(Examples examples, int start, int count) {
        for (int r = 0; r < places.length; r++) {
            places[r] = start + Math.min(r, count - 1);
        }
        pass.load(examples, places, places.length);
        for (int draw = 0; draw < spec.draws(); draw++) {
            pass.context().setNoise(spec.mode(), seed, 0, draw);
            pass.forward();
            average(pass.output(), count, draw);
        }
        return predictions;
    }

    private void average(Matrix latest, int rows, int draw) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < predictions.columns(); j++) {
                float mean = draw == 0 ? 0f : predictions.get(r, j);
                predictions.set(r, j, mean + (latest.get(r, j) - mean) / (draw + 1));
            }
        }
    }
}
