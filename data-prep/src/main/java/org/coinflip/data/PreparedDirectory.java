package org.coinflip.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.parquet.ExampleSchema;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Features;

/** Opens a folder that {@link Preparation} wrote: reads the manifest, and sees that every shard is there with its length. */
final class PreparedDirectory {
    private PreparedDirectory() {}

    static Dataset open(String path, Configuration conf) {
        Path folder = StoredBytes.path(path);
        Path manifestFile = new Path(folder, Manifest.FILE);
        Manifest manifest = Manifest.of(
                manifestFile.toString(), StoredBytes.read(manifestFile, "the manifest of prepared data", conf));
        // files say what they hold; of a schema that is none, floats alone are expected of them
        ExampleSchema schema =
                ExampleSchema.parse(manifest.schema()).orElse(new ExampleSchema(Features.Form.FLOATS, 0, false));
        Map<String, String> settings = HadoopSettings.of(conf);
        Map<Split, List<ExampleShard>> shards = new EnumMap<>(Split.class);
        manifest.shards().forEach((split, files) -> {
            requireFiles(folder, split, files, conf);
            List<ExampleShard> ofSplit = new ArrayList<>();
            for (ShardFile file : files) {
                ofSplit.add(new ParquetShard(
                        new Path(folder, file.path()).toString(), file, manifest.description(), schema, settings));
            }
            shards.put(split, List.copyOf(ofSplit));
        });
        return new Dataset(manifest.description(), shards);
    }

    /** One listing a split, so that a missing or truncated shard is found before any work is done. */
    private static void requireFiles(Path folder, Split split, List<ShardFile> files, Configuration conf) {
        Path splitFolder = new Path(folder, split.toString());
        Map<String, Long> lengths = new HashMap<>();
        try {
            FileSystem fileSystem = StoredBytes.fileSystem(folder, conf);
            if (fileSystem.exists(splitFolder)) {
                for (FileStatus status : fileSystem.listStatus(splitFolder)) {
                    lengths.put(split + "/" + status.getPath().getName(), status.getLen());
                }
            }
        } catch (IOException e) {
            throw new DataException(
                    splitFolder + ": cannot be listed (" + StoredBytes.firstLine(e)
                            + "), expected a folder of shards: check the file system and the permissions",
                    e);
        }
        for (ShardFile file : files) {
            Long length = lengths.get(file.path());
            if (length == null || length != file.bytes()) {
                throw new DataException(new Path(folder, file.path()) + ": got "
                        + (length == null ? "no such file" : length + " bytes") + ", expected " + file.bytes()
                        + " bytes as " + Manifest.FILE + " says: prepare the data again");
            }
        }
    }
}
