package org.coinflip.spark.table;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.coinflip.data.DataSpec;
import org.coinflip.data.HadoopSettings;
import org.coinflip.data.raw.SourceFile;
import org.coinflip.data.source.FileTable;
import org.coinflip.data.source.StoredTable;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.data.table.ColumnPlan;
import org.coinflip.data.table.Reading;
import org.coinflip.data.table.TablePart;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.output.Reason;

/** A table in parts, which Spark's tasks read where they are needed. */
final class SparkTable {
    private static final String FILE = "_coinflip_file";
    private static final String BLOCK = "_coinflip_block";

    /**
     * Rows that follow each other in a file.
     *
     * @param file which, as it sorts among the others
     * @param block where they begin in it
     * @param rows what they are
     * @param source the file as it is stored; null where {@link #files} tells
     */
    record Part(String file, long block, TablePart rows, SourceFile source) implements Serializable {
        static final Comparator<Part> ORDER = Comparator.comparing(Part::file).thenComparingLong(Part::block);

        Part withoutFeatures() {
            return new Part(file, block, rows.withoutFeatures(), source);
        }
    }

    private final String path;
    private final ColumnPlan plan;
    private final JavaRDD<Part> parts;
    private final List<SourceFile> files;

    private SparkTable(String path, ColumnPlan plan, JavaRDD<Part> parts, List<SourceFile> files) {
        this.path = path;
        this.plan = plan;
        this.parts = parts;
        this.files = files;
    }

    /**
     * Opens a table: looks at its columns, and at its files where Spark reads them.
     *
     * @throws DataException where it is not there or not what it should be
     */
    static SparkTable of(DataSpec spec, Reading reading, Configuration conf, SparkSession spark) {
        return spec.source() instanceof FileTable files
                ? ofFiles(spec, files, reading, conf, spark)
                : of((StoredTable) spec.source(), reading, conf, spark);
    }

    /** What the columns are for. */
    ColumnPlan plan() {
        return plan;
    }

    /** The parts, in no order. */
    JavaRDD<Part> parts() {
        return parts;
    }

    /** The files that rows were read from. */
    List<SourceFile> files(List<Part> read) {
        return files.isEmpty() ? read.stream().map(Part::source).toList() : files;
    }

    /**
     * Does what runs tasks, and puts what goes wrong in a line.
     *
     * @throws DataException where a part cannot be read
     */
    <T> T reading(Supplier<T> work) {
        try {
            return work.get();
        } catch (Exception e) {
            // Spark throws checked exceptions that it does not declare
            throw refused(path, e);
        }
    }

    private static RuntimeException refused(String path, Exception e) {
        Throwable last = e;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CoinflipException known) {
                return known;
            }
            last = cause;
        }
        return new DataException(
                path + ": cannot be read by Spark (" + Reason.of(last)
                        + "): correct the files, data.format or data.options",
                e);
    }

    private static SparkTable ofFiles(
            DataSpec spec, FileTable source, Reading reading, Configuration conf, SparkSession spark) {
        List<String> paths = source.files(conf).stream().map(Path::toString).toList();
        ColumnPlan plan = source.plan(reading, StoredBytes.path(paths.get(0)), conf);
        String written = spec.asConfig().root().render();
        Map<String, String> settings = HadoopSettings.of(conf);
        List<Integer> places = IntStream.range(0, paths.size()).boxed().toList();
        JavaRDD<Part> parts = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(places, paths.size())
                .map(place -> {
                    DataSpec there = DataSpec.parse(written);
                    FileTable.Read read = ((FileTable) there.source())
                            .read(plan, StoredBytes.path(paths.get(place)), HadoopSettings.configuration(settings));
                    return new Part(String.format(Locale.ROOT, "%010d", place), 0, read.part(), read.file());
                });
        return new SparkTable(spec.inputs().get("data.path"), plan, parts, List.of());
    }

    /** Opens a table that Spark reads. */
    static SparkTable of(StoredTable source, Reading reading, Configuration conf, SparkSession spark) {
        Dataset<Row> frame = load(source, spark);
        List<String> names = Cells.names(source.path(), frame.schema());
        ColumnPlan plan = new ColumnPlan(source.rules(), reading, source.path(), "row", names, names.size());
        for (StructField field : frame.schema().fields()) {
            if (Cells.isOther(field) && plan.uses(names.indexOf(field.name()))) {
                throw new DataException(source.path() + ": column " + field.name() + " has the type "
                        + field.dataType().catalogString()
                        + ", expected numbers, texts, truth values, vectors or arrays of numbers: leave it out by"
                        + " data.leave-out, or convert it before");
            }
        }
        boolean isOfFiles = !source.format().equals(StoredTable.CATALOG) && isOfFiles(frame);
        if (!isOfFiles && source.rules().id().isEmpty()) {
            throw new UsageException(
                    "data.id-column: got none for a table that is not read from files, expected the column"
                            + " of ids: Spark gives its rows in no fixed order");
        }
        Column[] columns = frameColumns(source, names, plan, isOfFiles);
        JavaRDD<Part> parts = frame.select(columns)
                .javaRDD()
                .mapPartitionsWithIndex((index, rows) -> new RowParts(plan, index, rows), false);
        List<SourceFile> files = isOfFiles
                ? StoredFiles.of(Arrays.asList(frame.inputFiles()), conf, spark)
                : List.of(new SourceFile(source.path(), 0, ""));
        return new SparkTable(source.path(), plan, parts, files);
    }

    private static Dataset<Row> load(StoredTable source, SparkSession spark) {
        try {
            if (source.format().equals(StoredTable.CATALOG)) {
                return spark.table(source.path());
            }
            DataFrameReader reader = spark.read().format(source.format());
            // a row that cannot be read is not to become one of nulls
            Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            options.put("mode", "FAILFAST");
            // nor are files that cannot be read to be passed over, where the session would
            for (String ignoring : List.of("ignoreCorruptFiles", "ignoreMissingFiles")) {
                if (Boolean.parseBoolean(spark.conf().get("spark.sql.files." + ignoring, "false"))) {
                    options.put(ignoring, "false");
                }
            }
            options.putAll(source.options());
            return reader.options(options).load(source.path());
        } catch (Exception e) {
            // Spark throws checked exceptions that it does not declare
            String remedy = e instanceof AnalysisException
                    ? "correct data.path, data.format or data.options"
                    : "correct data.format and data.options, and see that a reader of this format is among Spark's jars";
            throw new DataException(
                    source.path() + ": cannot be opened by Spark as " + source.format() + " (" + Reason.of(e) + "): "
                            + remedy,
                    e);
        }
    }

    private static boolean isOfFiles(Dataset<Row> frame) {
        try {
            frame.select("_metadata.file_path");
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    /** The columns of the table, those that are not looked at as nulls, and where a row is from. */
    private static Column[] frameColumns(StoredTable source, List<String> names, ColumnPlan plan, boolean isOfFiles) {
        List<Column> columns = new ArrayList<>();
        for (int c = 0; c < names.size(); c++) {
            columns.add(
                    plan.uses(c)
                            ? functions.col("`" + names.get(c).replace("`", "``") + "`")
                            : functions.lit(null).cast("string").as(names.get(c)));
        }
        columns.add((isOfFiles ? functions.col("_metadata.file_path") : functions.lit("")).as(FILE));
        columns.add((isOfFiles ? functions.col("_metadata.file_block_start") : functions.lit(0L)).as(BLOCK));
        return columns.toArray(Column[]::new);
    }
}
