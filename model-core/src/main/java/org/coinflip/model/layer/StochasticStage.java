package org.coinflip.model.layer;

import org.coinflip.model.estimator.Continuation;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.network.Mode;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.unit.UnitLaw;

/** A stochastic layer in one pass: the site at which its estimator works. */
public final class StochasticStage extends Stage implements Site {
    /** Draws besides its samples that an estimator may ask for in a pass. */
    private static final int OWN_DRAWS = 4;

    private final Binding binding;
    private final UnitLaw law;
    private final int fanOut;
    private final Affine affine;
    private final Matrix logits;
    private final Matrix probabilities;
    private final Matrix derivative;
    private final Matrix logitGradient;
    /** One sample of each row, before it takes its place among the others; null where there is one. */
    private final Matrix oneSample;

    private final Floats noBiases;
    private final float[] losses;
    private final Draws draws;
    private final Continuation continuation;
    private final Estimation estimation;
    private PassContext context;

    StochasticStage(StochasticLayer layer, Binding binding) {
        super(Matrix.padded(binding.capacity() * layer.fanOut(), layer.units()));
        GradientEstimator estimator = layer.estimator();
        int capacity = binding.capacity();
        this.binding = binding;
        this.law = layer.law();
        this.fanOut = layer.fanOut();
        this.affine = new Affine(binding);
        this.logits = Matrix.padded(capacity, layer.units());
        this.probabilities = Matrix.padded(capacity, layer.units());
        this.derivative = law.pathwise() == UnitLaw.Pathwise.STORED ? Matrix.padded(capacity, layer.units()) : null;
        this.oneSample = fanOut == 1 ? null : Matrix.padded(capacity, layer.units());
        this.noBiases = Floats.allocate(layer.units());
        this.losses = new float[capacity * fanOut];
        this.draws = new Draws(layer.units());
        if (estimator.needsGradient()) {
            requireGradient();
        }
        this.logitGradient =
                estimator.needsGradient() && fanOut == 1 ? gradient() : Matrix.padded(capacity, layer.units());
        int probes = estimator.probes(layer.units());
        this.continuation = probes == 0 ? null : binding.continuation().apply(probes);
        this.estimation = estimator.at(this);
    }

    @Override
    public int rows(PassContext pass) {
        return binding.source().rows(pass) * (pass.mode() == Mode.TRAIN ? fanOut : 1);
    }

    @Override
    public void forward(PassContext pass) {
        context = pass;
        int rows = rows();
        switch (pass.mode()) {
            case TRAIN -> {
                affine.multiply(rows, logits);
                estimation.sample(this);
            }
            case SAMPLES -> {
                affine.multiply(rows, logits);
                sample(affine.biases(), pass.draw(), rows, output());
            }
            case MEANS -> {
                affine.multiply(rows, output());
                law.means(backend(), output(), affine.biases(), rows);
            }
            case THRESHOLDS -> {
                affine.multiply(rows, output());
                law.thresholds(backend(), output(), affine.biases(), rows);
            }
        }
    }

    @Override
    public void drawIndependently() {
        int rows = rows();
        if (fanOut == 1) {
            sample(affine.biases(), draw(0), rows, output());
            return;
        }
        for (int s = 0; s < fanOut; s++) {
            sample(s == 0 ? affine.biases() : noBiases, draw(s), rows, oneSample);
            output().setRows(s * rows, oneSample, 0, rows);
        }
    }

    private void sample(Floats biases, int draw, int rows, Matrix samples) {
        law.sample(backend(), logits, biases, draws(), draw, rows, probabilities, samples, derivative);
    }

    @Override
    public void backward(PassContext pass) {
        pass.meanLosses(rows(pass) * pass.copies(), losses);
        estimation.estimate(this);
        affine.propagate(logitGradient, rows());
    }

    @Override
    public void accumulate(PassContext pass) {
        affine.accumulate(logitGradient, rows(), pass.examples());
        estimation.learn(this);
    }

    @Override
    public int rows() {
        return binding.source().rows(context) * context.copies();
    }

    @Override
    public int width() {
        return logits.columns();
    }

    @Override
    public Matrix logits() {
        return logits;
    }

    @Override
    public Floats biases() {
        return affine.biases();
    }

    @Override
    public Matrix probabilities() {
        return probabilities;
    }

    @Override
    public Matrix samples() {
        return output();
    }

    @Override
    public Matrix derivative() {
        return derivative;
    }

    @Override
    public Matrix inputs() {
        return binding.source().output();
    }

    @Override
    public Matrix upstream() {
        return gradient();
    }

    @Override
    public float[] losses() {
        return losses;
    }

    @Override
    public float rowWeight() {
        return (float) context.inputRows() / binding.source().rows(context);
    }

    @Override
    public Matrix logitGradient() {
        return logitGradient;
    }

    @Override
    public Continuation continuation() {
        return continuation;
    }

    @Override
    public Floats statistics(String name) {
        return binding.state().view(binding.segment(name));
    }

    @Override
    public Draws draws() {
        return NoiseStage.drawsOf(draws, context, binding.index());
    }

    @Override
    public int draw(int sample) {
        return context.draw() * fanOut + sample;
    }

    @Override
    public int ownDraw(int index) {
        return Draws.OWN + context.draw() * OWN_DRAWS + index;
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
