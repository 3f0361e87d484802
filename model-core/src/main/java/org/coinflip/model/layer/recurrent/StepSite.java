package org.coinflip.model.layer.recurrent;

import java.util.function.IntUnaryOperator;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.unit.UnitLaw;

/**
 * One step of stochastic recurrent units in one pass: the site at which their estimator works. What the estimator learns from batch to batch is shared
 * by all steps.
 */
final class StepSite implements Site {
    private final StochasticCell cell;
    private final int units;
    private final Binding binding;
    private final int step;
    private final StepMatrices logits;
    private final RecurrentProducts products;
    private final Matrix probabilities;
    /** ∂h/∂a; null where the law stores none. */
    private final Matrix derivative;

    private final Floats noBiases;
    private final float[] losses;
    private final Draws draws;
    private final Estimation estimation;
    private final IntUnaryOperator mainRows = this::mainRow;
    private PassContext context;
    private int[] order;
    private int rows;
    private Matrix input;
    private Matrix samples;
    private Matrix gradient;

    /**
     * @param features numbers of a step
     * @param losses of the sequences, in the order of their places
     */
    StepSite(
            StochasticCell cell,
            int units,
            Binding binding,
            int step,
            StepMatrices logits,
            RecurrentProducts products,
            int features,
            float[] losses) {
        this.cell = cell;
        this.units = units;
        this.binding = binding;
        this.step = step;
        this.logits = logits;
        this.products = products;
        this.losses = losses;
        probabilities = Matrix.padded(binding.capacity(), units);
        derivative = cell.law().writesDerivative() ? Matrix.padded(binding.capacity(), units) : null;
        noBiases = Floats.allocate(units);
        draws = new Draws(units);
        // until the first batch: of the sizes that an estimator may ask for
        input = Matrix.padded(1, features);
        samples = probabilities;
        gradient = probabilities;
        estimation = cell.estimator().at(this);
    }

    /** Draws the states of a step, given the products. */
    void draw(PassContext pass, int[] places, int count, Matrix x, Matrix states) {
        context = pass;
        order = places;
        rows = count;
        input = x;
        samples = states;
        UnitLaw law = cell.law();
        switch (pass.mode()) {
            case TRAIN -> estimation.sample(this);
            case SAMPLES -> sample(law.inUse());
            case MEANS -> law.means(backend(), logitsToSamples(), noBiases, rows);
            case THRESHOLDS -> law.thresholds(backend(), logitsToSamples(), noBiases, rows);
        }
    }

    private Matrix logitsToSamples() {
        backend().elementwise().activate(Activation.LINEAR, logits(), biases(), rows);
        samples.setRows(0, logits(), 0, rows);
        return samples;
    }

    private void sample(UnitLaw law) {
        law.sample(
                backend(),
                context.progress(),
                logits(),
                biases(),
                draws(),
                draw(0),
                rows,
                probabilities,
                samples,
                derivative);
    }

    /** Turns the gradient with respect to the states into that with respect to the logits. */
    void estimate(int count, Matrix upstream) {
        rows = count;
        gradient = upstream;
        estimation.estimate(this);
    }

    void learn() {
        estimation.learn(this);
    }

    private int mainRow(int row) {
        return context.mainRows().applyAsInt(order[row]);
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int width() {
        return units;
    }

    @Override
    public UnitLaw law() {
        return cell.law();
    }

    @Override
    public Matrix logits() {
        return logits.at(step);
    }

    @Override
    public Floats biases() {
        return products.biases();
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
    public Matrix derivative() {
        return derivative;
    }

    @Override
    public Matrix inputs() {
        return input;
    }

    @Override
    public Matrix upstream() {
        return cell.estimator().needsGradient() ? gradient : null;
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
        return gradient;
    }

    @Override
    public Floats statistics(String name) {
        return binding.state().view(binding.segment(name));
    }

    @Override
    public Draws draws() {
        return context.drawsOf(draws, binding.index() + step * StochasticCell.STEP_PURPOSE, mainRows);
    }

    @Override
    public int draw(int sample) {
        return context.draw() + sample;
    }

    @Override
    public void drawIndependently() {
        sample(cell.law());
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
