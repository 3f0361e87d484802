package org.coinflip.model.layer.plain;

import java.util.List;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.SkipConnection;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Section;

/**
 * The end of a residual block, {@code y = F(x) + x}, without parameters: F(x) is what the layer right below gives, and x is what the lowest of the
 * layers reads that F is made of. Both have y's columns; the gradient of y is that of both. Where layers of F draw several samples of an
 * example, its x is added to each.
 *
 * <p>He, Zhang, Ren, Sun (2016), "Deep residual learning for image recognition", equation 1.
 *
 * @param layers how many layers right below make F
 */
public record ResidualLayer(int layers) implements SameShapeLayer {
    public static final String TYPE = "residual";

    /** @param below how the network's input and the outputs of the layers below make maps */
    public static ResidualLayer read(Section section, List<FeatureShape> below) {
        int layers = section.integer("layers", 1, Integer.MAX_VALUE);
        boolean areKnown = layers < below.size() && !below.get(0).equals(FeatureShape.UNKNOWN);
        FeatureShape given = below.get(below.size() - 1);
        if (areKnown && !given.agrees(below.get(below.size() - 1 - layers))) {
            throw section.wrong(
                    "layers",
                    "layers that give what they read, to add up: these read "
                            + below.get(below.size() - 1 - layers).inWords() + " and give " + given.inWords()
                            + "; give them the same, by units, or channels, stride and padding");
        }
        return new ResidualLayer(layers);
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "layers", layers);
    }

    @Override
    public void checkPlace(int index, List<Layer> all) {
        SkipConnection.check(index, "layers", layers, all);
    }

    /** The number of the layer whose output is added; −1 for the network's input. */
    public int source(int index) {
        return SkipConnection.source(index, layers);
    }

    @Override
    public Stage bind(Binding binding) {
        return new ResidualStage(binding, new SkipConnection(binding, source(binding.index())));
    }

    private static final class ResidualStage extends Stage implements SkipConnection.Gradient {
        private final Binding binding;
        private final SkipConnection x;

        ResidualStage(Binding binding, SkipConnection x) {
            super(Matrix.padded(binding.capacity(), binding.source().output().columns()));
            this.binding = binding;
            this.x = x;
            if (x.columns() != output().columns()) {
                throw new UsageException("network.layers[" + binding.index() + "].layers: got layers that read "
                        + x.columns() + " columns and give " + output().columns() + ", expected as many, to add up");
            }
            if (binding.source().gradient() != null || x.isDifferentiable()) {
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
            x.read(context, rows, output());
            binding.backend().elementwise().add(binding.source().output(), 1f, 1f, rows, output());
        }

        @Override
        public void backward(PassContext context) {
            if (gradient() == null) {
                return;
            }
            int rows = rows(context) * context.copies();
            Stage source = binding.source();
            if (source.gradient() != null) {
                add(rows, source.claimGradient(), source.gradient());
            }
            x.propagate(context, rows, this);
        }

        @Override
        public void add(int rows, float carry, Matrix to) {
            binding.backend().elementwise().add(gradient(), 1f, carry, rows, to);
        }

        @Override
        public void accumulate(PassContext context) {}
    }
}
