package org.coinflip.data.source;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.raw.Shown;
import org.coinflip.data.source.file.CsvHeader;
import org.coinflip.data.source.file.SourceStream;
import org.coinflip.data.table.ColumnPlan;
import org.coinflip.data.table.Reading;
import org.coinflip.data.table.TablePart;
import org.coinflip.data.table.TableRows;
import org.coinflip.model.error.DataException;

/** The rows of one CSV file, each checked as it is read: as many values as the first line, every one what its column is for. */
final class CsvFile implements AutoCloseable {
    private static final int MOST_COLUMNS = 1 << 17;
    private static final int MOST_CHARACTERS = 1 << 12;

    private final CsvSource source;
    private final String path;
    private final SourceStream stream;
    private final CsvParser parser;
    private long line;

    private CsvFile(CsvSource source, Path file, Configuration conf) {
        this.source = source;
        this.path = file.toString();
        this.stream = new SourceStream(file, CsvSource.EXPECTED, conf);
        CsvParserSettings settings = new CsvParserSettings();
        settings.getFormat().setDelimiter(source.delimiter());
        settings.setLineSeparatorDetectionEnabled(true);
        settings.setMaxColumns(MOST_COLUMNS);
        settings.setMaxCharsPerColumn(MOST_CHARACTERS);
        settings.setReadInputOnSeparateThread(false);
        // what is left of the file is digested after the last row
        settings.setAutoClosingEnabled(false);
        // a line that begins with # is a line as any
        settings.setCommentProcessingEnabled(false);
        parser = new CsvParser(settings);
    }

    /** What the columns are for, by the first line. */
    static ColumnPlan plan(CsvSource source, Reading reading, Path file, Configuration conf) {
        try (CsvFile csv = new CsvFile(source, file, conf)) {
            String[] first = csv.first();
            List<String> names = source.header() ? CsvHeader.names(csv.path, first, csv.line) : List.of();
            return new ColumnPlan(source.rules(), reading, source.path(), "line", names, first.length);
        }
    }

    /** All rows. */
    static FileTable.Read read(CsvSource source, ColumnPlan plan, Path file, Configuration conf) {
        try (CsvFile csv = new CsvFile(source, file, conf)) {
            TablePart part = csv.rows(plan);
            return new FileTable.Read(part, csv.stream.file());
        }
    }

    private String[] first() {
        try {
            parser.beginParsing(stream.content(), StandardCharsets.UTF_8);
        } catch (TextParsingException | IllegalStateException e) {
            throw unreadable(e);
        }
        String[] first = next();
        if (first == null) {
            throw new DataException(path + ": has no row of values, expected at least one example: "
                    + "fetch the file again, or set data.header");
        }
        return first;
    }

    private TablePart rows(ColumnPlan plan) {
        String[] first = first();
        if (source.header() && !plan.names().equals(CsvHeader.names(path, first, line))) {
            throw new DataException(path + ": line " + line + " names other columns than the first file does, or in"
                    + " another order, expected " + Shown.of(String.join(",", plan.names()))
                    + ": correct the header, or give the files apart");
        }
        TableRows rows = new TableRows(plan, path);
        for (String[] row = source.header() ? next() : first; row != null; row = next()) {
            if (row.length != plan.columns()) {
                throw new DataException(path + ": line " + line + " has " + row.length + " values, expected "
                        + plan.columns() + " as in the first line: correct the line");
            }
            rows.add(row, line);
        }
        return rows.done();
    }

    /** The next row that is not empty, or null; {@link #line} is then the line it ends in. */
    private String[] next() {
        try {
            String[] row = parser.parseNext();
            stream.requireRead();
            line = parser.getContext().currentLine();
            return row;
        } catch (TextParsingException | IllegalStateException e) {
            throw unreadable(e);
        }
    }

    private DataException unreadable(RuntimeException e) {
        stream.requireRead();
        return new DataException(
                path + ": the row after line " + line + " cannot be read as CSV, expected values of at "
                        + "most " + MOST_CHARACTERS + " characters separated by '" + source.delimiter()
                        + "' in at most " + MOST_COLUMNS
                        + " columns: look for a quote that is not closed, or correct data.delimiter",
                e);
    }

    @Override
    public void close() {
        parser.stopParsing();
        stream.close();
    }
}
