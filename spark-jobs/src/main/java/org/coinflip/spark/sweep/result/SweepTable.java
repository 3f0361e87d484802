package org.coinflip.spark.sweep.result;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.coinflip.model.settings.DecimalNumber;
import org.coinflip.model.storage.Sha256;

/**
 * All trials in the order of their numbers. Columns: the trial, its axes, its metrics, its parameters' checksum, and last what no
 * checksum covers: the seconds it took, when and where.
 */
public final class SweepTable {
    private static final Pattern FORMULA = Pattern.compile("[=+\\-@\t\r]");
    private static final int TIMINGS = 3;
    private static final List<String> FIRST =
            List.of("trial", "configuration", "replicate", "seed", "status", "reason", "rung", "epochs");
    private static final List<String> LAST = List.of("parametersSha256", "seconds", "started", "host");

    private final List<TrialRow> rows;
    private final List<String> axes;
    private final List<String> metrics;

    /** @param rows in the order of trials */
    public SweepTable(List<TrialRow> rows) {
        this.rows = List.copyOf(rows);
        TreeSet<String> allAxes = new TreeSet<>();
        TreeSet<String> allMetrics = new TreeSet<>();
        rows.forEach(row -> {
            allAxes.addAll(row.values().keySet());
            allMetrics.addAll(row.last().metrics().keySet());
        });
        axes = List.copyOf(allAxes);
        metrics = List.copyOf(allMetrics);
    }

    public List<TrialRow> rows() {
        return rows;
    }

    /** Names of all axes that some trial has. */
    public List<String> axes() {
        return axes;
    }

    public List<String> metrics() {
        return metrics;
    }

    /** SHA-256 of the CSV without the columns of timings. */
    public String sha256() {
        MessageDigest digest = Sha256.digest();
        try {
            csv(new DigestOutputStream(OutputStream.nullOutputStream(), digest), TIMINGS);
        } catch (IOException e) {
            throw new UncheckedIOException("a digest took no bytes", e);
        }
        return Sha256.hex(digest);
    }

    /** Writes the table in CSV, with a header. Numbers are written so that they read back to the bit. */
    public void csv(OutputStream out) throws IOException {
        csv(out, 0);
    }

    private void csv(OutputStream out, int leftOut) throws IOException {
        Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        List<String> header = new ArrayList<>(columns());
        header.replaceAll(SweepTable::harmless);
        append(text, header.subList(0, header.size() - leftOut));
        for (TrialRow row : rows) {
            List<String> cells = new ArrayList<>();
            for (Object cell : cells(row)) {
                cells.add(cell == null ? "" : cell instanceof String words ? harmless(words) : String.valueOf(cell));
            }
            append(text, cells.subList(0, cells.size() - leftOut));
        }
        text.flush();
    }

    /** Writes the same rows as Parquet. */
    public void parquet(OutputStream out) throws IOException {
        ParquetTable.write(this, out);
    }

    /** Text that a spreadsheet would take for a formula has an apostrophe before it, which it takes for text. */
    private static String harmless(String text) {
        return FORMULA.matcher(text).lookingAt() && !DecimalNumber.isOne(text) ? "'" + text : text;
    }

    /** What {@link #harmless} was given. */
    static String plain(String cell) {
        return cell.startsWith("'") && FORMULA.matcher(cell.substring(1)).lookingAt() ? cell.substring(1) : cell;
    }

    private static void append(Writer text, List<String> cells) throws IOException {
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            boolean quoted = cell.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
            text.append(i == 0 ? "" : ",").append(quoted ? "\"" + cell.replace("\"", "\"\"") + "\"" : cell);
        }
        text.append('\n');
    }

    /**
     * The names of the columns: an axis or a metric that has the name of another column, but for upper case and for what Parquet does not
     * allow, is called {@code axis.NAME} or {@code metric.NAME}.
     */
    List<String> columns() {
        List<String> columns = new ArrayList<>(FIRST);
        Set<String> taken = new HashSet<>();
        FIRST.forEach(name -> taken.add(key(name)));
        LAST.forEach(name -> taken.add(key(name)));
        axes.forEach(axis -> columns.add(free("axis.", axis, taken)));
        metrics.forEach(metric -> columns.add(free("metric.", metric, taken)));
        columns.addAll(LAST);
        return columns;
    }

    private static String free(String prefix, String name, Set<String> taken) {
        String free = name;
        while (!taken.add(key(free))) {
            free = prefix + free;
        }
        return free;
    }

    /** What Spark tells columns apart by. */
    private static String key(String name) {
        return parquet(name).toLowerCase(Locale.ROOT);
    }

    static String parquet(String name) {
        return name.replaceAll("[ ,;{}()\n\t=]", "_");
    }

    /** What a row has in the columns; null where it has nothing. */
    List<Object> cells(TrialRow row) {
        List<Object> cells = new ArrayList<>();
        cells.add(row.trial());
        cells.add(row.configuration());
        cells.add(row.replicate());
        cells.add(row.seed());
        cells.add(row.status());
        cells.add(row.last().reason());
        cells.add(row.last().rung());
        cells.add(row.last().epochs());
        axes.forEach(axis -> cells.add(
                row.values().get(axis) == null
                        ? null
                        : String.valueOf(row.values().get(axis))));
        metrics.forEach(metric -> cells.add(row.last().metrics().get(metric)));
        cells.add(row.last().parametersSha256());
        cells.add(row.seconds());
        cells.add(row.last().startedMillis());
        cells.add(row.last().host());
        return cells;
    }

    /** Whether a column is a metric's. */
    boolean isMetric(int column) {
        int first = FIRST.size() + axes.size();
        return column >= first && column < first + metrics.size();
    }

    /** Whether a column is an axis'. */
    boolean isAxis(int column) {
        return column >= FIRST.size() && column < FIRST.size() + axes.size();
    }
}
