package org.coinflip.data.source;

import java.util.ServiceLoader;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.table.Reading;
import org.coinflip.model.error.UsageException;

/** Reads tables of forms that this module does not read: found by {@link ServiceLoader}, as the jobs of Spark bring one along. */
public interface TableReader {
    /** Reads and checks everything, for a purpose. */
    RawData read(StoredTable table, Reading reading, Configuration conf);

    /** The one that there is. */
    static TableReader found() {
        return ServiceLoader.load(TableReader.class)
                .findFirst()
                .orElseThrow(() -> new UsageException(
                        "data.source: got table, which Spark reads, and no Spark here, expected a source that is read without:"
                                + " use the jobs, or source = csv"));
    }
}
