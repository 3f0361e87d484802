package org.coinflip.model.layer.normalisation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.layer.TopLayer;
import org.coinflip.model.layer.plain.SameShapeLayer;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * Batch normalisation, {@code y = g (x − m) / √(v + ε) + b} of every channel: a column, or, of maps and steps, a channel over all positions. In training m and v
 * are the mean and the variance of the worker's batch, examples counting what they weigh, and the gradient goes through them; in use those of the batches before,
 * the latest counting most:
 *
 * <pre>  s₁ ← κ s₁ + (1 − κ) W mean x,  s₂ ← κ s₂ + (1 − κ) W mean x²,  w ← κ w + (1 − κ) W,  m = s₁ / w,  v = s₂ / w − m² </pre>
 *
 * W is the batch's weight, its number of rows unless examples have weights. All three are sums over rows, so that their means over workers are, up to a factor, those of one that has
 * seen the rows of all; the mean of variances would lack what means differ by from worker to worker, and the usual mean of the variances within batches what they differ by from batch to batch.
 * v is a difference: where |m| is a thousand times √v, it has few digits left.
 *
 * <p>A batch of one row and position has no variance and is normalised as in use. Before any batch m is 0 and v is 1.
 *
 * <p>Ioffe, Szegedy (2015), "Batch normalization: accelerating deep network training by reducing internal covariate shift", algorithms 1 and 2.
 *
 * @param channels column j is of channel {@code j mod channels}, a divisor of all columns; each has a gain g and a bias b
 * @param momentum κ, what the statistics in use keep at each batch
 * @param epsilon ε, above 0
 */
public record BatchNormLayer(int channels, double momentum, double epsilon) implements SameShapeLayer {
    public static final String TYPE = "batch-norm";

    /** s₁, of each channel. */
    static final String MEANS = "means";

    /** s₂, of each channel. */
    static final String SQUARES = "squares";

    /** w. */
    static final String WEIGHT = "weight";

    public static BatchNormLayer read(Section section, FeatureShape below) {
        if (below.order() == FeatureShape.Order.CHANNELS_FIRST && !section.has(Channels.KEY)) {
            throw section.wrong(
                    Channels.KEY,
                    below.columns() + ", for each number by itself: pictures of " + below.channels()
                            + " planes, which lie one behind the other, have no neighbouring channels");
        }
        boolean isMap = below.height() * below.width() > 1;
        return new BatchNormLayer(
                section.integer(Channels.KEY, isMap ? below.channels() : below.columns(), 1, Integer.MAX_VALUE),
                section.number("momentum", 0.9, Range.BELOW_ONE),
                section.number("epsilon", 1e-5, Range.POSITIVE));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put(Channels.KEY, channels);
        keys.put("momentum", momentum);
        keys.put("epsilon", epsilon);
        return keys;
    }

    @Override
    public void declare(LayoutBuilder layout, int index, int inputs) {
        Channels.declare(layout, index, inputs, channels);
    }

    @Override
    public double initialBias(String name) {
        return Channels.initial(name);
    }

    @Override
    public List<Statistic> statistics(int inputs) {
        return List.of(
                Statistic.vector(MEANS, channels, 0),
                Statistic.vector(SQUARES, channels, 0),
                Statistic.vector(WEIGHT, 1, 0));
    }

    @Override
    public boolean mixesRows() {
        return true;
    }

    /** Below, only a gradient tells a row what its sample does to the losses of the others. */
    @Override
    public void checkPlace(int index, List<Layer> layers) {
        Channels.checkPlace(index, layers);
        if (layers.get(layers.size() - 1) instanceof TopLayer top && top.isGiven()) {
            throw new UsageException(
                    "network.layers[" + index + "].type: got " + TYPE
                            + " below a loss that is earned, not computed, expected layer-norm: what was played is learned from in other batches");
        }
        for (int below = 0; below < index; below++) {
            Layer layer = layers.get(below);
            if (layer.readsLosses()) {
                throw new UsageException(
                        "network.layers[" + below + "].estimator: got "
                                + layer.write().get("estimator") + " below " + TYPE
                                + ", expected layer-norm there, or an estimator that reads no losses, such as straight-through or pathwise: in a batch that is"
                                + " normalised a sample changes the losses of other examples too, which its own loss does not tell");
            }
        }
    }

    @Override
    public Stage bind(Binding binding) {
        return new BatchNormStage(this, binding);
    }
}
