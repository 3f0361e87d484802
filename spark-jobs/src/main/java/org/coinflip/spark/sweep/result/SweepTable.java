package org.coinflip.spark.sweep.result;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.coinflip.data.source.Sha256;

/**
 * All trials in the order of their numbers. Columns: the trial, its axes, its metrics, its parameters' checksum, and last what no
 * checksum covers: the seconds it took, when and where.
 */
public final class SweepTable {
    private static final int TIMINGS = 3;

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
        append(text, header.subList(0, header.size() - leftOut));
        for (TrialRow row : rows) {
            List<String> cells = new ArrayList<>();
            for (Object cell : cells(row)) {
                cells.add(cell == null ? "" : String.valueOf(cell));
            }
            append(text, cells.subList(0, cells.size() - leftOut));
        }
        return text.toString();
    }

    private static void append(StringBuilder text, List<String> cells) {
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            boolean quoted = cell.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
            text.append(i == 0 ? "" : ",").append(quoted ? "\"" + cell.replace("\"", "\"\"") + "\"" : cell);
        }
        text.append('\n');
    }

    private List<String> columns() {
        List<String> columns = new ArrayList<>(
                List.of("trial", "configuration", "replicate", "seed", "status", "reason", "rung", "epochs"));
        columns.addAll(axes);
        columns.addAll(metrics);
        columns.addAll(List.of("parametersSha256", "seconds", "started", "host"));
        return columns;
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
        for (String column : columns()) {
            schema = schema.add(
                    column.replaceAll("[ ,;{}()\n\t=]", "_"),
                    switch (column) {
                        case "trial", "configuration", "replicate", "rung", "epochs" -> DataTypes.IntegerType;
                        case "seed", "started" -> DataTypes.LongType;
                        case "seconds" -> DataTypes.DoubleType;
                        default -> metrics.contains(column) ? DataTypes.DoubleType : DataTypes.StringType;
                    });
        }
        return schema;
    }

    /** The rows as Spark has them. */
    public List<Row> sparkRows() {
        return rows.stream().map(row -> RowFactory.create(cells(row).toArray())).toList();
    }
}
