package org.coinflip.spark.sweep.result;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.coinflip.data.parquet.StreamedFile;

/**
 * A sweep's table as a Parquet file, written row by row in the driver: what is sent to Spark's tasks as rows is there several times. Axes are text, for one axis may have numbers and names.
 */
final class ParquetTable {
    /** Columns, but axes and metrics, that are no text. */
    private static final Map<String, PrimitiveTypeName> TYPES = Map.of(
            "trial", PrimitiveTypeName.INT32,
            "configuration", PrimitiveTypeName.INT32,
            "replicate", PrimitiveTypeName.INT32,
            "rung", PrimitiveTypeName.INT32,
            "epochs", PrimitiveTypeName.INT32,
            "seed", PrimitiveTypeName.INT64,
            "started", PrimitiveTypeName.INT64,
            "seconds", PrimitiveTypeName.DOUBLE);

    private ParquetTable() {}

    static void write(SweepTable table, OutputStream out) throws IOException {
        MessageType schema = schema(table);
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new StreamedFile(out))
                .withType(schema)
                .withCompressionCodec(CompressionCodecName.SNAPPY)
                .build()) {
            for (TrialRow row : table.rows()) {
                writer.write(group(schema, table.cells(row)));
            }
        }
    }

    /** Names are those of the CSV but for what Parquet does not allow. */
    static MessageType schema(SweepTable table) {
        Types.MessageTypeBuilder schema = Types.buildMessage();
        List<String> columns = table.columns();
        for (int i = 0; i < columns.size(); i++) {
            PrimitiveTypeName number =
                    table.isMetric(i) ? PrimitiveTypeName.DOUBLE : table.isAxis(i) ? null : TYPES.get(columns.get(i));
            String name = SweepTable.parquet(columns.get(i));
            if (number == null) {
                schema.optional(PrimitiveTypeName.BINARY)
                        .as(LogicalTypeAnnotation.stringType())
                        .named(name);
            } else {
                schema.optional(number).named(name);
            }
        }
        return schema.named("trials");
    }

    private static Group group(MessageType schema, List<Object> cells) {
        Group group = new SimpleGroup(schema);
        for (int i = 0; i < cells.size(); i++) {
            Object cell = cells.get(i);
            if (cell instanceof Integer number) {
                group.add(i, number.intValue());
            } else if (cell instanceof Long number) {
                group.add(i, number.longValue());
            } else if (cell instanceof Double number) {
                group.add(i, number.doubleValue());
            } else if (cell != null) {
                group.add(i, (String) cell);
            }
        }
        return group;
    }
}
