package org.coinflip.model.transform;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * How a column of a table becomes features. A number is one feature, a vector as many as it has numbers, a category one of 0 and 1 for each level (1 where
 * the value is that level) or for each bucket of a hash. A column whose holes are marked has one more, which is 1 where a row has no value.
 *
 * @param column the column's name
 * @param levels of a category, ascending; empty for numbers, vectors and hashed categories
 * @param buckets of a hashed category; 0 for others
 * @param numbers of a value: 1, more for a vector, 0 for a category
 * @param marksHoles whether holes have a feature of their own
 */
public record ColumnCode(String column, List<String> levels, int buckets, int numbers, boolean marksHoles)
        implements Serializable {
    /** Features that one column may have at most. */
    public static final int MOST_FEATURES = 1 << 20;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    public ColumnCode {
        levels = List.copyOf(levels);
        int kinds = (levels.isEmpty() ? 0 : 1) + (buckets == 0 ? 0 : 1) + (numbers == 0 ? 0 : 1);
        if (kinds != 1 || buckets < 0 || numbers < 0 || Math.max(buckets, numbers) > MOST_FEATURES) {
            throw new IllegalArgumentException("got the column " + column.replaceAll("\\p{Cntrl}", "?") + " with "
                    + levels.size() + " levels, " + buckets + " buckets and " + numbers
                    + " numbers, expected one of them, at most " + MOST_FEATURES);
        }
        if (!isAscending(levels)) {
            throw new IllegalArgumentException("got levels that do not ascend, expected each once, in order");
        }
    }

    private static boolean isAscending(List<String> levels) {
        for (int i = 1; i < levels.size(); i++) {
            if (levels.get(i - 1).compareTo(levels.get(i)) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** A column of numbers, or of vectors of so many. */
    public static ColumnCode number(String column, int numbers) {
        return new ColumnCode(column, List.of(), 0, numbers, false);
    }

    /** A category, one feature a level. */
    public static ColumnCode category(String column, List<String> levels) {
        return new ColumnCode(column, levels, 0, 0, false);
    }

    /** A category, one feature a bucket. */
    public static ColumnCode hashed(String column, int buckets) {
        return new ColumnCode(column, List.of(), buckets, 0, false);
    }

    /** The same with a feature for holes. */
    public ColumnCode markingHoles() {
        return new ColumnCode(column, levels, buckets, numbers, true);
    }

    /** Whether values are texts. */
    public boolean isCategory() {
        return numbers == 0;
    }

    /** Whether the column is one number a row and no more, which is one feature of its name. */
    public boolean isPlain() {
        return numbers == 1 && !marksHoles;
    }

    /** Features, the one for holes included. */
    public int width() {
        return numbers + levels.size() + buckets + (marksHoles ? 1 : 0);
    }

    /**
     * Which feature of the category is 1.
     *
     * @return the place from 0; negative where the value is no level
     */
    public int place(String value) {
        return buckets > 0
                ? (int) Long.remainderUnsigned(hash(value), buckets)
                : Collections.binarySearch(levels, value);
    }

    /** A hash of 64 bits: FNV-1a over the UTF-16 units, its high half folded onto its low one. */
    public static long hash(String value) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < value.length(); i++) {
            hash = (hash ^ value.charAt(i)) * FNV_PRIME;
        }
        // the low bits of FNV-1a alone are poor
        return hash ^ (hash >>> 32);
    }

    /** The names of the features: {@code age}, {@code pixels[0]}, {@code colour=red}, {@code city#0}, {@code age missing}. */
    public List<String> features() {
        List<String> names = new ArrayList<>();
        for (int j = 0; j < numbers; j++) {
            names.add(numbers == 1 ? column : column + "[" + j + "]");
        }
        levels.forEach(level -> names.add(column + "=" + level));
        for (int j = 0; j < buckets; j++) {
            names.add(column + "#" + j);
        }
        if (marksHoles) {
            names.add(column + " missing");
        }
        return names;
    }

    /**
     * Writes the features of a category's value.
     *
     * @param place from {@link #place}; negative for a hole
     * @param out written from {@code at} on, {@link #width} numbers
     */
    public void write(int place, float[] out, int at) {
        Arrays.fill(out, at, at + width(), 0f);
        if (place >= 0) {
            out[at + place] = 1f;
        } else if (marksHoles) {
            out[at + width() - 1] = 1f;
        }
    }
}
