package org.coinflip.spark.inference;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.coinflip.model.settings.Section;

/** How predictions are written: a file a partition. */
public enum PredictionFormat {
    /** Spark's own Parquet. */
    PARQUET {
        @Override
        void write(Dataset<Row> table, String folder) {
            table.write().parquet(folder);
        }
    },
    /** A header, then a line an example; every number reads back as the same bits. */
    CSV {
        @Override
        void write(Dataset<Row> table, String folder) {
            table.write().option("header", true).csv(folder);
        }
    };

    /** Writes a table to a new folder. */
    abstract void write(Dataset<Row> table, String folder);

    /** As it is written in settings. */
    @Override
    public String toString() {
        return Section.name(this);
    }
}
