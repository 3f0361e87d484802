package org.coinflip.data.parquet;

import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.DummyRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.schema.MessageType;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.example.Features;
import org.coinflip.model.transform.Transformation;

/** Reads an example file column by column, straight into the arrays of {@link Features}. */
public final class ExampleFileReader {
    private final String path;
    private final int width;
    private final MessageType schema;
    private final ExampleSchema known;
    private final long[] ids;
    private final int[] labels;
    private final FeatureColumns features;
    /** Of each target. */
    private final float[][] values;
    /** Null where examples have none. */
    private final float[] weights;

    private ExampleFileReader(String path, int width, ParquetFileReader file) {
        this.path = path;
        this.width = width;
        schema = file.getFileMetaData().getSchema();
        known = ExampleSchema.of(schema)
                .orElseThrow(() -> new DataException(path + ": got the columns " + columns(schema) + ", expected "
                        + Stream.of(Features.Form.values())
                                .map(form -> columns(new ExampleSchema(form, 0, false).columns()))
                                .collect(Collectors.joining(" or "))
                        + ", and value, weight or neither: prepare the data again"));
        int size = size(file);
        ids = new long[size];
        labels = new int[size];
        features = FeatureColumns.of(path, known.form(), width, ids);
        values = new float[known.targets()][size];
        weights = known.areWeighted() ? new float[size] : null;
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
    private int size(ParquetFileReader file) {
        long rows = file.getRecordCount();
        long entries = file.getFooter().getBlocks().stream()
                .mapToLong(block -> block.getColumns().get(2).getValueCount())
                .sum();
        long most = Runtime.getRuntime().maxMemory();
        long keys = Long.BYTES + Integer.BYTES + (long) known.targets() * Float.BYTES;
        boolean isListed = known.form() == Features.Form.SPARSE;
        if (rows < 0
                || entries < 0
                || (isListed ? entries : rows) > Integer.MAX_VALUE / (isListed ? 1 : Math.max(1, width))
                || rows > most / keys
                || known.form().bytes(rows, width, entries) > most - rows * keys) {
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
            features.read(columns, schema, start, rows);
            for (int j = 0; j < values.length; j++) {
                readNumbers(columns, known.value(j), values[j], start, rows);
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

    private void readNumbers(ColumnReadStoreImpl columns, String name, float[] numbers, int start, int rows) {
        ColumnReader column = columns.getColumnReader(schema.getColumnDescription(new String[] {name}));
        for (int i = start; i < start + rows; i++) {
            numbers[i] = column.getFloat();
            column.consume();
        }
    }

    private float[] interleaved() {
        float[] all = new float[Math.multiplyExact(ids.length, values.length)];
        for (int k = 0; k < all.length; k++) {
            all[k] = values[k % values.length][k / values.length];
        }
        return all;
    }

    private Examples examples(int classes, Transformation transformation) {
        try {
            Examples examples = Examples.of(features.done(transformation), classes, ids, labels);
            examples = values.length == 0 ? examples : examples.withValues(values.length, interleaved());
            return weights == null ? examples : examples.withWeights(weights);
        } catch (DataException e) {
            throw new DataException(path + ": " + e.getMessage(), e);
        }
    }
}
