package org.coinflip.data.source;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.settings.DecimalNumber;

/** The rows of one CSV file, each checked as it is read: as many values as the first line, every one a finite decimal number. */
final class CsvTable {
    private static final int MOST_COLUMNS = 1 << 17;
    private static final int MOST_CHARACTERS = 1 << 12;

    private final CsvSource source;
    private final SourceContent content;
    private final CsvParser parser;
    private CsvHeader header;
    private Optional<String> unresolved = Optional.empty();
    private List<String> classNames = List.of();
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
        // a line that begins with # is a line as any
        settings.setCommentProcessingEnabled(false);
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
        header = new CsvHeader(source, content.path(), first, line);
        Resolution resolution = new Resolution(features);
        List<float[]> rows = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        List<String> names = new ArrayList<>();
        boolean named = false;
        for (String[] row = source.header() ? next() : first; row != null; row = next()) {
            if (row.length != first.length) {
                throw new DataException(content.path() + ": line " + line + " has " + row.length + " values, expected "
                        + first.length + " as in the first line: correct the line");
            }
            if (rows.isEmpty() && source.isLabelled()) {
                named = source.labelType().isOfNames(row[header.labelColumn()]);
            }
            if (named) {
                names.add(name(row));
            } else {
                labels.add(source.isLabelled() ? label(row) : Examples.UNLABELLED);
            }
            float[] values = new float[features];
            for (int column = 0, j = 0; column < row.length; column++) {
                if (column != header.labelColumn()) {
                    double value = number(row, column);
                    values[j] = DecimalNumber.nearestFloat(row[column], value);
                    resolution.see(j, value, values[j]);
                    j++;
                }
            }
            rows.add(values);
        }
        if (rows.isEmpty()) {
            throw noExamples();
        }
        unresolved = resolution.lost(content.path(), this::called);
        if (named) {
            classNames = names.stream().distinct().sorted().toList();
            names.forEach(name -> labels.add(Collections.binarySearch(classNames, name)));
        }
        return RawExamples.ofFloats(
                features, 0, labels.stream().mapToInt(Integer::intValue).toArray(), flat(rows));
    }

    /** The names of the classes, ascending, once {@link #read} is done; empty where labels are numbers. */
    List<String> classNames() {
        return classNames;
    }

    /** The names of the features, once {@link #read} is done. */
    List<String> featureNames() {
        return header.featureNames();
    }

    /** Where float32 does not tell values apart, in words, once {@link #read} is done. */
    Optional<String> unresolved() {
        return unresolved;
    }

    /** What a feature's column is called. */
    private String called(int feature) {
        boolean after = header.labelColumn() >= 0 && feature >= header.labelColumn();
        return header.called(after ? feature + 1 : feature);
    }

    private String name(String[] row) {
        int column = header.labelColumn();
        if (row[column] == null || row[column].chars().anyMatch(Character::isISOControl)) {
            throw wrong(row, column, "the name of a class: correct the label, or leave the row out");
        }
        return row[column];
    }

    private int label(String[] row) {
        int column = header.labelColumn();
        boolean isNumber = row[column] != null && DecimalNumber.isOne(row[column]);
        double value = isNumber ? number(row, column) : Double.NaN;
        if (value != Math.rint(value) || !ClassCount.admits(source.classes(), (long) value)) {
            throw wrong(
                    row,
                    column,
                    ClassCount.expected(source.classes())
                            + ": correct the label, data.label-column or data.classes, or give data.label-type = names");
        }
        return (int) value;
    }

    /** A value that is a finite number in float32 too. */
    private double number(String[] row, int column) {
        try {
            double value = row[column] == null ? Double.NaN : DecimalNumber.parse(row[column]);
            if (Float.isFinite((float) value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below with the other values that are no finite number.
        }
        throw wrong(row, column, "a finite number: correct the value or leave the row out");
    }

    private DataException wrong(String[] row, int column, String expected) {
        String got = row[column] == null ? "nothing" : "\"" + row[column] + "\"";
        return new DataException(content.path() + ": line " + line + ", " + header.called(column) + ": got " + got
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
