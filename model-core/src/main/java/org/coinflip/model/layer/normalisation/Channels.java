package org.coinflip.model.layer.normalisation;

import java.util.List;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.layer.Affine;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.recurrent.RecurrentLayer;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Segment;

/** What layers that normalise have of each channel: a gain and a bias. Column j of what is below is of channel {@code j mod count}, at position {@code j / count}. */
final class Channels {
    static final String KEY = "channels";

    /** g of each channel. */
    static final String GAINS = "gains";

    private Channels() {}

    /** Asks for gains and biases, which are vectors both: weight decay is not for them. */
    static void declare(LayoutBuilder layout, int index, int inputs, int count) {
        // not before: what is read without its data has a picture of any size below
        if (inputs % count != 0) {
            throw new UsageException("network.layers[" + index + "]." + KEY + ": got " + count
                    + ", expected a divisor of the " + inputs + " columns below");
        }
        layout.add(Binding.segment(index, GAINS), Segment.Role.BIASES, 1, count, 1);
        layout.add(Binding.segment(index, Affine.BIASES), Segment.Role.BIASES, 1, count, 1);
    }

    /** Gains begin at 1, biases at 0. */
    static double initial(String name) {
        return name.equals(GAINS) ? 1 : 0;
    }

    /** Refuses sequences above that end where steps are all zero: normalised, they are biases. */
    static void checkPlace(int index, List<Layer> layers) {
        for (int above = index + 1; above < layers.size(); above++) {
            if (layers.get(above) instanceof RecurrentLayer recurrent && recurrent.padded()) {
                throw new UsageException(
                        "network.layers[" + above + "].padded: got true above "
                                + layers.get(index).write().get("type")
                                + ", expected false: steps of zeros, which end a sequence, are none any more once they are normalised");
            }
        }
    }
}
