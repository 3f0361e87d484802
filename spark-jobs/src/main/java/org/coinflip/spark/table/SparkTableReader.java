package org.coinflip.spark.table;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.source.StoredTable;
import org.coinflip.data.source.TableReader;
import org.coinflip.data.table.Reading;
import org.coinflip.data.table.TableCodes;
import org.coinflip.data.table.TablePart;
import org.coinflip.model.error.DataException;

/** Reads tables by Spark, in parallel, into memory here; larger ones are prepared first. */
public final class SparkTableReader implements TableReader {
    @Override
    public RawData read(StoredTable source, Reading reading, Configuration conf) {
        SparkTable table = SparkTable.of(source, reading, conf, SessionOnDemand.get());
        List<SparkTable.Part> read = table.reading(() -> table.parts().collect()).stream()
                .sorted(SparkTable.Part.ORDER)
                .toList();
        List<TablePart> parts = read.stream().map(SparkTable.Part::rows).toList();
        if (parts.stream().allMatch(TablePart::isEmpty)) {
            throw noRows(source.path());
        }
        return new TableCodes(table.plan(), source.rules(), reading, parts).data("table", parts, table.files(read));
    }

    static DataException noRows(String path) {
        return new DataException(path + ": has no row, expected at least one example: correct data.path");
    }
}
