package org.coinflip.data.table;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.coinflip.data.raw.Labels;
import org.coinflip.data.raw.Resolution;
import org.coinflip.data.raw.SplitKeys;
import org.coinflip.model.example.Features;
import org.coinflip.model.example.FloatFeatures;

/**
 * The rows of one file of a table, or of another part of it, checked and packed: what they say by themselves. What their categories and labels are among those
 * of all parts is known when all are, see {@link FeatureEncoder}.
 */
public final class TablePart implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int rows;
    /** How many numbers each feature that is no category has in a row. */
    private final int[] widths;
    /** The numbers of the features that are no categories. */
    private final Features numbers;
    /** Numbers and categories that are not 0. */
    private final long entries;
    /** Of each category, for each row the place of its text among {@link #levels}; −1 for a hole. */
    private final int[][] categories;

    private final List<List<String>> levels;
    /** Whether a feature has holes. */
    private final boolean[] holes;

    private final Labels labels;
    private final long[] ids;
    private final List<String> idTexts;
    private final float[] weights;
    private final SplitKeys splitKeys;
    private final Resolution resolution;

    /** A part without its features. */
    private TablePart(TablePart whole) {
        rows = whole.rows;
        widths = whole.widths;
        numbers = new FloatFeatures(0, 0, new float[0]);
        entries = whole.entries;
        categories = new int[0][];
        levels = whole.levels;
        holes = whole.holes;
        labels = whole.labels;
        ids = whole.ids;
        idTexts = List.of();
        weights = whole.weights;
        splitKeys = whole.splitKeys;
        resolution = whole.resolution;
    }

    TablePart(TableRows built) {
        rows = built.rows;
        widths = built.widths;
        numbers = built.numbers.done();
        categories = built.categories == null ? new int[0][] : built.categories.clone();
        for (int c = 0; c < categories.length; c++) {
            categories[c] = Arrays.copyOf(categories[c], rows);
        }
        entries = numbers.entries()
                + Arrays.stream(categories)
                        .mapToLong(places -> Arrays.stream(places)
                                .filter(place -> place >= 0)
                                .count())
                        .sum();
        levels = built.levels.stream().map(List::copyOf).toList();
        holes = built.holes;
        labels = built.labels == null ? Labels.none(rows) : built.labels.done();
        ids = built.ids == null ? null : Arrays.copyOf(built.ids, rows);
        idTexts = built.idTexts;
        weights = built.weights == null ? null : Arrays.copyOf(built.weights, rows);
        splitKeys = built.splitKeys == null
                ? null
                : new SplitKeys(built.plan.splitKind().orElseThrow(), Arrays.copyOf(built.splitKeys, rows));
        resolution = built.numbers.resolution(widths).packed();
    }

    /** How many rows there are. */
    public int rows() {
        return rows;
    }

    /** The same without what fills memory: numbers and categories. */
    public TablePart withoutFeatures() {
        return new TablePart(this);
    }

    /** Whether ids are places. */
    public boolean areCounted() {
        return ids == null;
    }

    int[] widths() {
        return widths;
    }

    Features numbers() {
        return numbers;
    }

    /** Features that are not 0. */
    long entries() {
        return entries;
    }

    /** What ids are called where they are texts, otherwise none. */
    List<String> idTexts() {
        return idTexts;
    }

    int[] category(int category) {
        return categories[category];
    }

    List<List<String>> levels() {
        return levels;
    }

    boolean[] holes() {
        return holes;
    }

    Labels labels() {
        return labels;
    }

    /** Null where ids are places. */
    long[] ids() {
        return ids;
    }

    /** Null where there are none. */
    float[] weights() {
        return weights;
    }

    /** Null where the ids say how rows are split. */
    SplitKeys splitKeys() {
        return splitKeys;
    }

    Resolution resolution() {
        return resolution;
    }
}
