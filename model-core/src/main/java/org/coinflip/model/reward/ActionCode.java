package org.coinflip.model.reward;

import java.util.List;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.plain.RewardLayer;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.network.NetworkSpec;

/**
 * How the topmost units say an action: one categorical unit by its category, or Bernoulli units by their bits, {@code Σ_i 2^i h_i}. Means are
 * read as the likelier category or bits.
 */
public enum ActionCode {
    CATEGORY {
        @Override
        int action(Matrix units, int row) {
            int best = 0;
            for (int j = 1; j < units.columns(); j++) {
                best = units.get(row, j) > units.get(row, best) ? j : best;
            }
            return best;
        }
    },
    BITS {
        @Override
        int action(Matrix units, int row) {
            int action = 0;
            for (int j = 0; j < units.columns(); j++) {
                action |= units.get(row, j) > 0.5f ? 1 << j : 0;
            }
            return action;
        }
    };

    private static final int MOST_BITS = 30;

    /** The action that a row of units says. */
    abstract int action(Matrix units, int row);

    /** The code of a policy's topmost units; refuses a network that is no policy for the environment. */
    public static ActionCode of(NetworkSpec network, Environment environment) {
        if (network.inputs() != environment.observations()) {
            throw new UsageException("network: got a policy of " + network.inputs() + " inputs, expected "
                    + environment.observations() + ", what the environment shows");
        }
        if (!(network.top() instanceof RewardLayer)) {
            throw new UsageException(
                    "network.layers: got " + network.top().write().get("type")
                            + " at the end, expected { type = reward }: an environment's loss is what actions earn");
        }
        List<Layer> layers = network.layers();
        Layer below = layers.size() < 2 ? null : layers.get(layers.size() - 2);
        int actions = environment.actions();
        if (below instanceof StochasticLayer units) {
            if (units.law().isBinary() && units.units() <= MOST_BITS && 1 << units.units() == actions) {
                return BITS;
            }
            if (units.law().isDiscrete()
                    && !units.law().isBinary()
                    && units.law().columnsPerUnit() == actions
                    && units.units() == actions) {
                return CATEGORY;
            }
        }
        throw new UsageException("network.layers: got " + described(below) + " below { type = reward }, expected "
                + (Integer.bitCount(actions) == 1
                        ? Integer.numberOfTrailingZeros(actions) + " bernoulli units, or "
                        : "")
                + "{ type = stochastic, units = " + actions + ", law { type = categorical, categories = " + actions
                + " } }: they are to say one of " + actions + " actions");
    }

    private static String described(Layer layer) {
        if (layer instanceof StochasticLayer units) {
            return units.units() + " columns of " + units.law().write().get("type") + " units";
        }
        return layer == null ? "nothing" : String.valueOf(layer.write().get("type"));
    }
}
