package org.coinflip.spark.table;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.raw.SourceFile;
import org.coinflip.data.source.StoredTable;
import org.coinflip.data.source.TableReader;
import org.coinflip.data.table.FeatureEncoder;
import org.coinflip.data.table.Reading;
import org.coinflip.data.table.TablePart;
import org.coinflip.model.storage.Sha256;

/** Reads tables by Spark, in parallel, into memory here; larger ones are prepared first. */
public final class SparkTableReader implements TableReader {
    @Override
    public RawData read(StoredTable source, Reading reading, Configuration conf) {
        SparkTable table = SparkTable.of(source, reading, conf, SessionOnDemand.get());
        List<SparkTable.Part> read = table.reading(() -> table.parts().collect()).stream()
                .sorted(SparkTable.Part.ORDER)
                .toList();
        List<TablePart> parts = read.stream().map(SparkTable.Part::rows).toList();
        RawData data = new FeatureEncoder(table.plan(), source.rules(), reading, parts)
                .data("table", parts, table.files(read));
        return source.format().equals(StoredTable.CATALOG) ? withChecksum(data, source.path()) : data;
    }

    /** A table of the catalog has no files of its own that could be told apart: its rows are. */
    private static RawData withChecksum(RawData data, String name) {
        RawExamples rows = data.development();
        MessageDigest digest = Sha256.digest();
        ByteBuffer row =
                ByteBuffer.allocate(Long.BYTES + Integer.BYTES + (rows.width() + rows.targets() + 1) * Float.BYTES);
        int[] one = new int[1];
        float[] features = new float[rows.width()];
        for (int i = 0; i < rows.size(); i++) {
            row.clear().putLong(rows.id(i)).putInt(rows.label(i));
            rows.features().read(i, features, 0);
            for (float feature : features) {
                row.putFloat(feature);
            }
            one[0] = i;
            float[] values = rows.targets() > 0 ? rows.values(one) : new float[0];
            for (float value : values) {
                row.putFloat(value);
            }
            row.putFloat(rows.areWeighted() ? rows.weights(one)[0] : 1);
            digest.update(row.array());
        }
        long bytes = (long) rows.size() * row.capacity();
        return data.withFiles(List.of(new SourceFile(name, bytes, Sha256.hex(digest))));
    }
}
