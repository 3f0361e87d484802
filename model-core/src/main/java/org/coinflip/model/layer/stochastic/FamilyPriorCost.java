package org.coinflip.model.layer.stochastic;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Sink;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.unit.ExponentialFamily;

/**
 * Of categories and counts, {@code c(h) = Σ_j h_j (η_j(a) − η_j(θ)) − A(a) + A(θ)}, whose value at the means is the divergence of q from p. Its gradient with respect to h is
 * η(a) − η(θ); what is left out is the score.
 */
final class FamilyPriorCost implements PriorCost {
    private final ExponentialFamily law;
    private final Backend backend;
    /** Whether p(h) is part of the cost; else it is log q(h|a) but for what is a function of h alone. */
    private final boolean accountsForPrior;
    /** θ, a copy. */
    private final Matrix prior;
    /** η(θ), and the mean of a prior that is learned, and then its gradient. */
    private final Matrix ofPrior;
    /** η(a), n × D. */
    private final Matrix naturals;
    /** A(a). */
    private final double[] partitions;

    private final Floats noBiases;
    /** Of θ where it is learned, else null. */
    private final Floats learned;

    private final Segment segment;
    private final Sink sink;
    private final Floats target;

    FamilyPriorCost(Prior prior, ExponentialFamily law, Binding binding, int units) {
        this.law = law;
        backend = binding.backend();
        accountsForPrior = prior.type() != Prior.Type.CONDITIONAL;
        this.prior = Matrix.padded(1, units);
        ofPrior = Matrix.padded(1, units);
        naturals = Matrix.padded(binding.capacity(), units);
        partitions = new double[binding.capacity()];
        noBiases = Floats.allocate(units);
        segment = prior.isLearned() ? binding.state().layout().segment(binding.segment(Prior.LOGITS)) : null;
        learned = segment == null ? null : binding.state().view(segment);
        sink = segment == null ? null : binding.sink();
        target = sink == null ? null : sink.target(segment);
        for (int j = 0; j < units; j++) {
            this.prior.set(0, j, (float) prior.logit());
        }
    }

    @Override
    public void add(Matrix logits, Matrix samples, int n, int sampleRows, boolean drawn, float[] losses) {
        compare(logits, n);
        for (int r = 0; r < n; r++) {
            partitions[r] = law.logPartition(logits, r);
        }
        double normaliser = accountsForPrior ? law.logPartition(prior, 0) : 0;
        for (int r = 0; r < sampleRows; r++) {
            double sum = normaliser - partitions[r % n];
            for (int j = 0; j < samples.columns(); j++) {
                sum += (double) samples.get(r, j) * naturals.get(r % n, j);
            }
            losses[r] += (float) sum;
        }
    }

    @Override
    public void addGradient(Matrix logits, Matrix samples, int n, int sampleRows, float weight, Matrix gradient) {
        compare(logits, n);
        for (int r = 0; r < sampleRows; r++) {
            for (int j = 0; j < gradient.columns(); j++) {
                gradient.set(r, j, ScalarMath.fma(weight, naturals.get(r % n, j), gradient.get(r, j)));
            }
        }
    }

    /** ∂c/∂θ = (E_p h − h) ∂η/∂θ. */
    @Override
    public void accumulate(Matrix samples, float[] weights, int sampleRows, int examples) {
        if (target == null) {
            return;
        }
        readPrior();
        ofPrior.setRows(0, prior, 0, 1);
        law.means(backend, ofPrior, noBiases, 1);
        for (int j = 0; j < target.length(); j++) {
            double sum = 0;
            for (int r = 0; r < sampleRows; r++) {
                sum += weights[r] * ((double) ofPrior.get(0, j) - samples.get(r, j));
            }
            ofPrior.set(0, j, (float) sum);
        }
        law.multiplyByNaturalSlope(prior, 1, ofPrior);
        float carry = sink.carry(segment);
        float scale = sink.scale(segment, examples);
        for (int j = 0; j < target.length(); j++) {
            float carried = carry == 0 ? 0 : carry * target.get(j);
            target.set(j, ScalarMath.fma(scale, ofPrior.get(0, j), carried));
        }
    }

    /** Makes {@link #naturals} η(a) − η(θ), or η(a). */
    private void compare(Matrix logits, int n) {
        readPrior();
        law.naturalParameters(logits, n, naturals);
        if (!accountsForPrior) {
            return;
        }
        law.naturalParameters(prior, 1, ofPrior);
        for (int r = 0; r < n; r++) {
            for (int j = 0; j < naturals.columns(); j++) {
                naturals.set(r, j, naturals.get(r, j) - ofPrior.get(0, j));
            }
        }
    }

    private void readPrior() {
        if (learned != null) {
            prior.floats().set(0, learned, 0, learned.length());
        }
    }
}
