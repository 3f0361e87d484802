package org.coinflip.model.layer;

import java.util.LinkedHashMap;
import java.util.Map;
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
 * @param initial initial weights and bias, rate scale
 */
public record SkipGate(double cost, Annealed slope, Initial initial) {
    static final String KEY = "skip";
    /** Prefix of the names of its segments, as of a cell's gates. */
    static final String GATE = "skip.";

    static SkipGate read(Section section) {
        SkipGate gate = new SkipGate(
                section.number("cost", 0, Range.NOT_NEGATIVE),
                Annealed.read(section, "slope", 1, Range.POSITIVE),
                Initial.read(section, 1));
        section.finish();
        return gate;
    }

    Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("cost", cost);
        keys.put("slope", slope.write());
        initial.write(keys);
        return keys;
    }

    void declare(LayoutBuilder layout, int index, int inputs, int units) {
        double rate = initial.rateScale();
        layout.add(Binding.segment(index, GATE + Affine.WEIGHTS), Segment.Role.WEIGHTS, inputs, 1, rate);
        String recurrent = Binding.segment(index, GATE + RecurrentProducts.RECURRENT_WEIGHTS);
        layout.add(recurrent, Segment.Role.WEIGHTS, units, 1, rate);
        layout.add(Binding.segment(index, GATE + Affine.BIASES), Segment.Role.BIASES, 1, 1, rate);
    }
}
