package org.coinflip.data.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.coinflip.data.raw.Cell;
import org.coinflip.data.raw.HeapRoom;
import org.coinflip.data.raw.IdTexts;
import org.coinflip.data.raw.Labels;
import org.coinflip.data.raw.Shown;
import org.coinflip.model.error.DataException;
import org.coinflip.model.settings.DecimalNumber;

/** Takes the rows of a {@link TablePart} one after another, and checks them. Belongs to one thread. */
public final class TableRows {
    /** More different texts than this in one column are names or sentences rather than categories. */
    private static final int MOST_LEVELS = 1 << 12;

    private static final int LEAST_CAPACITY = 16;

    final ColumnPlan plan;
    private final String path;
    final List<List<String>> levels = new ArrayList<>();
    private final List<Map<String, Integer>> places = new ArrayList<>();
    final boolean[] holes;
    int[] widths;
    int rows;
    private int capacity = LEAST_CAPACITY;
    NumberRows numbers;
    int[][] categories;
    Labels.Builder labels;
    long[] ids;
    final List<String> idTexts = new ArrayList<>();
    float[] weights;
    long[] splitKeys;
    private SplitKeyReader splitKeyReader;

    /**
     * Of a part without rows yet.
     *
     * @param path of the part, for messages
     */
    public TableRows(ColumnPlan plan, String path) {
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
     * @param cells a text, a number, a truth value, a {@code double[]} or {@link ListedNumbers} for a vector, or null for each column; not modified
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
        numbers.begin();
        int at = 0;
        int category = 0;
        for (int f = 0; f < plan.features().length; f++) {
            Object cell = value(cells[plan.features()[f]]);
            if (plan.isCategory(f)) {
                categories[category][rows] = place(category, f, cell, number);
                category++;
            } else if (widths[f] > 1 || isVector(cell)) {
                vector(f, cell, at, number);
                at += widths[f];
            } else {
                number(f, cell, at++, number);
            }
        }
        if (labels != null) {
            labels.add(value(cells[plan.labels()[0]]), wrongLabel(cells, 0, number));
            for (int target = 1; target < plan.labels().length; target++) {
                labels.add(target, value(cells[plan.labels()[target]]), wrongLabel(cells, target, number));
            }
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
        numbers.end();
        rows++;
    }

    private static boolean isVector(Object cell) {
        return cell instanceof double[] || cell instanceof ListedNumbers;
    }

    private static int size(Object vector) {
        return vector instanceof double[] all ? all.length : ((ListedNumbers) vector).size();
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
        long width = 0;
        boolean areListed = false;
        int ofCategories = 0;
        for (int f = 0; f < features; f++) {
            if (plan.isCategory(f)) {
                ofCategories++;
                levels.add(new ArrayList<>());
                places.add(new HashMap<>());
            } else {
                Object cell = first[plan.features()[f]];
                widths[f] = isVector(cell) ? size(cell) : 1;
                areListed |= cell instanceof ListedNumbers;
                if (widths[f] == 0) {
                    throw wrong(plan.features()[f], "a vector without numbers", number)
                            .apply("at least one: leave the row out, or the column");
                }
                width += widths[f];
            }
        }
        HeapRoom.requireListed(path, 1, width, 0, "take fewer features");
        numbers = new NumberRows(path, (int) width, areListed);
        categories = new int[ofCategories][capacity];
        labels = plan.labels().length == 0
                ? null
                : new Labels.Builder(plan.labelType(), plan.classes(), plan.labels().length);
        ids = plan.id() < 0 ? null : new long[capacity];
        weights = plan.weight() < 0 ? null : new float[capacity];
        if (plan.splitKey() >= 0) {
            splitKeys = new long[capacity];
            splitKeyReader = new SplitKeyReader(plan.splitKind().orElseThrow());
        }
    }

    private void grow() {
        capacity = Math.multiplyExact(2, capacity);
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
            numbers.addHole(at);
        } else if (!Float.isFinite(rounded)) {
            throw wrong(plan.features()[f], cell, number)
                    .apply("a finite number: correct the value or leave the row out"
                            + (cell instanceof String text && !DecimalNumber.isOne(text)
                                    ? ", or name the column in data.categories or data.leave-out"
                                    : ""));
        } else {
            // of -0 and 0, 0: they are equal numbers
            numbers.add(at, value, rounded);
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
            for (int j = 0; j < widths[f]; j++) {
                numbers.addHole(at + j);
            }
            return;
        }
        if (!isVector(cell) || size(cell) != widths[f]) {
            throw wrong(plan.features()[f], cell, number)
                    .apply((widths[f] == 1 ? "a number" : "a vector of " + widths[f])
                            + " as in the first row: correct the value or leave the row out");
        }
        if (cell instanceof ListedNumbers list) {
            numbers.list(at, list.indices());
            for (int k = 0; k < list.values().length; k++) {
                number(f, list.values()[k], at + list.indices()[k], number);
            }
        } else {
            double[] vector = (double[]) cell;
            for (int j = 0; j < vector.length; j++) {
                number(f, vector[j], at + j, number);
            }
        }
    }

    private int place(int category, int f, Object cell, long number) {
        if (cell == null) {
            hole(f, null, number);
            return -1;
        }
        if (isVector(cell)) {
            throw wrong(plan.features()[f], cell, number)
                    .apply("the text of a category: leave the column out of data.categories");
        }
        String text = cell.toString();
        if (hasControls(text)) {
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

    private static boolean hasControls(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    private long id(Object cell, long number) {
        if (plan.areIdsTexts()) {
            String text = cell == null || isVector(cell) ? "" : cell.toString();
            if (text.isEmpty() || hasControls(text)) {
                throw wrong(plan.id(), hasControls(text) ? "control characters" : cell, number)
                        .apply("an id, a text: correct it, or leave data.id-column out");
            }
            idTexts.add(text);
            return IdTexts.id(text);
        }
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
                .apply("an id, a whole number of 64 bits: correct it, give data.id-type = texts, or leave"
                        + " data.id-column out");
    }

    private float weight(Object cell, long number) {
        double value = toNumber(cell);
        if (!(value >= 0) || !Float.isFinite((float) value)) {
            throw wrong(plan.weight(), cell, number)
                    .apply("a weight, a finite number of at least 0: correct it, or leave data.weight-column out");
        }
        return (float) value;
    }

    private Function<String, DataException> wrongLabel(Object[] cells, int target, long number) {
        int column = plan.labels()[target];
        return expected -> wrong(column, value(cells[column]), number)
                .apply(expected + ": correct the label, data.label-column or data.classes, or give"
                        + " data.label-type = names");
    }

    private Function<String, DataException> wrong(int column, Object cell, long number) {
        return expected -> {
            String got = cell == null ? "nothing" : "\"" + shown(cell) + "\"";
            return new DataException(path + ": " + plan.rowsAre() + " " + number + ", " + plan.called(column) + ": got "
                    + got + ", expected " + expected);
        };
    }

    private static String shown(Object cell) {
        return isVector(cell) ? "a vector of " + size(cell) : Shown.of(cell.toString());
    }
}
