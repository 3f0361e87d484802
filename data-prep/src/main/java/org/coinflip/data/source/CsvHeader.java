package org.coinflip.data.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.coinflip.model.error.DataException;
import org.coinflip.model.settings.DecimalNumber;

/** The columns of a CSV file: their names, as the first line has them, and which of them is the label. */
final class CsvHeader {
    private final CsvSource source;
    private final String path;
    private final int columns;
    private final List<String> names;
    private final int labelColumn;

    /**
     * Looks at the columns.
     *
     * @param first the first line's values, at least one
     * @param line the number of that line, for messages
     * @throws DataException where the line holds no names though it should, or the label is not among them
     */
    CsvHeader(CsvSource source, String path, String[] first, long line) {
        this.source = source;
        this.path = path;
        this.columns = first.length;
        if (source.header()) {
            requireNames(first, line);
        }
        this.names = source.header() ? List.of(first) : List.of();
        this.labelColumn = source.isLabelled() ? find() : -1;
    }

    /** The place of the label, -1 where there is none. */
    int labelColumn() {
        return labelColumn;
    }

    int columns() {
        return columns;
    }

    /** The names of the features, in their order; empty where the file has no header. */
    List<String> featureNames() {
        List<String> features = new ArrayList<>(names);
        if (labelColumn >= 0 && !features.isEmpty()) {
            features.remove(labelColumn);
        }
        return features;
    }

    /** What a column is called in messages: {@code column 3 (age)}. */
    String called(int column) {
        return "column " + (column + 1) + (names.isEmpty() ? "" : " (" + names.get(column) + ")");
    }

    private void requireNames(String[] first, long line) {
        long numbers = Arrays.stream(first)
                .filter(value -> value != null && DecimalNumber.isOne(value))
                .count();
        // an example has numbers but for the name of its class; names that count the columns are names
        if (numbers == columns || (columns > 1 && numbers == columns - 1 && !count(first))) {
            throw new DataException(path + ": line " + line + " has only numbers"
                    + (numbers == columns ? "" : ", and one column of text") + ", expected the names of the columns: "
                    + "give data.header=false where the line is an example, else name the columns");
        }
        Map<String, Integer> seen = new HashMap<>();
        for (int column = 0; column < columns; column++) {
            if (first[column] == null) {
                throw new DataException(path + ": line " + line + ", column " + (column + 1) + " has no name, expected"
                        + " one for each column: name it, or leave the column out if it counts the rows");
            }
            if (first[column].chars().anyMatch(Character::isISOControl)) {
                throw new DataException(path + ": line " + line + ", the name of column " + (column + 1)
                        + " has control characters, expected text: rename it");
            }
            Integer before = seen.putIfAbsent(first[column], column);
            if (before != null) {
                throw new DataException(path + ": line " + line + ", columns " + (before + 1) + " and " + (column + 1)
                        + " are both named \"" + first[column] + "\", expected different names: rename one");
            }
        }
    }

    /** Whether the numbers among the names, all but one, are 0, 1, 2 … or 1, 2, 3 … in any order, as tables are written whose columns have no names. */
    private static boolean count(String[] first) {
        Set<String> numbers = Arrays.stream(first)
                .filter(value -> value != null && DecimalNumber.isOne(value))
                .collect(Collectors.toSet());
        return IntStream.rangeClosed(0, 1).anyMatch(from -> IntStream.range(from, from + first.length - 1)
                .mapToObj(String::valueOf)
                .collect(Collectors.toSet())
                .equals(numbers));
    }

    private int find() {
        String wanted = source.labelColumn();
        int named = names.indexOf(wanted);
        int counted = wanted.equals(CsvSource.LAST)
                ? columns - 1
                : wanted.matches("\\d{1,9}") && Integer.parseInt(wanted) < columns ? Integer.parseInt(wanted) : -1;
        if (named >= 0 && counted >= 0 && named != counted) {
            throw new DataException(path + ": data.label-column = " + wanted + " is the name of column " + (named + 1)
                    + " and says column " + (counted + 1) + " too, expected one of them: rename the column or give the"
                    + " label's name");
        }
        if (named < 0 && counted < 0) {
            throw new DataException(path + ": has no label column \"" + wanted + "\", expected "
                    + (names.isEmpty() ? "" : "a name in its header, ") + "an index from 0 to " + (columns - 1)
                    + ", last or none: correct data.label-column");
        }
        return Math.max(named, counted);
    }
}
