package org.coinflip.data.source;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.data.raw.SourceFile;
import org.coinflip.model.example.Examples;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.settings.Section;
import org.coinflip.model.storage.Sha256;

/**
 * Random examples of any number, for drills and measurements. Features x are uniform bytes; the label is {@code argmax_c Σ_j w_cj (x_j −
 * 128)}, the least c of equal ones, with a teacher w of uniform whole numbers in −128 … 127. Both are functions of (seed, example id)
 * and (seed) alone, in whole numbers, so that any part of the data is made anywhere, the same everywhere: a row is a SplitMix64 sequence
 * (Steele, Lea, Flood (2014), "Fast Splittable Pseudorandom Number Generators") that begins at the row's Threefry word. Test examples have the first
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
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
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
        int[][] teacher = teacher();
        NoiseKey key = new NoiseKey(seed, 0, NoiseKey.SYNTHETIC);
        long[] ids = new long[count];
        int[] labels = new int[count];
        byte[] bytes = new byte[Math.multiplyExact(count, features)];
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int[] centred = new int[features];
        for (int i = 0; i < count; i++) {
            ids[i] = from + i;
            fill(key.longWord(ids[i]), out);
            for (int j = 0; j < features; j++) {
                centred[j] = (bytes[i * features + j] & 0xFF) - MIDDLE;
            }
            labels[i] = label(teacher, centred);
        }
        return Examples.ofBytes(features, classes, ids, labels, bytes, scale, new float[features]);
    }

    private int[][] teacher() {
        NoiseKey key = new NoiseKey(seed, 1, NoiseKey.SYNTHETIC);
        int[][] teacher = new int[classes][features];
        for (int c = 0; c < classes; c++) {
            byte[] row = new byte[features];
            fill(key.longWord(c), ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN));
            Arrays.setAll(teacher[c], j -> row[j]);
        }
        return teacher;
    }

    /** Sums fit: 2¹⁶ features of at most 2¹⁴ each are 2³⁰. */
    private static int label(int[][] teacher, int[] centred) {
        int best = 0;
        int most = Integer.MIN_VALUE;
        for (int c = 0; c < teacher.length; c++) {
            int[] row = teacher[c];
            int sum = 0;
            for (int j = 0; j < centred.length; j++) {
                sum += row[j] * centred[j];
            }
            if (sum > most) {
                most = sum;
                best = c;
            }
        }
        return best;
    }

    /** Random bytes in the place of one row, eight of each number of the sequence, the lowest first. */
    private void fill(long start, ByteBuffer out) {
        long at = start;
        for (int j = 0; j < features; j += Long.BYTES) {
            at += GOLDEN;
            long word = mix(at);
            if (features - j >= Long.BYTES) {
                out.putLong(word);
            } else {
                for (int k = 0; k < features - j; k++) {
                    out.put((byte) (word >>> (8 * k)));
                }
            }
        }
    }

    private static long mix(long z) {
        long y = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long x = (y ^ (y >>> 27)) * 0x94D049BB133111EBL;
        return x ^ (x >>> 31);
    }
}
