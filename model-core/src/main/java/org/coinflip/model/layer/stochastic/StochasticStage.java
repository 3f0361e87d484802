package org.coinflip.model.layer.stochastic;

import java.util.Arrays;
import java.util.Optional;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Continuation;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.PreActivation;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.layer.held.HeldSamples;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.unit.Gaussian;
import org.coinflip.model.unit.GaussianUnits;
import org.coinflip.model.unit.UnitLaw;

/** A stochastic layer in one pass: the site at which its estimator works. */
public final class StochasticStage extends Stage implements Site {
    private final Binding binding;
    private final UnitLaw law;
    private final int fanOut;
    private final PreActivation preActivation;
    private final Matrix logits;
    private final Matrix probabilities;
    private final Matrix derivative;
    private final Matrix logitGradient;
    /** One sample of each row, before it takes its place among the others; null where there is one. */
    private final Matrix oneSample;

    private final Floats noBiases;
    private final float[] losses;
    /** What the prior adds; null where there is none. */
    private final PriorCost prior;

    /** What keeps most units at zero; null where nothing does. */
    private final SparsityCost sparsity;

    /** What brings units back that do not fire; null where nothing does. */
    private final RateFloorStep rateFloor;

    private final ThresholdRateStep thresholdRate;

    /** What Gaussian units learn besides; null of other laws. */
    private final DeviationStep deviations;

    private final boolean wantsGradientAtZero;
    private final boolean readsGradient;
    /** What the estimator read as the gradient from above; null unless it is kept. */
    private Matrix upstreamKept;

    /** What each sample's prior costs, and then what the sample counts. */
    private final float[] perSample;

    private final Draws draws;
    private final Continuation continuation;
    private final Estimation estimation;
    private PassContext context;
    /** Made when samples are first held. */
    private HeldUnits heldUnits;

    StochasticStage(StochasticLayer layer, Binding binding) {
        super(Matrix.padded(binding.capacity() * layer.fanOut(), layer.units()));
        GradientEstimator estimator = layer.estimator();
        int capacity = binding.capacity();
        this.binding = binding;
        this.law = layer.law() instanceof Gaussian units ? DeviationStep.units(units, binding) : layer.law();
        this.fanOut = layer.fanOut();
        this.preActivation = layer.connectivity().bind(binding);
        this.logits = Matrix.padded(capacity, layer.units());
        this.probabilities = Matrix.padded(capacity, layer.units());
        this.derivative = law.writesDerivative() ? Matrix.padded(capacity, layer.units()) : null;
        this.oneSample = fanOut == 1 ? null : Matrix.padded(capacity, layer.units());
        this.noBiases = Floats.allocate(layer.units());
        this.losses = new float[capacity * fanOut];
        this.draws = new Draws(layer.units());
        this.readsGradient = estimator.needsGradient();
        if (readsGradient) {
            requireGradient();
        }
        this.logitGradient =
                estimator.needsGradient() && fanOut == 1 ? gradient() : Matrix.padded(capacity, layer.units());
        this.prior = layer.prior()
                .map(p -> PriorCost.of(p, law, binding, layer.units()))
                .orElse(null);
        this.sparsity = layer.sparsity()
                .map(s -> new SparsityCost(s, law, binding, layer.units()))
                .orElse(null);
        this.rateFloor = layer.rateFloor()
                .map(f -> new RateFloorStep(f, binding, layer.units()))
                .orElse(null);
        this.thresholdRate = layer.thresholdRate()
                .map(t -> new ThresholdRateStep(t, law.openingPower().getAsDouble(), binding, layer.units()))
                .orElse(null);
        this.wantsGradientAtZero = estimator.needsGradientAtZero(law) || prior != null;
        this.perSample = prior == null ? null : new float[capacity * fanOut];
        int probes = estimator.probes(layer.units());
        Continuation above = probes == 0 ? null : binding.continuation().apply(probes);
        this.continuation = above == null || prior == null ? above : new PricedContinuation(above, prior, this);
        this.estimation = estimator.at(this);
        this.deviations =
                law instanceof GaussianUnits ? new DeviationStep(this, binding, estimator.needsGradient()) : null;
    }

