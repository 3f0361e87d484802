package org.coinflip.spark.ml;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.coinflip.model.training.Evaluator;

/**
 * Columns that are computed for many rows at a time: a partition's rows are read in batches, for a product of matrices is faster than as many of
 * vectors. What a row is given does not depend on the rows beside it.
 */
final class RowBatches implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;
    private static final String FEATURES = "coinflip features";

    private final Columns columns;

    private RowBatches(Columns columns) {
        this.columns = columns;
    }

    /** Computes the new columns of some rows. */
    interface Columns extends Serializable {
        /**
         * @param features of each row
         * @return the values of the new columns of each row, in their order
         */
        Object[][] of(float[][] features);
    }

    /**
     * Adds columns.
     *
     * @param schema of what comes out: the rows' columns, those of new names at its end
     */
    static Dataset<Row> add(Dataset<?> rows, Column features, StructType schema, Columns columns) {
        if (schema.length() == rows.schema().length()) {
            return rows.toDF();
        }
        Dataset<Row> given = rows.toDF().withColumn(FEATURES, features);
        Dataset<Row> added = given.mapPartitions(new RowBatches(columns), Encoders.row(schema));
        // what is known of columns does not pass through rows
        Column[] all = Arrays.stream(schema.fields()).map(RowBatches::named).toArray(Column[]::new);
        return added.select(all);
    }

    private static Column named(StructField field) {
        return FeatureInput.named(field.name()).as(field.name(), field.metadata());
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new Iterator<>() {
            private Iterator<Row> ready = List.<Row>of().iterator();

            @Override
            public boolean hasNext() {
                return ready.hasNext() || rows.hasNext();
            }

            @Override
            public Row next() {
                if (!ready.hasNext()) {
                    if (!rows.hasNext()) {
                        throw new NoSuchElementException("all rows were read");
                    }
                    ready = batch(rows).iterator();
                }
                return ready.next();
            }
        };
    }

    private List<Row> batch(Iterator<Row> rows) {
        List<Row> read = new ArrayList<>(Evaluator.BATCH);
        List<float[]> features = new ArrayList<>(Evaluator.BATCH);
        while (read.size() < Evaluator.BATCH && rows.hasNext()) {
            Row row = rows.next();
            read.add(row);
            features.add(FeatureInput.numbers(row.get(row.length() - 1)));
        }
        Object[][] more = columns.of(features.toArray(float[][]::new));
        List<Row> written = new ArrayList<>(read.size());
        for (int i = 0; i < more.length; i++) {
            Row row = read.get(i);
            Object[] values = new Object[row.length() - 1 + more[i].length];
            for (int j = 0; j < row.length() - 1; j++) {
                values[j] = row.get(j);
            }
            System.arraycopy(more[i], 0, values, row.length() - 1, more[i].length);
            written.add(RowFactory.create(values));
        }
        return written;
    }
}
