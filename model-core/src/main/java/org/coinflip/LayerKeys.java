package org.coinflip;

import java.util.Map;

/** Keys of a layer that have no parameter of their own in {@link NetworkBuilder}, by the names of experiment files. */
public final class LayerKeys {
    private final Map<String, Object> keys;

    LayerKeys(Map<String, Object> keys) {
        this.keys = keys;
    }

    /**
     * Sets a key.
     *
     * @param value a number, text, truth, or a map of them; what is unknown or out of range is refused when the network is built
     */
    public LayerKeys set(String key, Object value) {
        keys.put(key, value);
        return this;
    }

    /** Where the units are latent variables: {@code learned}, {@code uniform} or {@code conditional}. */
    public LayerKeys prior(String type) {
        return set("prior", type);
    }

    /** Draws every unit to be open for a part of the examples. */
    public LayerKeys sparsity(double target, double weight) {
        return set("sparsity", Map.of("target", target, "weight", weight));
    }

    /** What the biases start from. */
    public LayerKeys initialBias(double bias) {
        return set("initial-bias", bias);
    }
}
