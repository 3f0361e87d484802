package org.coinflip.data.table;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.coinflip.data.raw.Cell;
import org.coinflip.data.raw.Labels;
import org.coinflip.data.raw.Resolution;
import org.coinflip.data.raw.Shown;
import org.coinflip.data.raw.SplitKeys;
import org.coinflip.model.error.DataException;
import org.coinflip.model.settings.DecimalNumber;

/**
 * The rows of one file of a table, or of another part of it, checked and packed: what they say by themselves. What their categories and labels are among those
 * of all parts is known when all are, see {@link TableCodes}.
 */
public final class TablePart implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int rows;
    /** How many numbers each feature that is no category has in a row. */
    private final int[] widths;
    /** Row-major: the numbers of the features that are no categories. */
    private final float[] numbers;
    /** Of each category, for each row the place of its text among {@link #levels}; −1 for a hole. */
    private final int[][] categories;

    private final List<List<String>> levels;
    /** Whether a feature has holes. */
    private final boolean[] holes;

    private final Labels labels;
    private final long[] ids;
    private final float[] weights;
    private final SplitKeys splitKeys;
    private final Resolution resolution;

    /** A part without its features. */
    private TablePart(TablePart whole) {
        rows = whole.rows;
        widths = whole.widths;
        numbers = new float[0];
        categories = new int[0][];
        levels = whole.levels;
        holes = whole.holes;
        labels = whole.labels;
        ids = whole.ids;
        weights = whole.weights;
        splitKeys = whole.splitKeys;
        resolution = whole.resolution;
    }

    private TablePart(Builder built) {
        rows = built.rows;
        widths = built.widths;
        numbers = Arrays.copyOf(built.numbers, rows * built.width);
        categories = built.categories == null ? new int[0][] : built.categories.clone();
        for (int c = 0; c < categories.length; c++) {
            categories[c] = Arrays.copyOf(categories[c], rows);
        }
        levels = built.levels.stream().map(List::copyOf).toList();
        holes = built.holes;
        labels = built.labels == null ? Labels.none(rows) : built.labels.done();
        ids = built.ids == null ? null : Arrays.copyOf(built.ids, rows);
        weights = built.weights == null ? null : Arrays.copyOf(built.weights, rows);
        splitKeys = built.splitKeys == null
                ? null
                : new SplitKeys(built.plan.splitKind().orElseThrow(), Arrays.copyOf(built.splitKeys, rows));
        resolution = built.resolution;
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

    float[] numbers() {
        return numbers;
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

    /** Takes rows one after another. */
    public static final class Builder {
        /** More different texts than this in one column are names or sentences rather than categories. */
        private static final int MOST_LEVELS = 1 << 12;

        private static final int LEAST_CAPACITY = 16;

        private final ColumnPlan plan;
        private final String path;
        private final List<List<String>> levels = new ArrayList<>();
        private final List<Map<String, Integer>> places = new ArrayList<>();
        private final boolean[] holes;
        private int[] widths;
        private int width;
        private int rows;
        private int capacity = LEAST_CAPACITY;
        private float[] numbers;
        private int[][] categories;
        private Labels.Builder labels;
        private long[] ids;
        private float[] weights;
        private long[] splitKeys;
        private SplitKeyReader splitKeyReader;
        private Resolution resolution;

        /**
         * Of a part without rows yet.
         *
         * @param path of the part, for messages
         */
        public Builder(ColumnPlan plan, String path) {
            this.plan = plan;
            this.path = path;
            this.holes = new boolean[plan.features().length];
        }

        /** How many rows there are so far. */
        public int rows() {
            return rows;
        }

        /**
         * Takes the next row.
         *
         * @param cells a text, a number, a truth value, a {@code double[]} for a vector, or null for each column; not modified
         * @param number of the row, for messages
         * @throws DataException where a cell is not what its column is for
         */
        public void add(Object[] cells, long number) {
            if (rows == 0) {
                begin(cells, number);
            }
            if (rows == capacity) {
                grow();
            }
            int at = rows * width;
            int category = 0;
            for (int f = 0; f < plan.features().length; f++) {
                Object cell = value(cells[plan.features()[f]]);
                if (plan.isCategory(f)) {
                    categories[category][rows] = place(category, f, cell, number);
                    category++;
                } else if (widths[f] > 1 || cell instanceof double[]) {
                    vector(f, cell, at, number);
                    at += widths[f];
                } else {
                    number(f, cell, at++, number);
                }
            }
            if (labels != null) {
                Object cell = value(cells[plan.label()]);
                labels.add(cell, expected -> wrong(plan.label(), cell, number)
                        .apply(expected + ": correct the label, data.label-column or data.classes, or give"
                                + " data.label-type = names"));
            }
            if (ids != null) {
                ids[rows] = id(cells[plan.id()], number);
            }
            if (weights != null) {
                weights[rows] = weight(cells[plan.weight()], number);
            }
            if (splitKeys != null) {
                Object cell = cells[plan.splitKey()];
                splitKeys[rows] = splitKeyReader.key(cell, wrong(plan.splitKey(), cell, number));
            }
            rows++;
        }

        /** All that were taken. */
        public TablePart done() {
            if (rows == 0) {
                begin(new Object[plan.columns()], 0);
            }
            return new TablePart(this);
        }

        private void begin(Object[] first, long number) {
            int features = plan.features().length;
            widths = new int[features];
            int ofCategories = 0;
            for (int f = 0; f < features; f++) {
                if (plan.isCategory(f)) {
                    ofCategories++;
                    levels.add(new ArrayList<>());
                    places.add(new HashMap<>());
                } else {
                    Object cell = first[plan.features()[f]];
                    widths[f] = cell instanceof double[] vector ? vector.length : 1;
                    if (widths[f] == 0) {
                        throw wrong(plan.features()[f], "a vector without numbers", number)
                                .apply("at least one: leave the row out, or the column");
                    }
                    width += widths[f];
                }
            }
            numbers = new float[capacity * width];
            categories = new int[ofCategories][capacity];
            labels = plan.label() < 0 ? null : new Labels.Builder(plan.labelType(), plan.classes());
            ids = plan.id() < 0 ? null : new long[capacity];
            weights = plan.weight() < 0 ? null : new float[capacity];
            if (plan.splitKey() >= 0) {
                splitKeys = new long[capacity];
                splitKeyReader = new SplitKeyReader(plan.splitKind().orElseThrow());
            }
            resolution = new Resolution(width);
        }

        private void grow() {
            long wanted = 2L * capacity;
            if (wanted * Math.max(1, width) > Integer.MAX_VALUE - 8) {
                throw new DataException(path + ": has more than " + rows + " rows of " + width
                        + " numbers, expected at most 2³⁰ numbers in a file: cut it in several");
            }
            capacity = (int) wanted;
            numbers = Arrays.copyOf(numbers, capacity * width);
            for (int c = 0; c < categories.length; c++) {
                categories[c] = Arrays.copyOf(categories[c], capacity);
            }
            ids = ids == null ? null : Arrays.copyOf(ids, capacity);
            weights = weights == null ? null : Arrays.copyOf(weights, capacity);
            splitKeys = splitKeys == null ? null : Arrays.copyOf(splitKeys, capacity);
        }

        /** The cell, null where its text says that there is nothing. */
        private Object value(Object cell) {
            return cell instanceof String text && plan.isHole(text) ? null : cell;
        }

        private void number(int f, Object cell, int at, long number) {
            double value = toNumber(cell);
            float rounded = Cell.nearestFloat(cell, value);
            if (cell == null || (cell instanceof Number && Double.isNaN(value))) {
                hole(f, cell, number);
                numbers[at] = Float.NaN;
            } else if (!Float.isFinite(rounded)) {
                throw wrong(plan.features()[f], cell, number)
                        .apply("a finite number: correct the value or leave the row out"
                                + (cell instanceof String text && !DecimalNumber.isOne(text)
                                        ? ", or name the column in data.categories or data.leave-out"
                                        : ""));
            } else {
                // of -0 and 0, 0: they are equal numbers
                numbers[at] = rounded;
                resolution.see(at - rows * width, value, rounded);
            }
        }

        /** The number that a cell is, a truth value being 0 or 1; not one where it is none. */
        private static double toNumber(Object cell) {
            return cell instanceof Boolean truth ? (truth ? 1 : 0) : Cell.number(cell);
        }

        private void hole(int f, Object cell, long number) {
            if (!plan.areHolesAllowed()) {
                throw wrong(plan.features()[f], cell, number)
                        .apply("a finite number: correct the value or leave the row out, or give data.holes");
            }
            holes[f] = true;
        }

        private void vector(int f, Object cell, int at, long number) {
            if (cell == null) {
                hole(f, null, number);
                Arrays.fill(numbers, at, at + widths[f], Float.NaN);
                return;
            }
            if (!(cell instanceof double[] vector) || vector.length != widths[f]) {
                throw wrong(
                                plan.features()[f],
                                cell instanceof double[] other ? "a vector of " + other.length : cell,
                                number)
                        .apply((widths[f] == 1 ? "a number" : "a vector of " + widths[f])
                                + " as in the first row: correct the value or leave the row out");
            }
            for (int j = 0; j < vector.length; j++) {
                number(f, vector[j], at + j, number);
            }
        }

        private int place(int category, int f, Object cell, long number) {
            if (cell == null) {
                hole(f, null, number);
                return -1;
            }
            if (cell instanceof double[]) {
                throw wrong(plan.features()[f], cell, number)
                        .apply("the text of a category: leave the column out of data.categories");
            }
            String text = cell.toString();
            if (text.chars().anyMatch(Character::isISOControl)) {
                throw wrong(plan.features()[f], "control characters", number)
                        .apply("the text of a category: correct the value or leave the row out");
            }
            Map<String, Integer> known = places.get(category);
            Integer place = known.get(text);
            if (place == null) {
                place = known.size();
                if (plan.doLevelsDecide() && place == MOST_LEVELS) {
                    throw wrong(plan.features()[f], cell, number)
                            .apply("at most " + MOST_LEVELS + " different texts in a column of data.categories: leave"
                                    + " the column out, or give data.buckets");
                }
                known.put(text, place);
                levels.get(category).add(text);
            }
            return place;
        }

        private long id(Object cell, long number) {
            if (cell instanceof Long || cell instanceof Integer || cell instanceof Short || cell instanceof Byte) {
                return ((Number) cell).longValue();
            }
            if (cell instanceof String text && text.matches("[+-]?\\d{1,19}")) {
                try {
                    return Long.parseLong(text);
                } catch (NumberFormatException e) {
                    // Reported below with what else is no id.
                }
            }
            throw wrong(plan.id(), cell, number)
                    .apply("an id, a whole number of 64 bits: correct it, or leave data.id-column out");
        }

        private float weight(Object cell, long number) {
            double value = toNumber(cell);
            if (!(value >= 0) || !Float.isFinite((float) value)) {
                throw wrong(plan.weight(), cell, number)
                        .apply("a weight, a finite number of at least 0: correct it, or leave data.weight-column out");
            }
            return (float) value;
        }

        private Function<String, DataException> wrong(int column, Object cell, long number) {
            return expected -> {
                String got = cell == null ? "nothing" : "\"" + shown(cell) + "\"";
                return new DataException(path + ": " + plan.rowsAre() + " " + number + ", " + plan.called(column)
                        + ": got " + got + ", expected " + expected);
            };
        }

        private static String shown(Object cell) {
            return cell instanceof double[] vector ? "a vector of " + vector.length : Shown.of(cell.toString());
        }
    }
}
