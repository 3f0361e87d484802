package org.coinflip.model.layer.plain;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Annealed;

/**
 * Additive noise: {@code y = x + s n}, n standard normal, in training; the identity outside it.
 *
 * @param deviation s, not negative, constant or annealed
 */
public record GaussianNoiseLayer(Annealed deviation) implements SameShapeLayer {
    public static final String TYPE = "gaussian-noise";

    public static GaussianNoiseLayer read(Section section) {
        return new GaussianNoiseLayer(Annealed.read(section, "std", Range.NOT_NEGATIVE));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("std", deviation.write());
        return keys;
    }

    @Override
    public Stage bind(Binding binding) {
        Draws draws = new Draws(binding.source().output().columns());
        return new NoiseStage(binding) {
            @Override
            void draw(PassContext context, int rows) {
                backend()
                        .sampling()
                        .addGaussian(
                                input(),
                                (float) deviation.at(context.progress()),
                                draws(draws, context),
                                context.draw(),
                                rows,
                                output());
            }
        };
    }
}
