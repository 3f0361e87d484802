package org.coinflip.model.layer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.Activation;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.settings.Section;

/**
 * Experts under gates: {@code y_j = h_j f(w_j · x + b_j)}, h the output of the layer right below, x what the first layer of the gater
 * reads. An expert whose gate is closed for an example, h_j = 0, is not computed for it where no one asks for its value: neither w_j · x, nor
 * its part in ∂L/∂w_j, nor in ∂L/∂x. The gates' gradient is {@code ∂L/∂h_j = ∂L/∂y_j f(·)}; an estimator that wants it at closed
 * gates too, as straight-through does, has all experts computed forward, and still only the open ones backward.
 *
 * <p>Bengio, Léonard, Courville (2013), arXiv 1308.3432, section 5.
 *
 * @param inputs columns of x
 * @param experts columns of y
 * @param gater how many layers right below make the gates; the first of them reads x
 * @param activation f
 * @param compute whether closed experts are left out
 * @param initial initial weights and biases, rate scale
 */
public record ExpertsLayer(int inputs, int experts, int gater, Activation activation, Compute compute, Initial initial)
        implements Layer {
    public static final String TYPE = "experts";

    /** Name of the segment of weights, experts × inputs. */
    static final String WEIGHTS = Affine.WEIGHTS;

    /** Name of the statistics of the work done. */
    static final String WORK = "work";

    /** Whether closed experts are left out. */
    public enum Compute {
        /** Where fewer gates are open than make a dense product faster. */
        AUTO,
        /** Always. */
        SPARSE,
        /** Never. */
        DENSE
    }

    static ExpertsLayer read(Section section) {
        return new ExpertsLayer(
                section.integer("inputs", 1, Integer.MAX_VALUE),
                section.integer("experts", 1, Integer.MAX_VALUE),
                section.integer("gater", 1, Integer.MAX_VALUE),
                section.choice("activation", Activation.LINEAR),
                section.choice("compute", Compute.AUTO),
                Initial.read(section));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("inputs", inputs);
        keys.put("experts", experts);
        keys.put("gater", gater);
        keys.put("activation", Section.name(activation));
        keys.put("compute", Section.name(compute));
        initial.write(keys);
        return keys;
    }

    @Override
    public void checkPlace(int index, List<Layer> layers) {
        if (gater > index) {
            throw new UsageException("network.layers[" + index + "].gater: got " + gater + ", expected at most " + index
                    + ": there are no more layers below");
        }
        int gates = layers.get(index - 1).outputs(inputs);
        if (gates != experts) {
            throw new UsageException("network.layers[" + index + "].experts: got " + experts + ", expected " + gates
                    + ", a gate of each in the layer below");
        }
    }

    /** The same experts, computed otherwise. */
    public ExpertsLayer with(Compute other) {
        return new ExpertsLayer(inputs, experts, gater, activation, other, initial);
    }

    @Override
    public int outputs(int gates) {
        return experts;
    }

    @Override
    public void declare(LayoutBuilder layout, int index, int gates) {
        layout.add(Binding.segment(index, WEIGHTS), Segment.Role.WEIGHTS_BY_UNIT, experts, inputs, initial.rateScale());
        layout.add(Binding.segment(index, Affine.BIASES), Segment.Role.BIASES, 1, experts, initial.rateScale());
    }

    @Override
    public List<Statistic> statistics(int gates) {
        return List.of(Statistic.vector(WORK, ExpertsWork.LENGTH, 0));
    }

    @Override
    public Stage bind(Binding binding) {
        return new ExpertsStage(this, binding);
    }
}
