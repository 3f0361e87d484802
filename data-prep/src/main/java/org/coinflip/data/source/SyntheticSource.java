package org.coinflip.data.source;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.example.Examples;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.noise.Threefry;
import org.coinflip.model.settings.Section;

/**
 * Random examples of any number, for drills and measurements. Features x are uniform bytes; the label is {@code argmax_c Σ_j w_cj (x_j −
 * 128)}, the least c of equal ones, with a teacher w of uniform whole numbers in −128 … 127. Both are functions of (seed, example id)
 * and (seed) alone, in whole numbers, so that any part of the data is made anywhere, the same everywhere. Test examples have the first
 * ids, then validation, then training examples.
 *
 * @param features bytes an example
 * @param classes rows of the teacher
 * @param train training examples
 * @param valid validation examples
 * @param test test examples
 * @param seed seed of examples and teacher
 */
public record SyntheticSource(int features, int classes, int train, int valid, int test, long seed)
        implements Source, java.io.Serializable {
    private static final int MIDDLE = 128;
    private static final int MOST_FEATURES = 1 << 16;
    private static final int MOST_EXAMPLES = 1 << 30;

    static SyntheticSource read(Section section) {
        Section split = section.section("split");
        SyntheticSource source = new SyntheticSource(
                section.integer("features", 784, 1, MOST_FEATURES),
                section.integer("classes", 10, 2, 1 << 10),
                split.integer("train", 100_000, 1, MOST_EXAMPLES),
                split.integer("valid", 10_000, 1, MOST_EXAMPLES),
                split.integer("test", 10_000, 1, MOST_EXAMPLES),
                section.wholeNumber("seed", 0));
        split.finish();
        return source;
    }

    @Override
    public SourceType type() {
        return SourceType.SYNTHETIC;
    }

    @Override
    public Map<String, Object> keys() {
        Map<String, Object> split = new LinkedHashMap<>();
        split.put("train", train);
        split.put("valid", valid);
        split.put("test", test);
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("features", features);
        keys.put("classes", classes);
        keys.put("split", split);
        keys.put("seed", seed);
        return keys;
    }

    /** What stands for the source's files: no bytes, and the checksum of what the examples are a function of. */
    public SourceFile file() {
        String law = "synthetic 1: features " + features + ", classes " + classes + ", seed " + seed;
        return new SourceFile("synthetic", 0, Sha256.hex(law.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * The examples {@code from … from + count − 1}.
     *
     * @param scale factor of each feature as a network sees it
     */
    public Examples examples(long from, int count, float[] scale) {
        byte[][] teacher = new byte[classes][features];
        NoiseKey weights = new NoiseKey(seed, 1, NoiseKey.SYNTHETIC);
        for (int c = 0; c < classes; c++) {
            fill(weights.key(), c, teacher[c], 0);
        }
        int[] key = new NoiseKey(seed, 0, NoiseKey.SYNTHETIC).key();
        long[] ids = new long[count];
        int[] labels = new int[count];
        byte[] bytes = new byte[Math.multiplyExact(count, features)];
        int[] centred = new int[features];
        for (int i = 0; i < count; i++) {
            ids[i] = from + i;
            fill(key, ids[i], bytes, i * features);
            for (int j = 0; j < features; j++) {
                centred[j] = (bytes[i * features + j] & 0xFF) - MIDDLE;
            }
            labels[i] = label(teacher, centred);
        }
        return Examples.ofBytes(features, classes, ids, labels, bytes, scale, new float[features]);
    }

    /** Sums fit: 2¹⁶ features of at most 2¹⁴ each are 2³⁰. */
    private static int label(byte[][] teacher, int[] centred) {
        int best = 0;
        int most = Integer.MIN_VALUE;
        for (int c = 0; c < teacher.length; c++) {
            int sum = 0;
            for (int j = 0; j < centred.length; j++) {
                sum += teacher[c][j] * centred[j];
            }
            if (sum > most) {
                most = sum;
                best = c;
            }
        }
        return best;
    }

    /** Random bytes in the place of one row. */
    private void fill(int[] key, long row, byte[] out, int start) {
        int[] words = new int[4];
        for (int j = 0; j < features; j++) {
            if (j % 16 == 0) {
                Arrays.fill(words, 0);
                words[0] = j / 16;
                words[2] = (int) row;
                words[3] = (int) (row >>> 32);
                Threefry.encrypt(key, words);
            }
            out[start + j] = (byte) (words[j % 16 / 4] >>> (8 * (j % 4)));
        }
    }
}
