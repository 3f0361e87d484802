package org.coinflip.data;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.Serializable;
import java.util.Locale;
import org.coinflip.data.parquet.ExampleFileWriter;
import org.coinflip.model.example.Examples;
import org.coinflip.model.example.SparseFeatures;

/**
 * One Parquet file of prepared data, as the manifest has it.
 *
 * @param path its path below the manifest's folder: {@code train/part-00000.parquet}
 * @param examples examples in it
 * @param bytes its length
 * @param sha256 its SHA-256, 64 hexadecimal digits
 * @param entries features that are not 0, where features are listed; otherwise 0, and not in the manifest
 */
record ShardFile(
        String path,
        int examples,
        long bytes,
        String sha256,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long entries)
        implements Serializable {
    /** The file of some examples. */
    static ShardFile of(String path, Examples examples, ExampleFileWriter.Written written) {
        long entries = examples.features() instanceof SparseFeatures listed ? listed.entries() : 0;
        return new ShardFile(path, examples.size(), written.bytes(), written.sha256(), entries);
    }

    /** The path of a split's k-th shard. */
    static String path(Split split, int k) {
        return String.format(Locale.ROOT, "%s/part-%05d.parquet", split, k);
    }

    /** Of so many examples in so many shards, how many are in those before the k-th. */
    static int bound(int examples, int shards, int k) {
        return (int) ((long) examples * k / shards);
    }
}
