package org.coinflip.model.layer.plain;

import java.util.Map;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * {@code y = factor · x + offset}, without parameters: so that an encoder is given 2x − 1 of bits x that its decoder reconstructs.
 *
 * @param factor on every feature
 * @param offset added to every feature
 */
public record RescaleLayer(double factor, double offset) implements SameShapeLayer {
    public static final String TYPE = "rescale";

    public static RescaleLayer read(Section section) {
        return new RescaleLayer(section.number("factor", 1, Range.FINITE), section.number("offset", 0, Range.FINITE));
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "factor", factor, "offset", offset);
    }

    @Override
    public Stage bind(Binding binding) {
        return new RescaleStage(binding);
    }

    private final class RescaleStage extends Stage {
        private final Binding binding;

        RescaleStage(Binding binding) {
            super(Matrix.padded(binding.capacity(), binding.source().output().columns()));
            this.binding = binding;
            if (binding.source().gradient() != null) {
                requireGradient();
            }
        }

        @Override
        public int rows(PassContext context) {
            return binding.source().rows(context);
        }

        @Override
        public void forward(PassContext context) {
            binding.backend()
                    .elementwise()
                    .rescale(
                            binding.source().output(),
                            (float) factor,
                            (float) offset,
                            rows(context) * context.copies(),
                            output());
        }

        @Override
        public void backward(PassContext context) {
            if (gradient() == null) {
                return;
            }
            Stage source = binding.source();
            int rows = rows(context) * context.copies();
            binding.backend()
                    .elementwise()
                    .add(gradient(), (float) factor, source.claimGradient(), rows, source.gradient());
        }

        @Override
        public void accumulate(PassContext context) {}
    }
}
