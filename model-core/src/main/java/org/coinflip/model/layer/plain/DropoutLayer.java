package org.coinflip.model.layer.plain;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * Inverted dropout: {@code y = x · m / keep}, m ~ Bernoulli(keep) for every unit and example; the identity outside training.
 *
 * <p>Hinton, Srivastava, Krizhevsky, Sutskever, Salakhutdinov (2012).
 *
 * @param keep probability that a unit stays, in (0, 1]
 */
public record DropoutLayer(double keep) implements SameShapeLayer {
    public static final String TYPE = "dropout";

    public static DropoutLayer read(Section section) {
        return new DropoutLayer(section.number("keep", 0.5, Range.UP_TO_ONE));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("keep", keep);
        return keys;
    }

    @Override
    public Stage bind(Binding binding) {
        Draws draws = new Draws(binding.source().output().columns());
        Matrix mask =
                Matrix.padded(binding.capacity(), binding.source().output().columns());
        return new NoiseStage(binding) {
            @Override
            void draw(PassContext context, int rows) {
                backend()
                        .sampling()
                        .dropout(input(), (float) keep, draws(draws, context), context.draw(), rows, mask, output());
            }

            @Override
            protected void differentiate(PassContext context, int rows) {
                if (context.mode() == Mode.TRAIN) {
                    backend().elementwise().multiply(mask, gradient(), rows);
                }
            }
        };
    }
}
