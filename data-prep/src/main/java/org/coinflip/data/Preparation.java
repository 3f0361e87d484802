package org.coinflip.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.output.Apart;
import org.coinflip.data.parquet.ExampleFileWriter;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;

/**
 * Writes a data set as {@code {train,valid,test}/part-00000.parquet …} and {@code manifest.json}. Raw sources are read whole and checked
 * before anything is written; of others no more is in memory than a shard that is read and one that is written. What is written appears under its name at once and whole, see {@link AtomicDirectory}. The same input gives
 * files of the same content.
 */
public final class Preparation {
    /** Files a split, where nobody says how many. */
    public static final int SHARDS = 4;

    private Preparation() {}

    /**
     * Prepares a data set.
     *
     * @param spec what to read
     * @param outputPath a folder on any Hadoop file system
     * @param shards files a split, at least 1; a split of fewer examples has a file for each
     * @param overwrite whether what jobs wrote at {@code outputPath} may be replaced; nothing else ever is
     * @param conf settings of the Hadoop file systems, not modified
     * @return what was written
     * @throws UsageException where the output has files, holds the source or lies in it, or cannot be written
     * @throws org.coinflip.model.error.DataException where the source is not what it should be
     */
    public static Description prepare(
            DataSpec spec, String outputPath, int shards, boolean overwrite, Configuration conf) {
        if (shards < 1) {
            throw new UsageException("got " + shards + " shards, expected at least 1: give a positive number");
        }
        Apart.require(outputPath, spec.inputs(), conf);
        AtomicDirectory output = new AtomicDirectory(outputPath, overwrite, conf);
        output.requireFree();
        Dataset data = Dataset.open(spec, conf);
        output.write((fileSystem, folder) -> {
            Map<Split, List<ShardFile>> files = new EnumMap<>(Split.class);
            for (Split split : Split.values()) {
                files.put(split, writeShards(fileSystem, folder, split, data, shards));
            }
            Manifest.write(fileSystem, folder, data.shards(Split.TRAIN).get(0).schema(), data.description(), files);
        });
        return data.description();
    }

    private static List<ShardFile> writeShards(
            FileSystem fileSystem, Path folder, Split split, Dataset data, int shards) throws IOException {
        int size = data.description().split(split).examples();
        int count = Math.min(shards, size);
        ExampleSequence examples = new ExampleSequence(data.shards(split));
        List<ShardFile> files = new ArrayList<>(count);
        for (int k = 0; k < count; k++) {
            Examples part = examples.next(ShardFile.bound(size, count, k + 1) - ShardFile.bound(size, count, k));
            String path = ShardFile.path(split, k);
            ExampleFileWriter.Written written = ExampleFileWriter.write(fileSystem, new Path(folder, path), part);
            files.add(ShardFile.of(path, part, written));
        }
        return files;
    }
}
