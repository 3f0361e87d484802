package org.coinflip.spark.sweep.result;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
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

    /** Those of the first and the last columns that are no text. */
    private static final Map<String, DataType> TYPES = Map.of(
            "trial", DataTypes.IntegerType,
            "configuration", DataTypes.IntegerType,
            "replicate", DataTypes.IntegerType,
            "rung", DataTypes.IntegerType,
            "epochs", DataTypes.IntegerType,
            "seed", DataTypes.LongType,
            "started", DataTypes.LongType,
            "seconds", DataTypes.DoubleType);

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
        return Sha256.hex(csv(TIMINGS).getBytes(StandardCharsets.UTF_8));
    }

    /** The table in CSV, with a header. Numbers are written so that they read back to the bit. */
    public String csv() {
        return csv(0);
    }

    private String csv(int leftOut) {
        StringBuilder text = new StringBuilder();
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
        return text.toString();
    }

    /** Text that a spreadsheet would take for a formula has an apostrophe before it, which it takes for text. */
    private static String harmless(String text) {
        return FORMULA.matcher(text).lookingAt() && !DecimalNumber.isOne(text) ? "'" + text : text;
    }

    /** What {@link #harmless} was given. */
    static String plain(String cell) {
        return cell.startsWith("'") && FORMULA.matcher(cell.substring(1)).lookingAt() ? cell.substring(1) : cell;
    }

    private static void append(StringBuilder text, List<String> cells) {
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
    private List<String> columns() {
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

    private static String parquet(String name) {
        return name.replaceAll("[ ,;{}()\n\t=]", "_");
    }

    private List<Object> cells(TrialRow row) {
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

    /** The columns as Spark has them; axes are text, for one axis may have numbers and names. */
    public StructType schema() {
        StructType schema = new StructType();
        List<String> columns = columns();
        int firstMetric = FIRST.size() + axes.size();
        for (int i = 0; i < columns.size(); i++) {
            DataType type = i < FIRST.size() || i >= firstMetric + metrics.size()
                    ? TYPES.getOrDefault(columns.get(i), DataTypes.StringType)
                    : i >= firstMetric ? DataTypes.DoubleType : DataTypes.StringType;
            schema = schema.add(parquet(columns.get(i)), type);
        }
        return schema;
    }

    /** The rows as Spark has them. */
    public List<Row> sparkRows() {
        return rows.stream().map(row -> RowFactory.create(cells(row).toArray())).toList();
    }
}
