package org.coinflip.model.transform;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.noise.Threefry;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * How a unit-scaled feature x becomes 0 or 1: {@code threshold}: {@code 1[x > at]}; {@code bernoulli}: {@code 1[u < x]} with one fixed uniform u
 * for each (seed, example id, feature), so that P(1) = x and every epoch, shard and machine sees the same bit.
 *
 * <p>Salakhutdinov, Murray (2008), "On the quantitative analysis of deep belief networks", for the stochastic binarisation.
 *
 * @param type the rule
 * @param at the threshold, in [0, 1]; 0 for the other rules
 * @param seed seed of the uniforms; 0 for the other rules
 */
public record Binarisation(Type type, double at, long seed) implements Serializable {
    /** The rules. */
    public enum Type {
        NONE,
        THRESHOLD,
        BERNOULLI;

        @Override
        public String toString() {
            return Section.name(this);
        }
    }

    /** Features stay as they are scaled. */
    public static final Binarisation NONE = new Binarisation(Type.NONE, 0, 0);

    private static final int WORDS_A_BLOCK = 4;
    private static final int BLOCKS_A_CHUNK = NoiseKey.CHUNK / WORDS_A_BLOCK;

    /** Reads {@code binarise { type = none | threshold | bernoulli, at = 0.5, seed = 0 }}. */
    public static Binarisation read(Section section) {
        Type type = section.choice("type", Type.NONE);
        double at = type == Type.THRESHOLD ? section.number("at", 0.5, Range.UNIT) : 0;
        long seed = type == Type.BERNOULLI ? section.wholeNumber("seed", 0) : 0;
        section.finish();
        return new Binarisation(type, at, seed);
    }

    /** The section as it is written, with the keys of its type only. */
    public Map<String, Object> asMap() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", type.toString());
        if (type == Type.THRESHOLD) {
            keys.put("at", at);
        } else if (type == Type.BERNOULLI) {
            keys.put("seed", seed);
        }
        return keys;
    }

    /** Whether features become 0 or 1 at all. */
    public boolean applies() {
        return type != Type.NONE;
    }

    /** Whether the bit of a feature that is scaled to {@code unit} may be 1. */
    boolean mayBeOne(float unit) {
        return unit > (type == Type.THRESHOLD ? at : 0);
    }

    /**
     * The bits of one example.
     *
     * @param id the example's id
     * @param unit its features scaled to [0, 1], not modified; what lies outside is drawn as 0 or 1
     * @param bits written: {@code unit.length} bytes 0 or 1 from {@code start} on
     */
    public void apply(long id, float[] unit, byte[] bits, int start) {
        if (type == Type.THRESHOLD) {
            for (int j = 0; j < unit.length; j++) {
                bits[start + j] = (byte) (unit[j] > at ? 1 : 0);
            }
            return;
        }
        int[] key = new NoiseKey(seed, 0, NoiseKey.BINARISATION).key();
        int blocks = BLOCKS_A_CHUNK * ((unit.length + NoiseKey.CHUNK - 1) / NoiseKey.CHUNK);
        for (int block = 0; block < blocks; block++) {
            int first = NoiseKey.CHUNK * (block / BLOCKS_A_CHUNK) + block % BLOCKS_A_CHUNK;
            int[] words = NoiseKey.counter(block, 0, id);
            Threefry.encrypt(key, words);
            for (int w = 0, j = first; w < WORDS_A_BLOCK && j < unit.length; w++, j += BLOCKS_A_CHUNK) {
                bits[start + j] = (byte) (NoiseKey.ofWord(words[w]) < unit[j] ? 1 : 0);
            }
        }
    }
}
