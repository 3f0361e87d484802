package org.coinflip.model.layer.recurrent;

import java.util.Arrays;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.layer.Affine;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.ParameterVector;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.Sink;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;

/** A {@link SkipGate} in one pass. A sequence's place in a step is its row in the matrices of the step. */
final class SkipGateStep {
    private final SkipGate gate;
    private final int steps;
    private final int index;
    private final Backend backend;
    private final Sink sink;
    private final ParameterVector weights;
    private final ParameterVector recurrentWeights;
    private final ParameterVector bias;
    private final Draws draws;
    /** Logistic noise, sequences × steps; a gate is open where its scaled logit is above it. */
    private final Matrix noise;
    /** u, sequences × steps. */
    private final Matrix open;

    /** What the cell would have had each state become. */
    private final StepMatrices targets;

    private final float[] logits;
    /** u of each step and place, and σ(s g). */
    private final float[] opened;

    private final float[] probabilities;
    /** ∂L/∂u of each step and place, then ∂L/∂g. */
    private final float[] gradients;

    private final Floats parts = Floats.allocate(Matrix.ROW_UNIT);
    private Mode mode;
    private float slope;
    /** What an update costs, in the gradient of a row; nothing where a pass is a probe, whose losses have no cost. */
    private float price;

    private int rows;

    SkipGateStep(SkipGate gate, RecurrentLayer layer, Binding binding) {
        this.gate = gate;
        steps = layer.steps();
        index = binding.index();
        backend = binding.backend();
        sink = binding.sink();
        weights = ParameterVector.of(binding, SkipGate.GATE + Affine.WEIGHTS);
        recurrentWeights = ParameterVector.of(binding, SkipGate.GATE + RecurrentProducts.RECURRENT_WEIGHTS);
        bias = ParameterVector.of(binding, SkipGate.GATE + Affine.BIASES);
        draws = new Draws(steps);
        noise = Matrix.padded(binding.capacity(), steps);
        open = Matrix.padded(binding.capacity(), steps);
        targets = new StepMatrices(steps, binding.capacity(), layer.units());
        int all = Math.multiplyExact(steps, binding.capacity());
        logits = new float[binding.capacity()];
        opened = new float[all];
        probabilities = new float[all];
        gradients = new float[all];
    }

    /** u of each sequence and step; 0 where a sequence has none. */
    Matrix open() {
        return open;
    }

    /** Whether nothing need be computed behind a closed gate: gates are open or closed, and no gradient will be asked for. */
    boolean isHard() {
        return mode == Mode.SAMPLES || mode == Mode.THRESHOLDS;
    }

    /**
     * Draws the noise of a batch of sequences.
     *
     * @param rowWeight what a row counts in its example's loss
     */
    void begin(PassContext context, int rows, double rowWeight) {
        mode = context.mode();
        slope = (float) gate.slope().at(context.progress());
        this.rows = rows;
        price = sink == null ? 0f : (float) (gate.cost() / steps * rowWeight);
        targets.fit(rows);
        open.floats().clear();
        Arrays.fill(gradients, 0, steps * rows, 0f);
        if (mode.isStochastic()) {
            backend.sampling().logistic(context.drawsOf(draws, index), context.draw(), rows, noise);
        }
    }

    /** What a step's states would become. */
    Matrix target(int step) {
        return targets.at(step);
    }

    /**
     * Decides a step.
     *
     * @param count sequences that have it, the first of the rows
     * @param order the row of each in the batch
     */
    void decide(int step, int count, int[] order, Matrix input, Matrix previous) {
        Arrays.fill(logits, 0, count, bias.values().get(0));
        backend.cells().addDots(input, weights.values(), count, parts, logits);
        backend.cells().addDots(previous, recurrentWeights.values(), count, parts, logits);
        for (int i = 0; i < count; i++) {
            float scaled = slope * logits[i];
            float p = ScalarMath.sigmoid(scaled);
            float u =
                    switch (mode) {
                        case TRAIN, SAMPLES -> scaled > noise.get(order[i], step) ? 1f : 0f;
                        case MEANS -> p;
                        case THRESHOLDS -> scaled > 0 ? 1f : 0f;
                    };
            opened[step * rows + i] = u;
            probabilities[step * rows + i] = p;
            open.set(order[i], step, u);
        }
    }

    boolean isOpen(int step, int place) {
        return opened[step * rows + place] != 0f;
    }

    /** Has the states become what they would, where the gates are open. */
    void apply(int step, int count, Matrix previous, Matrix state) {
        backend.cells().skip(opened, step * rows, targets.at(step), previous, count, state);
    }

    /** The gradient of {@link #apply}: of the target, in the place of that of the state, of the state before, and of the gates. */
    void backward(int step, int count, boolean isCut, Matrix previous, Matrix gradient, Matrix previousGradient) {
        int from = step * rows;
        backend.cells()
                .skipGradient(
                        opened, from, targets.at(step), previous, count, parts, gradient, previousGradient, gradients);
        for (int k = from; k < from + count; k++) {
            float p = probabilities[k];
            gradients[k] = (gradients[k] + price) * (slope * (p * (1f - p)));
        }
        if (step > 0 && !isCut) {
            backend.cells().addOuter(gradients, from, recurrentWeights.values(), count, previousGradient);
        }
    }

    /** Adds the gradient with respect to the inputs of all steps. */
    void propagateInputs(int all, Matrix gradient) {
        backend.cells().addOuter(gradients, 0, weights.values(), all, gradient);
    }

    /** Gives the gradients of the parameters to the sink; see {@link RecurrentProducts#accumulate}. */
    void accumulate(Matrix inputs, Matrix previous, int all, float[] weightOf, int examples) {
        for (int k = 0; weightOf != null && k < all; k++) {
            gradients[k] *= weightOf[k];
        }
        sum(weights, inputs, all, examples);
        sum(recurrentWeights, previous, all, examples);
        float total = 0f;
        for (int k = 0; k < all; k++) {
            total += gradients[k];
        }
        float carry = sink.carry(bias.segment());
        bias.target().set(0, carry * bias.target().get(0) + sink.scale(bias.segment(), examples) * total);
    }

    private void sum(ParameterVector to, Matrix from, int all, int examples) {
        backend.elementwise()
                .weightedColumnSums(
                        from,
                        gradients,
                        all,
                        sink.scale(to.segment(), examples),
                        sink.carry(to.segment()),
                        to.target());
    }
}
