package org.coinflip.data.parquet;

import java.nio.ByteBuffer;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.schema.MessageType;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.ByteFeatures;
import org.coinflip.model.example.Features;
import org.coinflip.model.example.FloatFeatures;
import org.coinflip.model.example.SparseRows;
import org.coinflip.model.transform.Transformation;

/** The columns of an example file that hold features, one of each form: row group by row group into the arrays of {@link Features}. */
abstract class FeatureColumns {
    /** After {@code id} and {@code label}. */
    private static final int FIRST = 2;

    private final String path;
    private final long[] ids;
    final int width;

    private FeatureColumns(String path, int width, long[] ids) {
        this.path = path;
        this.width = width;
        this.ids = ids;
    }

    /**
     * Those of one form.
     *
     * @param path where the file was, for messages
     * @param ids of all examples of the file, those that were read before their features are
     */
    static FeatureColumns of(String path, Features.Form form, int width, long[] ids) {
        return switch (form) {
            case BYTES -> new Bytes(path, width, ids);
            case FLOATS -> new Floats(path, width, ids);
            case SPARSE -> new Sparse(path, width, ids);
        };
    }

    /** Reads the rows of a group, the first of which is row {@code start} of the file. */
    abstract void read(ColumnReadStoreImpl columns, MessageType schema, int start, int rows);

    private static ColumnReader column(ColumnReadStoreImpl columns, MessageType schema, int after) {
        return columns.getColumnReader(schema.getColumns().get(FIRST + after));
    }

    /** All that were read, scaled as they were when they were written. */
    abstract Features done(Transformation transformation);

    final int examples() {
        return ids.length;
    }

    final void requireWidth(int row, int got) {
        if (got != width) {
            throw new DataException(path + ": example " + ids[row] + " has " + got + " features, expected " + width
                    + ": prepare the data again");
        }
    }

    final float finite(int row, float number) {
        if (!Float.isFinite(number)) {
            throw wrong(row, "a feature that is " + number, "finite numbers");
        }
        return number;
    }

    final DataException wrong(int row, String got, String expected) {
        return new DataException(
                path + ": example " + ids[row] + " has " + got + ", expected " + expected + ": prepare the data again");
    }

    private static final class Bytes extends FeatureColumns {
        private final byte[] all;

        private Bytes(String path, int width, long[] ids) {
            super(path, width, ids);
            all = new byte[ids.length * width];
        }

        @Override
        void read(ColumnReadStoreImpl columns, MessageType schema, int start, int rows) {
            ColumnReader features = column(columns, schema, 0);
            for (int i = start; i < start + rows; i++) {
                ByteBuffer row = features.getBinary().toByteBuffer();
                requireWidth(i, row.remaining());
                row.get(all, i * width, width);
                features.consume();
            }
        }

        @Override
        Features done(Transformation transformation) {
            return new ByteFeatures(examples(), width, all, transformation.keptScale(), transformation.keptOffset());
        }
    }

    private static final class Floats extends FeatureColumns {
        private final float[] all;

        private Floats(String path, int width, long[] ids) {
            super(path, width, ids);
            all = new float[ids.length * width];
        }

        @Override
        void read(ColumnReadStoreImpl columns, MessageType schema, int start, int rows) {
            ColumnReader features = column(columns, schema, 0);
            for (int i = start; i < start + rows; i++) {
                int j = 0;
                do {
                    if (j == width) {
                        requireWidth(i, j + 1);
                    }
                    all[i * width + j++] = finite(i, features.getFloat());
                    features.consume();
                } while (features.getCurrentRepetitionLevel() > 0);
                requireWidth(i, j);
            }
        }

        @Override
        Features done(Transformation transformation) {
            return new FloatFeatures(examples(), width, all);
        }
    }

    private static final class Sparse extends FeatureColumns {
        private final SparseRows all;

        private Sparse(String path, int width, long[] ids) {
            super(path, width, ids);
            all = new SparseRows(width);
        }

        @Override
        void read(ColumnReadStoreImpl columns, MessageType schema, int start, int rows) {
            ColumnReader indices = column(columns, schema, 0);
            ColumnReader values = column(columns, schema, 1);
            int defined = indices.getDescriptor().getMaxDefinitionLevel();
            for (int i = start; i < start + rows; i++) {
                int before = -1;
                do {
                    boolean isThere = indices.getCurrentDefinitionLevel() == defined;
                    if (isThere != (values.getCurrentDefinitionLevel() == defined)) {
                        throw wrong(i, "another number of indices than of values", "as many");
                    }
                    if (isThere) {
                        int index = indices.getInteger();
                        if (index <= before || index >= width) {
                            throw wrong(i, "the index " + index, "indices that ascend from 0 to " + (width - 1));
                        }
                        all.add(index, finite(i, values.getFloat()));
                        before = index;
                    }
                    indices.consume();
                    values.consume();
                    if (indices.getCurrentRepetitionLevel() != values.getCurrentRepetitionLevel()) {
                        throw wrong(i, "another number of indices than of values", "as many");
                    }
                } while (indices.getCurrentRepetitionLevel() > 0);
                all.end();
            }
        }

        @Override
        Features done(Transformation transformation) {
            return all.done(transformation.keptScale(), transformation.keptOffset());
        }
    }
}
