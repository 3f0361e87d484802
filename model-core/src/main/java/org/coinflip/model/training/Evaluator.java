package org.coinflip.model.training;

import java.util.Arrays;
import java.util.List;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.RowInvariantBlas;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.objective.Objective;

/**
 * One thread's evaluation of a network. The predictions of an example are a function of (state, example, seed, batch), whatever its
 * neighbours: BLAS rounds a row otherwise where a product has another number of rows, so every batch is computed whole, and some round it by its
 * place, which {@link RowInvariantBlas} prevents. Several draws'
 * predictions are averaged; the loss of K draws is as {@link Objective#isLikelihood} says, for a variational autoencoder the K-sample
 * bound.
 */
public final class Evaluator {
    /** Examples of a batch wherever a whole set is evaluated: another number may round predictions otherwise. */
    public static final int BATCH = 256;

    private final Pass pass;
    private final Objective objective;
    private final int targets;
    private final EvaluationSpec spec;
    private final long seed;
    private final Matrix predictions;
    private final double[] losses;
    private final int[] places;
    private final List<GateCounts> gates;
    private Matrix squares;
    private DrawWatcher watcher;
    private int count;

    /**
     * @param state not modified
     * @param batch examples at a time; rounded up to a multiple of {@link RowInvariantBlas#UNIT}
     */
    public Evaluator(Network network, State state, EvaluationSpec spec, Backend backend, int batch, long seed) {
        network.checkUse(spec.mode());
        int capacity = (batch + RowInvariantBlas.UNIT - 1) / RowInvariantBlas.UNIT * RowInvariantBlas.UNIT;
        Backend rowInvariant = backend.with(new RowInvariantBlas(backend.blas(), capacity));
        this.pass = network.bind(state, null, rowInvariant, capacity);
        this.objective = network.spec().output().objective();
        this.targets = network.spec().targets();
        this.spec = spec;
        this.seed = seed;
        this.predictions = Matrix.padded(capacity, network.spec().output().units());
        this.losses = new double[capacity];
        this.places = new int[capacity];
        this.gates = pass.gatedLayers().stream()
                .map(layer -> new GateCounts(layer, pass.gates(layer).columns()))
                .toList();
    }

    /** How often the gates were open in all that was evaluated so far, for every layer that has some. */
    public List<GateCounts> gates() {
        return gates;
    }

    /** Has it measure how predictions vary from draw to draw, too. */
    public Evaluator measuringSpread() {
        squares = Matrix.padded(predictions.rows(), predictions.columns());
        return this;
    }

    /** Has someone see every draw; changes no prediction. */
    public Evaluator watchedBy(DrawWatcher observer) {
        watcher = observer;
        return this;
    }

    /** Standard deviation from draw to draw (divisor draws − 1) of an output of an example predicted last, of two draws or more. */
    public float deviation(int row, int column) {
        return (float) Math.sqrt(squares.get(row, column) / (spec.draws() - 1));
    }

    /** The score of the examples {@code [from, to)}. */
    public Score score(Examples examples, int from, int to) {
        Score score = Score.NONE;
        for (int start = from; start < to; start += places.length) {
            score = score.plus(assess(examples, start, Math.min(places.length, to - start)));
        }
        return score;
    }

    /**
     * The score of {@code count} labelled examples from {@code start} on, at most a batch; each one's {@link #predictions}, {@link
     * #loss} and {@link #error} hold until the next call.
     */
    public Score assess(Examples examples, int start, int count) {
        compute(examples, start, count, true);
        double lossSum = 0;
        double errorSum = 0;
        for (int r = 0; r < count; r++) {
            lossSum += losses[r];
            errorSum += error(examples, r);
        }
        return new Score(count, lossSum, errorSum);
    }

    /** Predictions of {@code count} examples from {@code start} on, at most a batch; overwritten by the next call. */
    public Matrix predict(Examples examples, int start, int count) {
        compute(examples, start, count, false);
        return predictions;
    }

    /** Predictions of the examples assessed last. */
    public Matrix predictions() {
        return predictions;
    }

    /** The loss of one of the examples assessed last. */
    public double loss(int row) {
        return losses[row];
    }

    /** How wrong the prediction of one of the examples assessed last is. */
    public double error(Examples examples, int row) {
        return objective.error(predictions, row, examples, places[row]);
    }

    private void compute(Examples examples, int start, int rows, boolean withLosses) {
        count = rows;
        for (int r = 0; r < places.length; r++) {
            places[r] = start + Math.min(r, count - 1);
        }
        pass.load(examples, places, places.length);
        Arrays.fill(losses, 0);
        for (int draw = 0; draw < spec.draws(); draw++) {
            pass.context().setNoise(spec.mode(), seed, 0, draw);
            pass.forward();
            for (int i = 0; i < gates.size(); i++) {
                gates.get(i).add(pass.gates(gates.get(i).layer()), count);
            }
            if (withLosses) {
                addLosses(examples, draw);
            }
            objective.predict(pass.output(), count, targets);
            average(draw);
            if (watcher != null) {
                watcher.drawn(draw, pass.output(), predictions, examples, start, count);
            }
        }
        if (withLosses && !objective.isLikelihood()) {
            for (int r = 0; r < count; r++) {
                losses[r] += objective.loss(predictions, r, examples, places[r]);
            }
        }
    }

    /** Takes one more draw into {@code −log 1/K Σ_k exp(−loss_k)}; of other losses than likelihoods, into the mean of what stages cost. */
    private void addLosses(Examples examples, int draw) {
        for (int r = 0; r < count; r++) {
            if (!objective.isLikelihood()) {
                losses[r] += pass.context().losses()[r] / spec.draws();
                continue;
            }
            double loss = objective.loss(pass.output(), r, examples, places[r])
                    + pass.context().losses()[r];
            losses[r] = draw == 0 ? loss : meanProbability(losses[r], draw, loss);
        }
    }

    /** −log of the mean of exp(−loss), over {@code count} losses of which the mean is known, and one more. */
    private static double meanProbability(double mean, int count, double loss) {
        double least = Math.min(mean, loss);
        return least
                - StrictMath.log((count * StrictMath.exp(least - mean) + StrictMath.exp(least - loss)) / (count + 1));
    }

    private void average(int draw) {
        Matrix latest = pass.output();
        for (int r = 0; r < count; r++) {
            for (int j = 0; j < predictions.columns(); j++) {
                float mean = draw == 0 ? 0f : predictions.get(r, j);
                float next = mean + (latest.get(r, j) - mean) / (draw + 1);
                if (squares != null) {
                    // Welford (1962)
                    float before = draw == 0 ? 0f : squares.get(r, j);
                    squares.set(r, j, before + (latest.get(r, j) - mean) * (latest.get(r, j) - next));
                }
                predictions.set(r, j, next);
            }
        }
    }
}
