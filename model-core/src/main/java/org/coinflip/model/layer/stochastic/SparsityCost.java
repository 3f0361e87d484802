package org.coinflip.model.layer.stochastic;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Gating;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.unit.UnitLaw;

/** A layer's {@link Sparsity} in one pass: the gradient of its cost with respect to the logits, and how l1's weight follows the target. */
final class SparsityCost {
    private static final float SLACK = 0.01f;
    private static final float LEAST_WEIGHT = 1e-13f;
    private static final float IN_LOGARITHMS = 1e-6f;

    private final Sparsity sparsity;
    private final float power;
    private final Backend backend;
    /** λ of l1; null for the others. */
    private final Floats weight;

    /** Which units of l1 are open; null for the others. */
    private final int[] marks;

    /** For every unit: the mean of P(h ≠ 0), or of h, then the cost's derivative with respect to that. */
    private final Floats means;

    private final Floats noSlopes;

    SparsityCost(Sparsity sparsity, UnitLaw law, Binding binding, int units) {
        this.sparsity = sparsity;
        this.power = (float) law.openingPower().orElse(1);
        this.backend = binding.backend();
        this.weight =
                sparsity.term() == Sparsity.Term.L1 ? binding.state().view(binding.segment(Sparsity.WEIGHT)) : null;
        this.marks = weight == null ? null : new int[Gating.marks(binding.capacity(), units)];
        this.means = Floats.allocate(units);
        this.noSlopes = Floats.allocate(units);
    }

    /**
     * Adds the gradient with respect to the samples, of importance: {@code ∂C/∂m_j = 2λ/E (m_j/m̄² − q/m̄³)}, q the mean of m².
     *
     * @param rowWeight what a row counts: 1 over the rows that an example has
     */
    void addSampleGradient(Matrix samples, int rows, float rowWeight, Matrix gradient) {
        if (sparsity.term() != Sparsity.Term.IMPORTANCE) {
            return;
        }
        backend.elementwise().columnSums(samples, rows, 1f / rows, 0f, means);
        double sum = 0;
        double squares = 0;
        int units = samples.columns();
        for (int j = 0; j < units; j++) {
            sum += means.get(j);
            squares += (double) means.get(j) * means.get(j);
        }
        double mean = sum / units;
        if (mean == 0) {
            return;
        }
        double scale = 2 * sparsity.weight() * rowWeight / units;
        for (int j = 0; j < units; j++) {
            double slope = means.get(j) / (mean * mean) - squares / units / (mean * mean * mean);
            means.set(j, (float) (scale * slope));
        }
        backend.elementwise().addLinear(samples, noSlopes, means, rows, gradient);
    }

    /**
     * Adds the gradient with respect to the logits.
     *
     * @param rowWeight what a row counts: 1 over the rows that an example has
     */
    void addGradient(Matrix samples, Matrix probabilities, int rows, float rowWeight, Matrix logitGradient) {
        if (weight != null) {
            backend.unitGradients().addWherePositive(samples, weight.get(0) * rowWeight, rows, logitGradient);
            return;
        }
        if (sparsity.term() == Sparsity.Term.IMPORTANCE) {
            return;
        }
        backend.elementwise().columnSums(probabilities, rows, 1f / rows, 0f, means);
        float rho = (float) sparsity.target();
        float scale = (float) sparsity.weight() * rowWeight;
        for (int j = 0; j < means.length(); j++) {
            float m = means.get(j);
            means.set(j, scale * ((1f - rho) / (1f - m + IN_LOGARITHMS) - rho / (m + IN_LOGARITHMS)));
        }
        backend.unitGradients().addOpeningSlope(probabilities, means, power, rows, logitGradient);
    }

    /** Moves l1's weight towards the target. */
    void learn(Matrix samples, int rows) {
        if (weight == null) {
            return;
        }
        long open = backend.gating().mark(samples, rows, marks);
        double missing = sparsity.target() - (double) open / ((long) rows * samples.columns());
        if (Math.abs(missing) > SLACK) {
            double factor = missing > 0 ? 1 - sparsity.decay() : 1 + sparsity.decay();
            weight.set(0, (float) Math.max(LEAST_WEIGHT, Math.min(1, weight.get(0) * factor)));
        }
    }
}
