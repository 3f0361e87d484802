package org.coinflip.data.source.file;

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
     * Lists files. In a folder, names that begin with _ or . are no data, nor are empty files, which have no rows; folders in it are refused.
     *
     * @param written the path as the user wrote it: * ? [ ] { } make a pattern where no file has that very name
     * @param expected what files should be, for messages: "a CSV file of numbers"
     * @return at least one; a single one that is missing is not looked for here
     * @throws DataException where a folder or a pattern has no file
     */
    public static List<Path> of(String written, String expected, Configuration conf) {
        return of(written, expected, 1, conf);
    }

    /**
     * Lists files of a form that no empty file has: as {@link #of(String, String, Configuration)}, with empty files among them.
     */
    public static List<Path> ofBinary(String written, String expected, Configuration conf) {
        return of(written, expected, 0, conf);
    }

    private static List<Path> of(String written, String expected, long least, Configuration conf) {
        Path path = StoredBytes.path(written);
        try {
            FileSystem fileSystem = StoredBytes.fileSystem(path, conf);
            if (fileSystem.exists(path)) {
                return fileSystem.getFileStatus(path).isDirectory()
                        ? files(fileSystem.listStatus(path), written, "the folder has no file", expected, least)
                        : List.of(path);
            }
            FileStatus[] matching = isPattern(written) ? fileSystem.globStatus(path) : null;
            return matching == null
                    ? List.of(path)
                    : files(matching, written, "no file matches the pattern", expected, least);
        } catch (IOException e) {
            throw new DataException(
                    written + ": cannot be listed (" + StoredBytes.firstLine(e) + "), expected " + expected
                            + ": check the path and the permissions",
                    e);
        }
    }

    /** Whether a path or a pattern leads to anything; where that cannot be told, it does not. */
    public static boolean isThere(String written, Configuration conf) {
        Path path = StoredBytes.path(written);
        try {
            FileSystem fileSystem = StoredBytes.fileSystem(path, conf);
            FileStatus[] matching = isPattern(written) ? fileSystem.globStatus(path) : null;
            return fileSystem.exists(path) || (matching != null && matching.length > 0);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isPattern(String written) {
        return written.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
    }

    private static List<Path> files(FileStatus[] found, String written, String none, String expected, long least) {
        List<FileStatus> visible = Arrays.stream(found)
                .filter(status -> !status.getPath().getName().startsWith("_")
                        && !status.getPath().getName().startsWith("."))
                .toList();
        // rows that it may have would be lost without a word
        visible.stream().filter(FileStatus::isDirectory).findFirst().ifPresent(folder -> {
            throw new DataException(folder.getPath() + ": got a folder among the files of " + written + ", expected "
                    + expected + ": give a pattern that reaches the files in it, or data.source = table");
        });
        List<Path> files = visible.stream()
                .filter(status -> status.getLen() >= least)
                .map(FileStatus::getPath)
                .sorted()
                .toList();
        if (files.isEmpty()) {
            throw new DataException(written + ": " + none + ", expected " + expected + ": correct the path");
        }
        return files;
    }
}
