package org.coinflip.spark.table;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.coinflip.data.HadoopSettings;
import org.coinflip.data.raw.SourceFile;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.model.error.DataException;
import org.coinflip.model.storage.Sha256;

/** The files that Spark reads a table from, with their checksums, which tasks take. */
final class StoredFiles {
    private static final int BUFFER = 1 << 20;

    private StoredFiles() {}

    /** The files of some addresses, in ascending order of those. */
    static List<SourceFile> of(List<String> addresses, Configuration conf, SparkSession spark) {
        Map<String, String> settings = HadoopSettings.of(conf);
        List<String> sorted = addresses.stream().distinct().sorted().toList();
        return JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(sorted, Math.max(1, sorted.size()))
                .map(address -> digested(address, HadoopSettings.configuration(settings)))
                .collect();
    }

    private static SourceFile digested(String address, Configuration conf) {
        // as Spark gives it: a URI
        Path path = new Path(java.net.URI.create(address));
        MessageDigest digest = Sha256.digest();
        long length = 0;
        try (InputStream in = StoredBytes.open(path, StoredBytes.fileSystem(path, conf))) {
            byte[] buffer = new byte[BUFFER];
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                digest.update(buffer, 0, got);
                length += got;
            }
        } catch (IOException e) {
            throw new DataException(
                    path + ": cannot be read (" + StoredBytes.firstLine(e)
                            + "), expected a file of the table: check the file system and the permissions",
                    e);
        }
        return new SourceFile(path.getName(), length, Sha256.hex(digest));
    }
}
