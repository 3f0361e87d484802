package org.coinflip.model.layer;

import java.util.ArrayList;
import java.util.List;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * Changes the weights and biases of a layer so that its pre-activations stay what they were although the units below have been
 * transformed anew. For every transformed stage l in reach, with A the weights from it and B, b those into it, from lower stages m:
 *
 * <pre>
 *   W_m  ← W_m  − B_m diag(γ Δα) A        the linear part that l's units now carry
 *   bias ← bias − (γ (Δα b + Δβ)) A       and the constant
 *   A    ← diag(γ / γ_new) A
 * </pre>
 *
 * γ before the change. Lower stages first: B must be for what its own sources now give.
 *
 * <p>Vatanen, Raiko, Valpola, LeCun (2013), arXiv 1301.3476, section 2.
 */
final class Compensation {
    private final Backend backend;
    private final List<Affine.Link> links;
    private final Matrix biases;
    private final List<Path> paths = new ArrayList<>();

    /** The connections from a transformed stage, and room for their product with a diagonal. */
    private record Path(TransformedStage stage, Matrix outgoing, Matrix scaled) {}

    Compensation(Backend backend, List<Affine.Link> links, Floats biases) {
        this.backend = backend;
        this.links = links;
        this.biases = Matrix.dense(biases, 1, biases.length());
        for (Affine.Link link : links) {
            if (link.source() instanceof TransformedStage stage) {
                Matrix outgoing = link.weights();
                Floats room = Floats.allocate(outgoing.floats().length());
                paths.add(new Path(stage, outgoing, Matrix.dense(room, outgoing.rows(), outgoing.columns())));
            }
        }
    }

    /** Follows every change that the stages below have just made, each once. */
    void apply() {
        for (int i = 0; i < paths.size(); i++) {
            if (paths.get(i).stage.transformation().hasChanged()) {
                follow(paths.get(i));
            }
        }
    }

    private void follow(Path path) {
        UnitTransformation change = path.stage.transformation();
        Matrix outgoing = path.outgoing;
        backend.updating().scaleRows(outgoing, change.slopeChange(), path.scaled);
        List<Affine.Link> incoming = path.stage.links();
        for (int m = 0; m < incoming.size(); m++) {
            Matrix into = incoming.get(m).weights();
            subtractProduct(into, path.scaled, links.get(m).weights());
        }
        subtractProduct(change.meanChange(), outgoing, biases);
        if (change.scales()) {
            backend.updating().scaleRows(outgoing, change.scaleChange(), outgoing);
        }
    }

    /** {@code c ← c − a b}. */
    private void subtractProduct(Matrix a, Matrix b, Matrix c) {
        backend.blas().gemm(false, false, c.rows(), c.columns(), a.columns(), -1f, a, b, 1f, c);
    }
}
