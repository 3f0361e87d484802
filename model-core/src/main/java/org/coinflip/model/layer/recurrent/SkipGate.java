package org.coinflip.model.layer.recurrent;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.layer.Affine;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Annealed;

/**
 * A stochastic gate in time, which decides for every sequence and step whether the state is updated at all:
 * {@code u_t = 1[ν < σ(s g_t)]}, {@code g_t = x_t · w + h_{t−1} · r + b}, {@code h_t = u_t cell(x_t, h_{t−1}) + (1 − u_t) h_{t−1}}. Learned straight
 * through, with the derivative of the logistic function, whose slope s may grow in training (slope annealing); what an update costs is added to the
 * gradient and is no part of the loss that is reported. In training all updates are computed, for the gradient of a closed gate wants them; in use
 * those of closed gates are not.
 *
 * <p>Campos, Jou, Giró-i-Nieto, Torres, Chang (2018), "Skip RNN"; Chung, Ahn, Bengio (2017), "Hierarchical multiscale recurrent neural networks".
 *
 * @param cost what it costs to update a state at all steps
 * @param slope s
 * @param bias the initial b; w and r begin at 0, where every gate is open with the same probability
 * @param rateScale factor on the learning rate
 */
public record SkipGate(double cost, Annealed slope, double bias, double rateScale) {
    static final String KEY = "skip";
    /** Prefix of the names of its segments, as of a cell's gates. */
    static final String GATE = "skip.";

    public static SkipGate read(Section section) {
        SkipGate gate = new SkipGate(
                section.number("cost", 0, Range.NOT_NEGATIVE),
                Annealed.read(section, "slope", 1, Range.POSITIVE),
                section.number("initial-bias", 1, Range.FINITE),
                section.number("learning-rate-scale", 1, Range.NOT_NEGATIVE));
        section.finish();
        return gate;
    }

    Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("cost", cost);
        keys.put("slope", slope.write());
        keys.put("initial-bias", bias);
        keys.put("learning-rate-scale", rateScale);
        return keys;
    }

    /** Asks for w, r and b: vectors, which are neither decayed nor limited. */
    void declare(LayoutBuilder layout, int index, int inputs, int units) {
        declare(layout, index, Affine.WEIGHTS, inputs);
        declare(layout, index, RecurrentProducts.RECURRENT_WEIGHTS, units);
        declare(layout, index, Affine.BIASES, 1);
    }

    private void declare(LayoutBuilder layout, int index, String name, int numbers) {
        layout.add(Binding.segment(index, GATE + name), Segment.Role.BIASES, 1, numbers, rateScale);
    }

    /** Initial value of the numbers of one of its segments. */
    double initial(String segment) {
        return segment.equals(GATE + Affine.BIASES) ? bias : 0;
    }
}
