package org.coinflip.data.source.file;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.coinflip.data.raw.Shown;
import org.coinflip.model.error.DataException;
import org.coinflip.model.settings.DecimalNumber;

/** The names of a CSV file's columns, as its first line has them. */
public final class CsvHeader {
    private CsvHeader() {}

    /**
     * The names, checked.
     *
     * @param first the first line's values, at least one
     * @param line the number of that line, for messages
     * @throws DataException where the line holds no names though it should
     */
    public static List<String> names(String path, String[] first, long line) {
        int columns = first.length;
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
                        + " are both named \"" + Shown.of(first[column]) + "\", expected different names: rename one");
            }
        }
        return List.of(first);
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
}