    @Override
    public boolean wantsGradientAtZero() {
        return gradient() != null && wantsGradientAtZero;
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
                preActivation.multiply(rows, logits);
                if (pass.held() == null) {
                    estimation.sample(this);
                } else {
                    hold(pass.held());
                }
            }
            case SAMPLES -> {
                preActivation.multiply(rows, logits);
                law.inUse()
                        .sample(
                                backend(),
                                pass.progress(),
                                logits,
                                preActivation.biases(),
                                draws(),
                                pass.draw(),
                                rows,
                                probabilities,
                                output(),
                                derivative);
            }
            case MEANS -> law.means(backend(), logitsToOutput(rows), noBiases, rows);
            case THRESHOLDS -> {
                if (thresholdRate == null) {
                    law.thresholds(backend(), logitsToOutput(rows), noBiases, rows);
                } else {
                    thresholdRate.apply(logitsToOutput(rows), rows);
                }
            }
        }
    }

    /** Draws the samples of several steps, or leaves them as they are, and says how likely they are. */
    private void hold(HeldSamples held) {
        if (heldUnits == null) {
            heldUnits = new HeldUnits(this, binding);
        }
        if (held.areDrawn()) {
            estimation.sample(this);
        } else {
            heldUnits.evaluate();
        }
        heldUnits.addLogProbabilities(held.logProbabilities());
    }

    private Matrix logitsToOutput(int rows) {
        preActivation.multiply(rows, logits);
        backend().elementwise().activate(Activation.LINEAR, logits, preActivation.biases(), rows);
        output().setRows(0, logits, 0, rows);
        return output();
    }

    @Override
    public void drawIndependently() {
        int rows = rows();
        if (fanOut == 1) {
            sample(preActivation.biases(), draw(0), rows, output());
            return;
        }
        for (int s = 0; s < fanOut; s++) {
            sample(s == 0 ? preActivation.biases() : noBiases, draw(s), rows, oneSample);
            output().setRows(s * rows, oneSample, 0, rows);
        }
    }

    private void sample(Floats biases, int draw, int rows, Matrix samples) {
        law.sample(
                backend(), context.progress(), logits, biases, draws(), draw, rows, probabilities, samples, derivative);
    }

    @Override
    public void addCosts(PassContext pass) {
        if (prior == null) {
            return;
        }
        int samples = rows(pass) * pass.copies();
        Arrays.fill(perSample, 0, samples, 0f);
        prior.add(logits, output(), rows(), samples, pass.mode().isStochastic(), perSample);
        pass.addLosses(samples, perSample);
    }

    @Override
    public void combine(PassContext pass) {
        pass.meanLosses(rows(pass) * pass.copies(), losses);
        estimation.combine(this);
    }

    @Override
    public void combineLosses(float[] combined, float[] factors) {
        context.combineLosses(rows(context) * context.copies(), combined, factors);
    }

    @Override
    public void backward(PassContext pass) {
        if (prior != null && gradient() != null) {
            int samples = rows(pass) * pass.copies();
            prior.addGradient(logits, output(), rows(), samples, rowWeight() / fanOut, gradient());
        }
        if (sparsity != null) {
            sparsity.addSampleGradient(output(), rows(), rowWeight(), gradient());
        }
        if (deviations != null) {
            deviations.estimate(this, estimation);
        }
        if (upstreamKept != null) {
            upstreamKept.setRows(0, gradient(), 0, fanOut * rows());
        }
        estimation.estimate(this);
        if (pass.held() != null) {
            pass.held().weigh(output(), probabilities, rows(), logitGradient);
        }
        if (sparsity != null) {
            sparsity.addGradient(output(), probabilities, rows(), rowWeight(), logitGradient);
        }
        preActivation.propagate(logitGradient, rows());
    }

    @Override
    public void accumulate(PassContext pass) {
        preActivation.accumulate(logitGradient, rows(), pass);
        if (deviations != null) {
            deviations.accumulate(this, pass.weights(), pass.examples());
        }
        if (prior != null) {
            int samples = rows(pass);
            float[] factors = pass.rowFactors();
            for (int r = 0; r < samples; r++) {
                // above a layer that weighs its samples every layer makes one row of one
                perSample[r] = rowWeight() / fanOut * (factors == null ? 1f : factors[r]);
                perSample[r] *= pass.weights() == null ? 1f : pass.weights()[r];
            }
            prior.accumulate(output(), perSample, samples, pass.examples());
        }
        if (pass.held() != null && !pass.held().isLastStep()) {
            // baselines of the steps to come are not to know the samples that they are used on
            return;
        }
        estimation.learn(this);
        if (sparsity != null) {
            sparsity.learn(output(), rows());
        }
        if (rateFloor != null) {
            rateFloor.take(output(), rows(pass));
        }
        if (thresholdRate != null) {
            thresholdRate.take(logits, rows());
        }
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
    public UnitLaw law() {
        return law;
    }

    @Override
    public Matrix logits() {
        return logits;
    }

    @Override
    public Floats biases() {
        return preActivation.biases();
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

    /** From now on keeps {@link #upstream}, whose place the estimate may take; nothing where the estimator does not read it. */
    public void keepUpstream() {
        if (readsGradient && upstreamKept == null) {
            upstreamKept = Matrix.padded(output().rows(), width());
        }
    }

    /** What the estimator read as {@link #upstream} last; null where it reads none, or none is kept. */
    public Matrix upstreamKept() {
        return upstreamKept;
    }

    /** What the estimator held against the loss of a sample last, {@link Estimation#baselines}. */
    public Optional<float[]> baselines(int sample) {
        return estimation.baselines(this, sample);
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
    public boolean hasPrior() {
        return prior != null;
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
        return context.drawsOf(draws, binding.index());
    }

    @Override
    public int draw(int sample) {
        return context.draw() * fanOut + sample;
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
