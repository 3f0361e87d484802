package org.coinflip.model.layer;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.coinflip.model.example.Examples;
import org.coinflip.model.layer.held.HeldSamples;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.objective.Targets;

/**
 * What the stages of a pass share about the batch in it: its examples, targets, losses and noise. Reused for every batch; belongs to
 * one thread.
 */
public final class PassContext {
    private final int from;
    private final long[] ids;
    private final int[] places;
    private final Targets targets;
    private final float[] losses;
    private final float[] rowFactors;
    private final float[] weights;
    private final IntUnaryOperator mainRows = this::mainRow;
    private float[] scores;
    private float[] scoresOfPrior;
    private PassContext main;
    private Mode mode = Mode.TRAIN;
    private int inputRows;
    private int copies = 1;
    private int topRows;
    private long seed;
    private int epoch;
    private int draw;
    private double progress;
    private boolean weighed;
    private boolean weighsExamples;
    private Floats kept;
    private HeldSamples held;

    /**
     * @param from the layer that the pass begins with
     * @param capacity the most examples of a batch
     * @param rows the most rows of the top stage
     * @param targets of the batch, which a probe shares with the pass that it probes
     */
    public PassContext(int from, int capacity, int rows, Targets targets) {
        this.from = from;
        this.ids = new long[capacity];
        this.places = new int[capacity];
        this.targets = targets;
        this.losses = new float[rows];
        this.rowFactors = new float[rows];
        this.weights = new float[rows];
    }

    /** Example ids; the first {@link #examples()} count. */
    public long[] ids() {
        return ids;
    }

    /** Where in {@link #kept} what is kept of each example lies, counted in examples; the first {@link #examples()} count. */
    public int[] places() {
        return places;
    }

    /**
     * What the top layer keeps of the examples from epoch to epoch ({@link TopLayer#keptPerExample}), one after another; null where nothing
     * is kept.
     */
    public Floats kept() {
        return kept;
    }

    public void setKept(Floats kept) {
        this.kept = kept;
    }

    /** What several steps on the same samples have of them; null, as at first, where every step draws its own. */
    public HeldSamples held() {
        return held;
    }

    public void setHeld(HeldSamples held) {
        this.held = held;
    }

    /** What the batch should come out as. */
    public Targets targets() {
        return targets;
    }

    /** Loss of each row of the top stage. */
    public float[] losses() {
        return losses;
    }

    /**
     * Writes the loss of each row of a stage: the mean over the rows of the top stage that the layers between made of it.
     *
     * @param rows rows of the stage, copies included
     * @param out out: the losses, length at least {@code rows}
     */
    public void meanLosses(int rows, float[] out) {
        int above = topRows / rows;
        for (int r = 0; r < rows; r++) {
            float sum = 0f;
            for (int i = 0; i < above; i++) {
                sum += losses[i * rows + r];
            }
            out[r] = sum / above;
        }
    }

    /** Forgets the losses and the factors of the pass before. */
    public void beginForward() {
        Arrays.fill(losses, 0f);
        weighed = false;
        if (held != null) {
            held.beginForward();
        }
    }

    /** Adds costs of a stage's rows, copies included, to the losses of all rows that the stages above made of them. */
    public void addLosses(int rows, float[] costs) {
        for (int t = 0; t < topRows; t++) {
            losses[t] += costs[t % rows];
        }
    }

    /**
     * Puts combined losses in the place of those of the top stage's rows, and has each row's gradient multiplied by a factor.
     *
     * @param rows rows of a stage, copies included; what follows has one number of each
     * @param combined the loss, the same for all samples that it combines
     * @param factors on what a row counts beside the samples that it is combined with, 1 on average
     */
    public void combineLosses(int rows, float[] combined, float[] factors) {
        for (int t = 0; t < topRows; t++) {
            losses[t] = combined[t % rows];
            rowFactors[t] = factors[t % rows] * (weighed ? rowFactors[t] : 1f);
        }
        weighed = true;
    }

    /**
     * Tells the stages above one that combines its samples what the score of each sample, and of what they draw given it, counts in the combined loss.
     *
     * @param scores where log q is no part of the loss, one of each of the stage's rows; kept, not copied
     * @param scoresOfPrior where it is
     */
    public void shareScores(float[] scores, float[] scoresOfPrior) {
        this.scores = scores;
        this.scoresOfPrior = scoresOfPrior;
    }

