package org.coinflip.model.training;

import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.RowInvariantBlas;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;

/**
 * Codes of examples: which units of one layer are above one half when the network is used without noise. Belongs to one thread; a code is
 * a function of (state, example, batch), whatever the example's neighbours.
 */
public final class Encoder {
    private static final int BATCH = 256;

    private final Pass pass;
    private final int layer;
    private final int units;
    private final int[] places = new int[BATCH];

    /**
     * @param state not modified
     * @param layer the layer's number, from 0
     */
    public Encoder(Network network, State state, int layer, Backend backend) {
        this.pass = network.bind(state, null, backend.with(new RowInvariantBlas(backend.blas(), BATCH)), BATCH);
        this.layer = layer;
        this.units = pass.output(layer).columns();
    }

    /** Units of the layer, bits of a code. */
    public int units() {
        return units;
    }

    /** The code of every example, in their order: bit j of a code is bit {@code j mod 64} of word {@code j / 64}. */
    public long[][] codes(Examples examples) {
        long[][] codes = new long[examples.size()][(units + Long.SIZE - 1) / Long.SIZE];
        for (int start = 0; start < examples.size(); start += BATCH) {
            int count = Math.min(BATCH, examples.size() - start);
            for (int r = 0; r < BATCH; r++) {
                places[r] = start + Math.min(r, count - 1);
            }
            pass.load(examples, places, BATCH);
            pass.context().setNoise(Mode.THRESHOLDS, 0, 0, 0);
            pass.forward();
            Matrix outputs = pass.output(layer);
            for (int r = 0; r < count; r++) {
                for (int j = 0; j < units; j++) {
                    codes[start + r][j / Long.SIZE] |= (outputs.get(r, j) > 0.5f ? 1L : 0L) << j;
                }
            }
        }
        return codes;
    }
}
