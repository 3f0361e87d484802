package org.coinflip.model.layer.normalisation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.layer.plain.SameShapeLayer;
import org.coinflip.model.layer.plain.SameShapeStage;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.State;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * Centring, {@code y = x − m}, m of each column the mean of the rows of the batches before, the latest counting most, in training and in use:
 *
 * <pre>  s ← κ s + (1 − κ) Σ_r w_r x_r,  w ← κ w + (1 − κ) Σ_r w_r,  m = s / w </pre>
 *
 * w_r is what the example of row r weighs. Both are sums over rows, whose means over workers are, up to a factor, those of one that has seen the rows of all.
 * The gradient takes m for a constant; a row of y is a function of that row alone. Before any batch m is 0.
 *
 * <p>LeCun, Bottou, Orr, Müller (1998), "Efficient backprop", section 4.3; Grathwohl et al. (2018) centre what their encoders read.
 *
 * @param momentum κ, what the sums keep at each batch
 */
public record CentreLayer(double momentum) implements SameShapeLayer {
    public static final String TYPE = "centre";

    /** s, of each column. */
    static final String SUMS = "sums";

    /** w. */
    static final String WEIGHT = "weight";

    public static CentreLayer read(Section section) {
        return new CentreLayer(section.number("momentum", 0.9999, Range.BELOW_ONE));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("momentum", momentum);
        return keys;
    }

    @Override
    public List<Statistic> statistics(int inputs) {
        return List.of(Statistic.vector(SUMS, inputs, 0), Statistic.vector(WEIGHT, 1, 0));
    }

    @Override
    public void checkPlace(int index, List<Layer> layers) {
        Channels.checkPlace(index, layers);
    }

    /**
     * m of each column.
     *
     * @param index the layer's number
     */
    public static float[] means(State state, int index) {
        Floats sums = state.view(Binding.segment(index, SUMS));
        Floats weight = state.view(Binding.segment(index, WEIGHT));
        float[] means = new float[sums.length()];
        for (int j = 0; j < means.length; j++) {
            means[j] = (float) RunningStatistics.mean(sums, weight, j);
        }
        return means;
    }

    @Override
    public Stage bind(Binding binding) {
        return new CentreStage(binding);
    }

    private final class CentreStage extends SameShapeStage {
        private final Floats sums;
        private final Floats weight;
        private final Floats means;
        private final Floats factors;
        private final Floats offsets;
        private final RowWeights rowWeights;

        CentreStage(Binding binding) {
            super(binding);
            sums = binding.state().view(binding.segment(SUMS));
            weight = binding.state().view(binding.segment(WEIGHT));
            int padded = Matrix.padded(sums.length());
            means = Floats.allocate(padded);
            factors = Floats.allocate(padded);
            factors.fill(1f);
            offsets = Floats.allocate(padded);
            rowWeights = new RowWeights(binding.capacity());
        }

        @Override
        protected void forward(PassContext context, int rows) {
            for (int j = 0; j < sums.length(); j++) {
                means.set(j, (float) RunningStatistics.mean(sums, weight, j));
            }
            backend().normalising().normalise(input(), means, factors, offsets, rows, output());
        }

        @Override
        public void accumulate(PassContext context) {
            int rows = rows(context) * context.copies();
            float[] weights = rowWeights.of(context);
            double ofBatch = RowWeights.sum(weights, rows);
            // both by the same factors, which cancel in m
            float kept = (float) momentum;
            float fresh = 1 - kept;
            backend().elementwise().weightedColumnSums(input(), weights, rows, fresh, kept, sums);
            weight.set(0, (float) (kept * (double) weight.get(0) + fresh * ofBatch));
        }
    }
}