    /** What the score of each row counts. */
    public float[] scores(boolean hasPrior) {
        return hasPrior ? scoresOfPrior : scores;
    }

    /** Factors on the gradients of the top stage's rows; null where all are 1. */
    public float[] rowFactors() {
        return weighed ? rowFactors : null;
    }

    /**
     * Has each example count what it weighs.
     *
     * @param examples null for examples without weights
     * @param places which of them make the batch; the first {@code count} count
     */
    public void weighExamples(Examples examples, int[] places, int count) {
        weighsExamples = examples != null && examples.areWeighted();
        for (int r = 0; weighsExamples && r < weights.length; r++) {
            weights[r] = examples.weight(places[r % count]);
        }
    }

    /** What the example of each row of any stage of the main pass counts; null where all count 1. */
    public float[] weights() {
        return weighsExamples ? weights : null;
    }

    /** Sets the number of examples in {@link #ids} and {@link #targets}, each one row of the input. */
    public void setExamples(int examples) {
        targets.setExamples(examples);
        this.inputRows = examples;
    }

    /** Rows of the pass's input, for one copy: the examples, or in a probe the samples of the layer below. */
    public int inputRows() {
        return inputRows;
    }

    public int examples() {
        return targets.examples();
    }

    /**
     * Says that every row of the input stands {@code copies} times in it, as when a continuation is evaluated at several points:
     * copies share their noise.
     */
    public void setCopies(int copies) {
        this.copies = copies;
    }

    public int copies() {
        return copies;
    }

    /**
     * The row of the main pass that a row of a stage here is a copy of, r itself in the main pass: copies are laid within each
     * sample of the layers above the input, {@code r = (sample · copies + copy) · inputRows + row}.
     */
    public IntUnaryOperator mainRows() {
        return mainRows;
    }

    /** The context of the pass that this one is a probe of; null in the main pass. */
    public PassContext outer() {
        return main;
    }

    /** A layer's draws for the batch; those of training are not those of use. */
    public Draws drawsOf(Draws draws, int index) {
        return drawsOf(draws, index, mainRows());
    }

    /** @param rows the row of the main pass whose draws a row has */
    public Draws drawsOf(Draws draws, int index, IntUnaryOperator rows) {
        int purpose = mode() == Mode.TRAIN ? index : index + NoiseKey.EVALUATION;
        return draws.of(seed(), epoch(), purpose, ids(), examples(), rows);
    }

    /** Whether the stage of a layer, −1 for the network's input, is not of this pass, but of one that it is a probe of. */
    boolean isOutside(int layer) {
        return layer + 1 < from;
    }

    /** In a probe, the row of the same stage of the pass that it is a probe of that a row is a copy of. */
    public int outerRow(int row) {
        return row / (copies * inputRows) * inputRows + row % inputRows;
    }

    private int mainRow(int row) {
        if (main == null) {
            return row;
        }
        return main.mainRow(outerRow(row));
    }

    /** Rows of the top stage in this pass, copies included. */
    public int topRows() {
        return topRows;
    }

    public void setTopRows(int topRows) {
        this.topRows = topRows;
    }

    /** Sets what the noise is a function of, besides example, layer and unit. */
    public void setNoise(Mode mode, long seed, int epoch, int draw) {
        this.mode = mode;
        this.seed = seed;
        this.epoch = epoch;
        this.draw = draw;
    }

    public Mode mode() {
        return mode;
    }

    public long seed() {
        return seed;
    }

    public int epoch() {
        return epoch;
    }

    /** The draw index of this pass's samples. */
    public int draw() {
        return draw;
    }

    /** Part of the training that is done, in [0, 1]; for schedules. */
    public double progress() {
        return progress;
    }

    public void setProgress(double progress) {
        this.progress = progress;
    }

    /**
     * Takes the batch, the noise and the progress of another context, as a probe of the same batch does.
     *
     * @param other the context of the pass that is probed, which may be a probe itself
     * @param rows rows of this pass's input, for one copy
     */
    public void setFrom(PassContext other, int rows) {
        System.arraycopy(other.ids, 0, ids, 0, other.examples());
        main = other;
        inputRows = rows;
        setNoise(other.mode, other.seed, other.epoch, other.draw);
        progress = other.progress;
    }
}
