package org.coinflip.model.estimator.score;

import org.coinflip.model.estimator.Site;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * f at units that are drawn again from perturbed logits, with the noise that drew the samples: with F(a) = E f(b), the mean over that
 * noise is F at the perturbed logits, and where a perturbation flips no unit nothing changes.
 *
 * <p>Loops over numbers and calls of vector kernels are in different methods: one that is compiled for its loop before the kernel is
 * takes the kernel's code into its own, and more of it than the compiler keeps free of objects.
 */
final class PerturbedUnits {
    private final Matrix perturbations;
    private final Matrix logits;
    private final Matrix probabilities;
    private final Matrix samples;
    private final Floats noBiases;

    PerturbedUnits(Site site) {
        int capacity = site.logits().rows();
        perturbations = Matrix.padded(capacity, site.width());
        logits = Matrix.padded(capacity, site.width());
        probabilities = Matrix.padded(capacity, site.width());
        samples = Matrix.padded(capacity, site.width());
        noBiases = Floats.allocate(site.width());
    }

    /** ξ, n × D; to be filled before {@link #evaluate}. */
    Matrix perturbations() {
        return perturbations;
    }

    /** Computes f for logits a + ξ, and for a − ξ in the n rows after where there are two sides. */
    void evaluate(Site site, int sides) {
        int n = site.rows();
        for (int side = 0; side < sides; side++) {
            perturb(site, side == 0 ? 1f : -1f);
            site.backend()
                    .sampling()
                    .bernoulli(logits, noBiases, site.draws(), site.draw(0), n, probabilities, samples);
            site.continuation().points().setRows(side * n, samples, 0, n);
        }
        site.continuation().evaluate(sides);
    }

    private void perturb(Site site, float sign) {
        for (int r = 0; r < site.rows(); r++) {
            for (int j = 0; j < site.width(); j++) {
                logits.set(r, j, site.logits().get(r, j) + sign * perturbations.get(r, j));
            }
        }
    }
}
