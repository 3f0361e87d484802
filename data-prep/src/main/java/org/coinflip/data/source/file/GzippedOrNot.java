package org.coinflip.data.source.file;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.model.error.DataException;

/** A file of a known name, which may have been gzipped since. */
public final class GzippedOrNot {
    private GzippedOrNot() {}

    /**
     * The file of this name, or of this name and {@code .gz}.
     *
     * @param expected what the folder should hold, for messages: "the four files of MNIST"
     * @throws DataException where there is neither
     */
    public static String file(Path folder, String name, String expected, Configuration conf) {
        try {
            FileSystem fileSystem = StoredBytes.fileSystem(folder, conf);
            if (!fileSystem.exists(folder)) {
                throw new DataException(
                        folder + ": no such folder, expected one with " + expected + ": correct data.path");
            }
            for (String suffix : new String[] {"", ".gz"}) {
                Path file = new Path(folder, name + suffix);
                if (fileSystem.exists(file)) {
                    return file.toString();
                }
            }
        } catch (IOException e) {
            throw new DataException(
                    folder + ": cannot be listed (" + StoredBytes.firstLine(e) + "), expected a folder with " + expected
                            + ": check the file system and the permissions",
                    e);
        }
        throw new DataException(new Path(folder, name) + ": no such file, nor " + name
                + ".gz, expected one of them: correct data.path");
    }
}
