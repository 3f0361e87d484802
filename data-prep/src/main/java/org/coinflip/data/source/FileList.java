package org.coinflip.data.source;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.model.error.DataException;

/** The files that a path names: itself, the files of a folder, or those that match a pattern; in the order of their names. */
public final class FileList {
    private FileList() {}

    /**
     * Lists files. In a folder, names that begin with _ or . are no data, nor are empty files; folders in it are not looked into.
     *
     * @param written the path as the user wrote it: * ? [ ] { } make a pattern where no file has that very name
     * @param expected what files should be, for messages: "a CSV file of numbers"
     * @return at least one; a single one that is missing is not looked for here
     * @throws DataException where a folder or a pattern has no file
     */
    public static List<Path> of(String written, String expected, Configuration conf) {
        Path path = StoredBytes.path(written);
        try {
            FileSystem fileSystem = StoredBytes.fileSystem(path, conf);
            if (fileSystem.exists(path)) {
                return fileSystem.getFileStatus(path).isDirectory()
                        ? files(fileSystem.listStatus(path), written, "the folder has no file", expected)
                        : List.of(path);
            }
            FileStatus[] matching = isPattern(written) ? fileSystem.globStatus(path) : null;
            return matching == null ? List.of(path) : files(matching, written, "no file matches the pattern", expected);
        } catch (IOException e) {
            throw new DataException(
                    written + ": cannot be listed (" + StoredBytes.firstLine(e) + "), expected " + expected
                            + ": check the path and the permissions",
                    e);
        }
    }

    private static boolean isPattern(String written) {
        return written.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
    }

    private static List<Path> files(FileStatus[] found, String written, String none, String expected) {
        List<Path> files = Arrays.stream(found)
                .filter(status -> status.isFile() && status.getLen() > 0)
                .map(FileStatus::getPath)
                .filter(file ->
                        !file.getName().startsWith("_") && !file.getName().startsWith("."))
                .sorted()
                .toList();
        if (files.isEmpty()) {
            throw new DataException(written + ": " + none + ", expected " + expected + ": correct the path");
        }
        return files;
    }
}
