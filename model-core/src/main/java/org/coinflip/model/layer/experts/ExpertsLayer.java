package org.coinflip.model.layer.experts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.Affine;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Initial;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.SkipConnection;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.settings.Section;

/**
 * Experts under gates. Of one unit each: {@code y_j = h_j f(w_j · x + b_j)}, h the output of the layer right below, x what the first layer of the
 * gater reads. Of many: an expert e is a small network z_e(x) of its own; its gate opens it whole, and {@code y = [h_1 z_1(x), …, h_E z_E(x)]}, or
 * {@code y = Σ_e h_e z_e(x)}. An expert whose gate is closed for an example, h = 0, is not computed for it where no one asks for its value: neither
 * z, nor its part in the gradient of its weights, nor in ∂L/∂x. The gates' gradient is {@code ∂L/∂h_e = ∂L/∂(h_e z_e) · z_e}; an
 * estimator that wants it at closed gates too, as straight-through does, has all experts computed forward, and still only the open ones backward.
 *
 * <p>Bengio, Léonard, Courville (2013), arXiv 1308.3432, section 5; sums of small networks: Shazeer and others (2017), arXiv 1701.06538.
 *
 * @param inputs columns of x
 * @param experts how many
 * @param units of each expert's output
 * @param hidden units of the layers inside an expert, from x up; with some, its output is linear
 * @param combine what y is made of the experts' outputs
 * @param gater how many layers right below make the gates; the first of them reads x
 * @param activation f
 * @param compute whether closed experts are left out
 * @param initial initial weights and biases, rate scale
 */
public record ExpertsLayer(
        int inputs,
        int experts,
        int units,
        List<Integer> hidden,
        Combine combine,
        int gater,
        Activation activation,
        Compute compute,
        Initial initial)
        implements Layer {
    public static final String TYPE = "experts";

    /**
     * Name of the segments of weights, with the number of the level from 1 on. Of experts of one unit, each one's lie side by side; of others, the
     * matrices of the experts, inputs × units, lie one under the other.
     */
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

    /** What the output is made of those of the experts. */
    public enum Combine {
        /** Side by side. */
        CONCATENATE,
        /** Added up. */
        SUM
    }

    public ExpertsLayer {
        hidden = List.copyOf(hidden);
    }

    public static ExpertsLayer read(Section section) {
        return read(
                section,
                section.integer("inputs", 1, Integer.MAX_VALUE),
                section.integer("gater", 1, Integer.MAX_VALUE));
    }

    /** Reads the keys that a block of gated experts has too. */
    public static ExpertsLayer read(Section section, int inputs, int gater) {
        int experts = section.integer("experts", 1, Integer.MAX_VALUE);
        int units = section.integer("units", 1, 1, Integer.MAX_VALUE);
        if ((long) experts * units > Integer.MAX_VALUE) {
            throw section.wrong("units", "fewer: experts times units is more than 2^31");
        }
        return new ExpertsLayer(
                inputs,
                experts,
                units,
                section.sizes("hidden"),
                section.choice("combine", Combine.CONCATENATE),
                gater,
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
        // experts of one unit are written as versions before blocks read them
        if (isOfBlocks()) {
            keys.put("units", units);
            keys.put("hidden", hidden);
            keys.put("combine", Section.name(combine));
        }
        keys.put("gater", gater);
        keys.put("activation", Section.name(activation));
        keys.put("compute", Section.name(compute));
        initial.write(keys);
        return keys;
    }

    private boolean isOfBlocks() {
        return units > 1 || !hidden.isEmpty() || isSummed();
    }

    boolean isSummed() {
        return combine == Combine.SUM;
    }

    /** Layers of an expert. */
    int levels() {
        return hidden.size() + 1;
    }

    /** Columns of what a level of an expert reads; of the one above the last, of its output. */
    int width(int level) {
        return level == 0 ? inputs : level == levels() ? units : hidden.get(level - 1);
    }

    /** What the units of a level give. */
    Activation activation(int level) {
        return level < hidden.size() || hidden.isEmpty() ? activation : Activation.LINEAR;
    }

    /** Multiply-adds that one expert takes for one example, forward. */
    public long multiplyAdds() {
        long sum = 0;
        for (int level = 0; level < levels(); level++) {
            sum += (long) width(level) * width(level + 1);
        }
        return sum;
    }

    /**
     * Multiply-adds that one expert takes for one example, backward: for the gradient of its weights, of its hidden units, and of x where something
     * below learns.
     *
     * @param index the layer's number
     */
    public long backwardMultiplyAdds(int index) {
        return 2 * multiplyAdds() - (index > gater ? 0 : (long) inputs * width(1));
    }

    /** The name of a segment of a level. */
    static String name(String of, int level) {
        return level == 0 ? of : of + level;
    }

    @Override
    public void checkPlace(int index, List<Layer> layers) {
        SkipConnection.check(index, "gater", gater, layers);
        int gates = layers.get(index - 1).outputs(inputs);
        if (gates != experts) {
            throw new UsageException("network.layers[" + index + "].experts: got " + experts + ", expected " + gates
                    + ", a gate of each in the layer below");
        }
    }

    /** The same experts, computed otherwise. */
    public ExpertsLayer with(Compute other) {
        return new ExpertsLayer(inputs, experts, units, hidden, combine, gater, activation, other, initial);
    }

    @Override
    public int outputs(int gates) {
        return isSummed() ? units : experts * units;
    }

    @Override
    public void declare(LayoutBuilder layout, int index, int gates) {
        for (int level = 0; level < levels(); level++) {
            int columns = width(level + 1);
            String weights = Binding.segment(index, name(WEIGHTS, level));
            if (isOfBlocks()) {
                int rows = Math.multiplyExact(experts, width(level));
                layout.add(weights, Segment.Role.WEIGHTS, rows, columns, initial.rateScale(), experts);
            } else {
                layout.add(weights, Segment.Role.WEIGHTS_BY_UNIT, experts, inputs, initial.rateScale());
            }
            layout.add(
                    Binding.segment(index, name(Affine.BIASES, level)),
                    Segment.Role.BIASES,
                    1,
                    Math.multiplyExact(experts, columns),
                    initial.rateScale());
        }
    }

    /** Side by side and without hidden layers the experts are one dense layer to Glorot's bound, otherwise a network each. */
    @Override
    public double initialWeightBound(String name, int rows, int columns) {
        if (!isOfBlocks()) {
            return initial.bound((double) rows + columns);
        }
        boolean isOneLayer = hidden.isEmpty() && !isSummed();
        return initial.bound((double) rows / experts + (isOneLayer ? (double) experts * columns : columns));
    }

    @Override
    public List<Statistic> statistics(int gates) {
        return List.of(Statistic.vector(WORK, ExpertsWork.LENGTH, 0));
    }

    @Override
    public Stage bind(Binding binding) {
        return isOfBlocks() ? new BlockExpertsStage(this, binding) : new UnitExpertsStage(this, binding);
    }
}
