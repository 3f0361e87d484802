package org.coinflip.spark.study.estimators;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.coinflip.spark.output.RunDirectory;

/**
 * The certificate as {@code certificate.csv} and {@code certificate.parquet}, the same columns, and its summary as {@code certificate.md};
 * what is not known is empty.
 */
final class CertificateFiles {
    private CertificateFiles() {}

    static void write(SparkSession spark, RunDirectory folder, Certificate certificate) {
        List<Map<String, Object>> rows = certificate.rows().stream()
                .map(row -> columns(certificate, row))
                .toList();
        folder.write("certificate.csv", csv(rows));
        folder.write("certificate.md", CertificateSummary.markdown(certificate));
        StructType schema = new StructType();
        for (Map.Entry<String, Object> column : rows.get(0).entrySet()) {
            schema = schema.add(column.getKey(), type(column.getValue()));
        }
        List<Row> values = rows.stream()
                .map(row -> RowFactory.create(
                        row.values().stream().map(CertificateFiles::known).toArray()))
                .toList();
        folder.table(spark.createDataFrame(values, schema), "certificate.parquet");
    }

    private static Map<String, Object> columns(Certificate certificate, CertificateRow row) {
        Map<String, Object> columns = new LinkedHashMap<>();
        columns.put("estimator", row.estimator());
        columns.put("law", row.law());
        columns.put("function", row.function());
        columns.put("units", row.units());
        columns.put("unit", row.unit());
        columns.put("logit", row.logit());
        columns.put("exact", row.exact());
        columns.put("mean", row.mean());
        columns.put("standard_error", row.standardError());
        columns.put("variance", row.variance());
        columns.put("mean_squared_error", row.meanSquaredError());
        columns.put("cosine", row.cosine());
        columns.put("evaluations", row.evaluations());
        columns.put("gradients", row.gradients());
        columns.put("nanos_per_example", row.nanosPerExample());
        columns.put("work", row.work());
        columns.put("samples", row.samples());
        columns.put("claimed_bias", row.claim());
        columns.put("bias_in_standard_errors", row.testsBias() ? row.deviation() : Double.NaN);
        columns.put("closed_form_variance", row.closedForm());
        columns.put("variance_in_standard_errors", row.testsVariance() ? row.varianceDeviation() : Double.NaN);
        columns.put("verdict", certificate.verdict(row));
        return columns;
    }

    static String csv(List<Map<String, Object>> rows) {
        List<String> lines = new ArrayList<>();
        lines.add(String.join(",", rows.get(0).keySet()));
        for (Map<String, Object> row : rows) {
            lines.add(row.values().stream().map(CertificateFiles::field).collect(Collectors.joining(",")));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String field(Object value) {
        Object known = known(value);
        String text = known == null ? "" : known.toString();
        return text.contains(",") || text.contains("\"") ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
    }

    private static Object known(Object value) {
        return value instanceof Double number && Double.isNaN(number) ? null : value;
    }

    private static DataType type(Object value) {
        if (value instanceof Double) {
            return DataTypes.DoubleType;
        }
        if (value instanceof Long) {
            return DataTypes.LongType;
        }
        return value instanceof Integer ? DataTypes.IntegerType : DataTypes.StringType;
    }
}
