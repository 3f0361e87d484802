package org.coinflip.data.source;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;

/** The rows of one CSV file, each checked as it is read: as many values as the first line, every one a finite number. */
final class CsvTable {
    private static final int MOST_COLUMNS = 1 << 17;
    private static final int MOST_CHARACTERS = 1 << 12;

    private final CsvSource source;
    private final SourceContent content;
    private final CsvParser parser;
    private long line;

    CsvTable(CsvSource source, SourceContent content) {
        this.source = source;
        this.content = content;
        CsvParserSettings settings = new CsvParserSettings();
        settings.getFormat().setDelimiter(source.delimiter());
        settings.setLineSeparatorDetectionEnabled(true);
        settings.setMaxColumns(MOST_COLUMNS);
        settings.setMaxCharsPerColumn(MOST_CHARACTERS);
        settings.setReadInputOnSeparateThread(false);
        parser = new CsvParser(settings);
    }

    RawExamples read() {
        try {
            parser.beginParsing(new ByteArrayInputStream(content.bytes()), StandardCharsets.UTF_8);
            return rows();
        } catch (TextParsingException e) {
            throw new DataException(
                    content.path() + ": the row after line " + line + " cannot be read as CSV, expected values of at "
                            + "most " + MOST_CHARACTERS + " characters separated by '" + source.delimiter()
                            + "' in at most " + MOST_COLUMNS
                            + " columns: look for a quote that is not closed, or correct data.delimiter",
                    e);
        } finally {
            parser.stopParsing();
        }
    }

    private RawExamples rows() {
        String[] first = next();
        if (first == null) {
            throw noExamples();
        }
        int features = first.length - (source.isLabelled() ? 1 : 0);
        if (features < 1) {
            throw new DataException(content.path() + ": line " + line + " has one column, expected a label and at "
                    + "least one feature separated by '" + source.delimiter()
                    + "': correct the file or data.delimiter");
        }
        String[] names = source.header() ? first : null;
        int labelColumn = source.isLabelled() ? labelColumn(first.length, names) : -1;
        List<float[]> rows = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (String[] row = source.header() ? next() : first; row != null; row = next()) {
            if (row.length != first.length) {
                throw new DataException(content.path() + ": line " + line + " has " + row.length + " values, expected "
                        + first.length + " as in the first line: correct the line");
            }
            labels.add(source.isLabelled() ? label(row, labelColumn, names) : Examples.UNLABELLED);
            float[] values = new float[features];
            for (int column = 0, j = 0; column < row.length; column++) {
                if (column != labelColumn) {
                    values[j++] = feature(row, column, names);
                }
            }
            rows.add(values);
        }
        if (rows.isEmpty()) {
            throw noExamples();
        }
        return RawExamples.ofFloats(
                features, 0, labels.stream().mapToInt(Integer::intValue).toArray(), flat(rows));
    }

    private int labelColumn(int columns, String[] names) {
        String wanted = source.labelColumn();
        if (names != null && Arrays.asList(names).contains(wanted)) {
            return Arrays.asList(names).indexOf(wanted);
        }
        if (wanted.equals(CsvSource.LAST)) {
            return columns - 1;
        }
        if (wanted.matches("\\d{1,9}") && Integer.parseInt(wanted) < columns) {
            return Integer.parseInt(wanted);
        }
        throw new DataException(content.path() + ": has no label column \"" + wanted + "\", expected "
                + (names == null ? "" : "a name in its header, ") + "an index from 0 to " + (columns - 1)
                + ", last or none: correct data.label-column");
    }

    private int label(String[] row, int column, String[] names) {
        float value = feature(row, column, names);
        if (value != Math.rint(value) || !ClassCount.admits(source.classes(), (long) value)) {
            throw wrong(
                    row,
                    column,
                    names,
                    ClassCount.expected(source.classes()) + ": correct the label, data.label-column or data.classes");
        }
        return (int) value;
    }

    private float feature(String[] row, int column, String[] names) {
        try {
            float value = row[column] == null ? Float.NaN : Float.parseFloat(row[column]);
            if (Float.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below with the other values that are no finite number.
        }
        throw wrong(row, column, names, "a finite number: correct the value or leave the row out");
    }

    private DataException wrong(String[] row, int column, String[] names, String expected) {
        String name = names == null || names[column] == null ? "" : " (" + names[column] + ")";
        String got = row[column] == null ? "nothing" : "\"" + row[column] + "\"";
        return new DataException(content.path() + ": line " + line + ", column " + (column + 1) + name + ": got " + got
                + ", expected " + expected);
    }

    private DataException noExamples() {
        return new DataException(content.path() + ": has no row of values, expected at least one example: "
                + "fetch the file again, or set data.header");
    }

    /** The next row that is not empty, or null; {@link #line} is then the line it ends in. */
    private String[] next() {
        String[] row = parser.parseNext();
        line = parser.getContext().currentLine();
        return row;
    }

    private static float[] flat(List<float[]> rows) {
        int width = rows.get(0).length;
        float[] all = new float[Math.multiplyExact(rows.size(), width)];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, all, i * width, width);
        }
        return all;
    }
}
