package org.coinflip.data.source;

import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.table.ColumnRules;
import org.coinflip.data.table.Reading;

/** A source whose examples are the rows of a table, the columns of which are for what its rules say. */
public interface TableSource extends RawSource {
    /** What the columns are for. */
    ColumnRules rules();

    /** Reads and checks everything, for a purpose. */
    RawData read(Reading reading, Configuration conf);

    @Override
    default RawData read(Configuration conf) {
        return read(Reading.toTrain(Optional.empty()), conf);
    }

    @Override
    default boolean hasTestSet() {
        return false;
    }

    @Override
    default boolean isLabelled() {
        return rules().isLabelled();
    }
}
