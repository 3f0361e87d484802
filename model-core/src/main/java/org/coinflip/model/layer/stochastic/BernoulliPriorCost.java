package org.coinflip.model.layer.stochastic;

import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Sink;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;

/**
 * Of bits, {@code c(h) = Σ_i h_i (a_i − θ_i) − softplus(a_i) + softplus(θ_i)}; at points between 0 and 1 this is its multilinear extension, whose value at the means is
 * the divergence of q from p. Its gradient with respect to h is a − θ; what is left out is h − σ(a).
 */
final class BernoulliPriorCost implements PriorCost {
    private final Backend backend;
    private final Floats priorLogits;
    /** Whether p(h) is part of the cost; else θ is 0 and the cost log q(h|a). */
    private final boolean accountsForPrior;

    private final Floats parts = Floats.allocate(Matrix.ROW_UNIT);
    /** A function of θ. */
    private final Matrix ofPrior;

    private final Floats noBiases;
    private final Sink sink;
    private final Segment segment;
    private final Floats target;

    BernoulliPriorCost(Prior prior, Binding binding, int units) {
        backend = binding.backend();
        accountsForPrior = prior.type() != Prior.Type.CONDITIONAL;
        segment = prior.isLearned() ? binding.state().layout().segment(binding.segment(Prior.LOGITS)) : null;
        priorLogits = segment == null ? Floats.allocate(units) : binding.state().view(segment);
        ofPrior = Matrix.padded(1, units);
        noBiases = Floats.allocate(units);
        sink = segment == null ? null : binding.sink();
        target = sink == null ? null : sink.target(segment);
    }

    @Override
    public void add(Matrix logits, Matrix samples, int n, int sampleRows, boolean drawn, float[] losses) {
        apply(Activation.SOFTPLUS);
        float normaliser = 0f;
        for (int j = 0; j < priorLogits.length() && accountsForPrior; j++) {
            normaliser += ofPrior.get(0, j);
        }
        backend.losses().addPriorCost(logits, priorLogits, normaliser, samples, n, sampleRows, parts, losses);
    }

    @Override
    public void addGradient(Matrix logits, Matrix samples, int n, int sampleRows, float weight, Matrix gradient) {
        backend.losses().addPriorGradient(logits, priorLogits, n, sampleRows, weight, gradient);
    }

    /** ∂c/∂θ = σ(θ) − h. */
    @Override
    public void accumulate(Matrix samples, float[] weights, int sampleRows, int examples) {
        if (target == null) {
            return;
        }
        float scale = sink.scale(segment, examples);
        backend.elementwise().weightedColumnSums(samples, weights, sampleRows, -scale, sink.carry(segment), target);
        float all = 0f;
        for (int r = 0; r < sampleRows; r++) {
            all += weights[r];
        }
        apply(Activation.SIGMOID);
        for (int j = 0; j < target.length(); j++) {
            target.set(j, ScalarMath.fma(scale * all, ofPrior.get(0, j), target.get(j)));
        }
    }

    private void apply(Activation f) {
        for (int j = 0; j < priorLogits.length(); j++) {
            ofPrior.set(0, j, priorLogits.get(j));
        }
        backend.elementwise().activate(f, ofPrior, noBiases, 1);
    }
}
