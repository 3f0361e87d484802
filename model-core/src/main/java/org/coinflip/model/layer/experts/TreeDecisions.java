package org.coinflip.model.layer.experts;

import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.estimator.score.LeaveOneOut;
import org.coinflip.model.estimator.score.Reinforce;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.unit.Bernoulli;
import org.coinflip.model.unit.UnitLaw;

/**
 * The decisions on the paths of a batch, a column for each level of the tree: the site at which their estimator works. What it learns from batch to batch, such
 * as a baseline, is of a level.
 *
 * <p>Where K paths are drawn of a row, each has nodes of its own and so is a row of its own here, whose baseline is the mean loss of the others,
 * {@code g = 1/K Σ_k (L_k − 1/(K−1) Σ_{j≠k} L_j) (b_k − p_k)}.
 */
final class TreeDecisions implements Site {
    private final TreeExpertsLayer layer;
    private final Binding binding;
    private final UnitLaw law = new Bernoulli();
    private final Matrix logits;
    private final Matrix probabilities;
    private final Matrix samples;
    private final Matrix logitGradient;
    /** A uniform number of each row and level, row by row; a path goes right where the probability of that is above it. */
    private final float[] noise;

    private final Floats noBiases;
    private final float[] losses;
    private final Draws draws;
    private final Estimation estimation;
    private PassContext context;
    private boolean isDrawn;
    private int rows;

    TreeDecisions(TreeExpertsLayer layer, Binding binding) {
        this.layer = layer;
        this.binding = binding;
        int capacity = binding.capacity() * layer.fanOut();
        logits = Matrix.padded(capacity, layer.depth());
        probabilities = logits.zeros();
        samples = logits.zeros();
        logitGradient = logits.zeros();
        noise = new float[Math.multiplyExact(capacity, layer.depth())];
        noBiases = Floats.allocate(layer.depth());
        losses = new float[capacity];
        draws = new Draws(layer.depth());
        // with other losses than their own, below
        estimation = layer.estimator() instanceof LeaveOneOut
                ? new Reinforce(Reinforce.Baseline.NONE, 0, 1).at(this)
                : layer.estimator().at(this);
    }

    /**
     * Draws the noise of a batch.
     *
     * @param below rows that the layer is given
     * @param paths rows that it makes of them
     */
    void begin(PassContext pass, int below, int paths) {
        context = pass;
        rows = paths;
        isDrawn = pass.mode().isStochastic();
        Draws ofBatch = draws();
        for (int row = 0; isDrawn && row < paths; row++) {
            int draw = pass.mode() == Mode.TRAIN ? draw(row / below) : pass.draw();
            backend().sampling().words(ofBatch, row % below, draw, layer.depth(), ofBatch.words());
            for (int level = 0; level < layer.depth(); level++) {
                noise[row * layer.depth() + level] = NoiseKey.ofWord(ofBatch.words()[level]);
            }
        }
    }

    /** Whether a path goes right, given the logit that is there now. */
    boolean isRight(int row, int level) {
        float logit = logits.get(row, level);
        float probability = ScalarMath.sigmoid(logit);
        boolean right = isDrawn ? noise[row * layer.depth() + level] < probability : logit > 0f;
        samples.set(row, level, right ? 1f : 0f);
        probabilities.set(row, level, probability);
        return right;
    }

    /** Takes the losses of the paths, when they are those of this layer and of those above it. */
    void takeLosses() {
        context.meanLosses(rows, losses);
        int paths = layer.fanOut();
        int below = rows / paths;
        for (int r = 0; paths > 1 && r < below; r++) {
            float sum = 0f;
            for (int row = r; row < rows; row += below) {
                sum += losses[row];
            }
            for (int row = r; row < rows; row += below) {
                losses[row] -= (sum - losses[row]) / (paths - 1);
            }
        }
    }

    /** Writes ∂L/∂logits. */
    void estimate() {
        estimation.estimate(this);
    }

    void learn() {
        estimation.learn(this);
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int width() {
        return layer.depth();
    }

    @Override
    public UnitLaw law() {
        return law;
    }

    @Override
    public Matrix logits() {
        return logits;
    }

    /** None: the logits have those of their nodes. */
    @Override
    public Floats biases() {
        return noBiases;
    }

    @Override
    public Matrix probabilities() {
        return probabilities;
    }

    @Override
    public Matrix samples() {
        return samples;
    }

    @Override
    public Matrix inputs() {
        return binding.source().output();
    }

    @Override
    public Matrix upstream() {
        return null;
    }

    @Override
    public float[] losses() {
        return losses;
    }

    @Override
    public float rowWeight() {
        return (float) context.inputRows() / (binding.source().rows(context) * layer.fanOut());
    }

    @Override
    public Matrix logitGradient() {
        return logitGradient;
    }

    @Override
    public Floats statistics(String name) {
        return binding.state().view(binding.segment(name));
    }

    @Override
    public Draws draws() {
        return context.drawsOf(draws, binding.index());
    }

    @Override
    public int draw(int sample) {
        return context.draw() * layer.fanOut() + sample;
    }

    @Override
    public void drawIndependently() {
        throw new IllegalStateException("paths are drawn level by level");
    }

    @Override
    public PassContext context() {
        return context;
    }

    @Override
    public Backend backend() {
        return binding.backend();
    }
}
