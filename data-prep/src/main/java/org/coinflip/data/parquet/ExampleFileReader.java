package org.coinflip.data.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.DummyRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.schema.MessageType;
import org.coinflip.data.source.StoredBytes;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.transform.Transformation;

/** Reads an example file column by column, straight into the arrays of {@link Examples}. */
public final class ExampleFileReader {
    private final String path;
    private final int width;
    private final boolean areBytes;
    private final MessageType schema;
    private final long[] ids;
    private final int[] labels;
    private final byte[] bytes;
    private final float[] floats;
    /** Null where examples have none. */
    private final float[] values;
    /** Null where examples have none. */
    private final float[] weights;

    private ExampleFileReader(String path, int width, ParquetFileReader file) {
        this.path = path;
        this.width = width;
        schema = file.getFileMetaData().getSchema();
        boolean areValued = schema.containsField(ExampleSchema.VALUE);
        boolean areWeighted = schema.containsField(ExampleSchema.WEIGHT);
        areBytes = schema.equals(ExampleSchema.of(true, areValued, areWeighted));
        if (!areBytes && !schema.equals(ExampleSchema.of(false, areValued, areWeighted))) {
            throw new DataException(path + ": got the columns " + columns(schema) + ", expected "
                    + columns(ExampleSchema.of(true, false, false)) + " or "
                    + columns(ExampleSchema.of(false, false, false))
                    + ", and value, weight or neither: prepare the data again");
        }
        int size = size(file.getRecordCount());
        ids = new long[size];
        labels = new int[size];
        bytes = areBytes ? new byte[size * width] : null;
        floats = areBytes ? null : new float[size * width];
        values = areValued ? new float[size] : null;
        weights = areWeighted ? new float[size] : null;
    }

    /**
     * The examples of one file.
     *
     * @param path where the file was, for messages
     * @param content the whole file, not modified
     * @param width features an example
     * @param classes number of classes
     * @param transformation gives bytes their scale and offset
     * @throws DataException where the file is no example file, or an example has another width or a label outside the classes
     */
    public static Examples read(String path, byte[] content, int width, int classes, Transformation transformation) {
        try (ParquetFileReader file = ParquetFileReader.open(new MemoryInputFile(content))) {
            ExampleFileReader reader = new ExampleFileReader(path, width, file);
            reader.readGroups(file);
            return reader.examples(classes, transformation);
        } catch (DataException e) {
            throw e;
        } catch (OutOfMemoryError e) {
            // Parquet takes memory at once for what a file says of its pages
            throw new DataException(
                    path + ": asks for more memory than there is, with a heap of "
                            + (Runtime.getRuntime().maxMemory() >> 20)
                            + " MB: give more by DRIVER_MEMORY or spark.executor.memory, prepare the data in more"
                            + " shards, or copy the file again",
                    e);
        } catch (IOException | RuntimeException e) {
            throw new DataException(
                    path + ": cannot be read as Parquet (" + StoredBytes.firstLine(e)
                            + "): copy it again, or prepare the data again",
                    e);
        }
    }

    /** In a line, whatever the columns are called. */
    private static String columns(MessageType schema) {
        return schema.getFields().toString().replaceAll("\\s+", " ");
    }

    /** Refuses more rows than memory could hold, whoever says that there are so many, before any is taken. */
    private int size(long rows) {
        long most = Runtime.getRuntime().maxMemory();
        long each = Long.BYTES + Integer.BYTES + (long) width * (areBytes ? 1 : Float.BYTES);
        if (rows < 0 || rows > Integer.MAX_VALUE / Math.max(1, width) || rows > most / each) {
            throw new DataException(path + ": says that it has " + rows + " rows of " + width
                    + " features, expected what fits a heap of " + (most >> 20)
                    + " MB: give more by DRIVER_MEMORY or spark.executor.memory, prepare the data in more shards, or"
                    + " copy the file again");
        }
        return (int) rows;
    }

    private void readGroups(ParquetFileReader file) throws IOException {
        String createdBy = file.getFileMetaData().getCreatedBy();
        int start = 0;
        for (PageReadStore group = file.readNextRowGroup(); group != null; group = file.readNextRowGroup()) {
            int rows = Math.toIntExact(group.getRowCount());
            ColumnReadStoreImpl columns = new ColumnReadStoreImpl(
                    group, new DummyRecordConverter(schema).getRootConverter(), schema, createdBy);
            readKeys(columns, start, rows);
            ColumnReader features = columns.getColumnReader(schema.getColumns().get(2));
            if (areBytes) {
                readBytes(features, start, rows);
            } else {
                readFloats(features, start, rows);
            }
            if (values != null) {
                readNumbers(columns, ExampleSchema.VALUE, values, start, rows);
            }
            if (weights != null) {
                readNumbers(columns, ExampleSchema.WEIGHT, weights, start, rows);
            }
            start += rows;
        }
    }

    private void readKeys(ColumnReadStoreImpl columns, int start, int rows) {
        ColumnReader id = columns.getColumnReader(schema.getColumns().get(0));
        ColumnReader label = columns.getColumnReader(schema.getColumns().get(1));
        for (int i = start; i < start + rows; i++) {
            ids[i] = id.getLong();
            id.consume();
            labels[i] = label.getInteger();
            label.consume();
        }
    }

    private void readBytes(ColumnReader features, int start, int rows) {
        for (int i = start; i < start + rows; i++) {
            ByteBuffer row = features.getBinary().toByteBuffer();
            requireWidth(i, row.remaining());
            row.get(bytes, i * width, width);
            features.consume();
        }
    }

    private void readFloats(ColumnReader features, int start, int rows) {
        for (int i = start; i < start + rows; i++) {
            int j = 0;
            do {
                if (j == width) {
                    requireWidth(i, j + 1);
                }
                floats[i * width + j++] = features.getFloat();
                features.consume();
            } while (features.getCurrentRepetitionLevel() > 0);
            requireWidth(i, j);
        }
    }

    private void readNumbers(ColumnReadStoreImpl columns, String name, float[] numbers, int start, int rows) {
        ColumnReader column = columns.getColumnReader(schema.getColumnDescription(new String[] {name}));
        for (int i = start; i < start + rows; i++) {
            numbers[i] = column.getFloat();
            column.consume();
        }
    }

    private void requireWidth(int row, int got) {
        if (got != width) {
            throw new DataException(path + ": example " + ids[row] + " has " + got + " features, expected " + width
                    + ": prepare the data again");
        }
    }

    private Examples examples(int classes, Transformation transformation) {
        try {
            Examples examples = areBytes
                    ? Examples.ofBytes(
                            width, classes, ids, labels, bytes, transformation.byteScale(), transformation.byteOffset())
                    : Examples.ofFloats(width, classes, ids, labels, floats);
            examples = values == null ? examples : examples.withValues(values);
            return weights == null ? examples : examples.withWeights(weights);
        } catch (DataException e) {
            throw new DataException(path + ": " + e.getMessage(), e);
        }
    }
}
