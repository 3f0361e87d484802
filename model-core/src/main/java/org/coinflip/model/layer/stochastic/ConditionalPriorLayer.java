package org.coinflip.model.layer.stochastic;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.Affine;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Initial;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.SkipConnection;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.ExponentialFamily;

/**
 * The prior of a layer of latent variables given those above it, the units' own law at logits of another origin: from its input it computes ℓ = x W + b and adds
 * {@code −log p(h)} to the loss, {@code Σ_i softplus(ℓ_i) − h_i ℓ_i} of bits and {@link FamilyLikelihood} of categories and counts, h the samples of that layer, which it gives
 * on as its own output. With it a belief network has more than one layer: x → h¹ → h², p(h²), p(h¹ | h²) = this layer's, p(x | h¹) above it.
 *
 * <p>Mnih and Gregor (2014), "Neural variational inference and learning in belief networks".
 *
 * @param of number of the layer whose samples are accounted for
 * @param units its units
 * @param initial initial weights and biases, rate scale
 */
public record ConditionalPriorLayer(int of, int units, Initial initial) implements Layer {
    public static final String TYPE = "likelihood";

    public static ConditionalPriorLayer read(Section section) {
        return new ConditionalPriorLayer(
                section.integer("of", 0, Integer.MAX_VALUE),
                section.integer("units", 1, Integer.MAX_VALUE),
                Initial.read(section));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("of", of);
        keys.put("units", units);
        initial.write(keys);
        return keys;
    }

    @Override
    public void checkPlace(int index, List<Layer> layers) {
        boolean conditional = of < index
                && layers.get(of) instanceof StochasticLayer layer
                && layer.units() == units
                && layer.prior().filter(p -> p.type() == Prior.Type.CONDITIONAL).isPresent();
        if (!conditional) {
            throw new UsageException("network.layers[" + index + "].of: got " + of
                    + ", expected the number of a layer below of " + units
                    + " stochastic units with prior = conditional");
        }
    }

    @Override
    public int outputs(int inputs) {
        return units;
    }

    @Override
    public void declare(LayoutBuilder layout, int index, int inputs) {
        Affine.declare(layout, index, inputs, units, initial.rateScale());
    }

    @Override
    public Stage bind(Binding binding) {
        return new LikelihoodStage(binding);
    }

    private final class LikelihoodStage extends Stage implements SkipConnection.Gradient {
        private final Binding binding;
        private final Affine affine;
        private final SkipConnection latent;
        private final Matrix logits;
        /** Of categories and counts; null of bits. */
        private final FamilyLikelihood family;
        /** ∂loss/∂ℓ. */
        private final Matrix delta;

        private final float[] costs;
        private PassContext context;
        private final Floats parts = Floats.allocate(Matrix.ROW_UNIT);

        LikelihoodStage(Binding binding) {
            super(Matrix.padded(binding.capacity(), units));
            this.binding = binding;
            this.affine = new Affine(binding);
            this.latent = new SkipConnection(binding, of);
            this.logits = Matrix.padded(binding.capacity(), units);
            this.delta = Matrix.padded(binding.capacity(), units);
            this.costs = new float[binding.capacity()];
            this.family = ((StochasticLayer) binding.layers().get(of)).law() instanceof ExponentialFamily law
                    ? new FamilyLikelihood(law, binding.backend(), binding.capacity(), units)
                    : null;
            if (latent.isDifferentiable()) {
                requireGradient();
            }
        }

        @Override
        public int rows(PassContext context) {
            return binding.source().rows(context);
        }

        @Override
        public void forward(PassContext context) {
            int rows = rows(context) * context.copies();
            affine.multiply(rows, logits);
            binding.backend().elementwise().activate(Activation.LINEAR, logits, affine.biases(), rows);
            latent.read(context, rows, output());
        }

        @Override
        public void addCosts(PassContext context) {
            int rows = rows(context) * context.copies();
            float weight = (float) context.inputRows() / rows(context);
            if (family == null) {
                delta.setRows(0, logits, 0, rows);
                binding.backend().losses().bernoulliLoss(delta, output(), rows, rows, weight, parts, costs);
            } else {
                family.train(logits, output(), rows, weight, delta, costs);
            }
            context.addLosses(rows, costs);
        }

        @Override
        public void backward(PassContext context) {
            int rows = rows(context) * context.copies();
            if (context.rowFactors() != null) {
                binding.backend().elementwise().scaleRows(context.rowFactors(), rows, delta);
            }
            this.context = context;
            latent.propagate(context, rows, this);
            affine.propagate(delta, rows);
        }

        /** What the layers above gave for h, and −η(ℓ) for the cost, of bits −ℓ. */
        @Override
        public void add(int rows, float carry, Matrix to) {
            Matrix naturals = family == null ? logits : family.naturals();
            float weight = (float) context.inputRows() / rows(context);
            for (int r = 0; r < rows; r++) {
                float factor = context.rowFactors() == null ? weight : weight * context.rowFactors()[r];
                for (int j = 0; j < units; j++) {
                    float before = carry == 0f ? 0f : to.get(r, j);
                    to.set(r, j, before + gradient().get(r, j) - factor * naturals.get(r, j));
                }
            }
        }

        @Override
        public void accumulate(PassContext context) {
            affine.accumulate(delta, rows(context), context.examples());
        }
    }
}
