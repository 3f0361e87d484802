package org.coinflip.dl4j;

import java.util.HashMap;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.objective.Targets;
import org.coinflip.model.unit.UnitLaw;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A stochastic layer of a DL4J network as its estimator sees it, in memory of ours that numbers are copied into and out of. */
final class LayerSite implements Site {
    private final String name;
    private final int index;
    private final Backend backend;
    private final UnitLaw law;
    private final int fanOut;
    private final SharedMatrix logits;
    private final SharedMatrix samples;
    private final SharedMatrix upstream;
    private final SharedMatrix logitGradient;
    private final Matrix probabilities;
    private final Matrix derivative;
    /** One sample of each row, before it takes its place among the others; null where there is one. */
    private final Matrix oneSample;

    /** For estimators that learn something of them; else null. */
    private final SharedMatrix inputs;

    /** DL4J has added the biases already. */
    private final Floats noBiases;

    private final Map<String, Floats> statistics = new HashMap<>();
    private final float[] losses;
    private final Draws draws;
    private final PassContext context;
    private final Estimation estimation;
    private LearningSignal signal;

    /**
     * @param name of the layer, for messages
     * @param index the layer's number, which is its noise's purpose
     * @param capacity the most rows that come in
     */
    LayerSite(String name, int index, StochasticLayer layer, int inputs, Backend backend, int capacity) {
        int units = layer.units();
        this.name = name;
        this.index = index;
        this.backend = backend;
        law = layer.law();
        fanOut = layer.fanOut();
        logits = new SharedMatrix(capacity, units);
        samples = new SharedMatrix(capacity * fanOut, units);
        boolean needsGradient = layer.estimator().needsGradient();
        upstream = needsGradient ? new SharedMatrix(capacity * fanOut, units) : null;
        logitGradient = needsGradient && fanOut == 1 ? upstream : new SharedMatrix(capacity, units);
        probabilities = Matrix.padded(capacity, units);
        derivative = law.writesDerivative() ? Matrix.padded(capacity, units) : null;
        oneSample = fanOut == 1 ? null : Matrix.padded(capacity, units);
        this.inputs = layer.statistics(inputs).isEmpty() ? null : new SharedMatrix(capacity, inputs);
        noBiases = Floats.allocate(units);
        for (Statistic statistic : layer.statistics(inputs)) {
            statistics.put(statistic.name(), Floats.allocate(statistic.rows() * statistic.columns()));
        }
        losses = new float[capacity * fanOut];
        draws = new Draws(units);
        context = new PassContext(0, capacity, capacity, new Targets(Matrix.padded(capacity, 1), 0));
        estimation = layer.estimator().at(this);
    }

    /** Takes a batch's logits and input, and what its noise is a function of. */
    void load(
            INDArray preActivations,
            INDArray layerInput,
            Mode mode,
            long seed,
            int replica,
            int iteration,
            double progress) {
        int rows = (int) preActivations.size(0);
        for (int r = 0; r < rows; r++) {
            context.ids()[r] = (long) replica << Integer.SIZE | r;
        }
        context.setExamples(rows);
        context.setNoise(mode, seed, iteration, 0);
        context.setProgress(progress);
        logits.assign(preActivations);
        if (inputs != null) {
            inputs.assign(layerInput);
        }
        signal = null;
    }

    /** What units give in the batch's mode; not a copy. */
    INDArray activate() {
        switch (context.mode()) {
            case TRAIN -> {
                estimation.sample(this);
                return samples.rows(rows() * fanOut);
            }
            case SAMPLES -> {
                sample(law.inUse(), draw(0), samples.matrix());
                return samples.rows(rows());
            }
            case MEANS -> law.means(backend, logits.matrix(), noBiases, rows());
            case THRESHOLDS -> law.thresholds(backend, logits.matrix(), noBiases, rows());
        }
        return logits.rows(rows());
    }

    /**
     * Estimates ∂L/∂a of the batch that {@link #activate} has drawn; not a copy.
     *
     * @param epsilon ∂L/∂h of every sample
     * @param latest the losses of the pass, or null
     */
    INDArray estimate(INDArray epsilon, LearningSignal latest) {
        signal = latest;
        if (upstream != null) {
            upstream.assign(epsilon);
        }
        if (signal != null) {
            signal.meanLosses(rows() * fanOut, losses);
        }
        estimation.estimate(this);
        return logitGradient.rows(rows());
    }

    /** Takes the batch into the statistics. */
    void learn() {
        estimation.learn(this);
    }

    @Override
    public void drawIndependently() {
        if (fanOut == 1) {
            sample(law, draw(0), samples.matrix());
            return;
        }
        for (int s = 0; s < fanOut; s++) {
            sample(law, draw(s), oneSample);
            samples.matrix().setRows(s * rows(), oneSample, 0, rows());
        }
    }

    private void sample(UnitLaw drawn, int draw, Matrix out) {
        drawn.sample(
                backend, context.progress(), logits(), noBiases, draws(), draw, rows(), probabilities, out, derivative);
    }

    private LearningSignal signal() {
        if (signal == null) {
            throw new UsageException(name + ": got an estimator that learns from losses in a network that gives none,"
                    + " expected a LearningSignalOutputLayer at its top, or an estimator such as straight-through");
        }
        return signal;
    }

    @Override
    public int rows() {
        return context.examples();
    }

    @Override
    public int width() {
        return probabilities.columns();
    }

    @Override
    public UnitLaw law() {
        return law;
    }

    @Override
    public Matrix logits() {
        return logits.matrix();
    }

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
        return samples.matrix();
    }

    @Override
    public Matrix derivative() {
        return derivative;
    }

    @Override
    public Matrix inputs() {
        return inputs == null ? null : inputs.matrix();
    }

    @Override
    public Matrix upstream() {
        return upstream == null ? null : upstream.matrix();
    }

    @Override
    public float[] losses() {
        signal();
        return losses;
    }

    /** Estimators that call this are refused when the layer is configured. */
    @Override
    public void combineLosses(float[] combined, float[] factors) {
        throw new UnsupportedOperationException("the layers above have gone backward");
    }

    @Override
    public float rowWeight() {
        return (float) signal().examples() / rows();
    }

    @Override
    public Matrix logitGradient() {
        return logitGradient.matrix();
    }

    @Override
    public Floats statistics(String statistic) {
        return statistics.get(statistic);
    }

    @Override
    public Draws draws() {
        return context.drawsOf(draws, index);
    }

    @Override
    public int draw(int sample) {
        return sample;
    }

    @Override
    public PassContext context() {
        return context;
    }

    @Override
    public Backend backend() {
        return backend;
    }
}
