package org.coinflip.model.layer.plain;

import java.util.Map;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.Stage;
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
        return new SameShapeStage(binding, (float) factor) {
            @Override
            protected void forward(PassContext context, int rows) {
                backend().elementwise().rescale(input(), (float) factor, (float) offset, rows, output());
            }
        };
    }
}
