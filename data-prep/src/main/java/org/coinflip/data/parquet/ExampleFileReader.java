package org.coinflip.data.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.DummyRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.schema.MessageType;
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

    private ExampleFileReader(String path, int width, ParquetFileReader file) {
        this.path = path;
        this.width = width;
        schema = file.getFileMetaData().getSchema();
        areBytes = schema.equals(ExampleSchema.of(true));
        if (!areBytes && !schema.equals(ExampleSchema.of(false))) {
            throw new DataException(path + ": got the columns " + schema.getFields() + ", expected "
                    + ExampleSchema.of(true).getFields() + " or "
                    + ExampleSchema.of(false).getFields()
                    + ": prepare the data again");
        }
        int size = Math.toIntExact(file.getRecordCount());
        ids = new long[size];
        labels = new int[size];
        bytes = areBytes ? new byte[Math.multiplyExact(size, width)] : null;
        floats = areBytes ? null : new float[Math.multiplyExact(size, width)];
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
        } catch (IOException | RuntimeException e) {
            if (e instanceof DataException known) {
                throw known;
            }
            throw new DataException(
                    path + ": cannot be read as Parquet (" + e.getMessage() + "): prepare the data again", e);
        }
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

    private void requireWidth(int row, int got) {
        if (got != width) {
            throw new DataException(path + ": example " + ids[row] + " has " + got + " features, expected " + width
                    + ": prepare the data again");
        }
    }

    private Examples examples(int classes, Transformation transformation) {
        try {
            return areBytes
                    ? Examples.ofBytes(
                            width, classes, ids, labels, bytes, transformation.byteScale(), transformation.byteOffset())
                    : Examples.ofFloats(width, classes, ids, labels, floats);
        } catch (DataException e) {
            throw new DataException(path + ": " + e.getMessage(), e);
        }
    }
}
