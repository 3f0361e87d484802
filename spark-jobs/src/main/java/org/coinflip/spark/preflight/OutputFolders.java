package org.coinflip.spark.preflight;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.spark.output.Reason;

/**
 * Whether folders can be written: a file of one byte is made and removed in each that is there, and in the nearest above each that is not.
 * Permissions are not asked for, since a full disk, a quota or a store's rules refuse as well.
 */
public final class OutputFolders {
    private OutputFolders() {}

    /**
     * Tries.
     *
     * @param folders the first is named in the finding where all can be written
     */
    public static Finding look(FileSystem files, List<Path> folders) {
        Set<Path> tried = new LinkedHashSet<>();
        for (Path folder : folders) {
            try {
                Path there = nearest(files, folder);
                if (tried.add(there)) {
                    write(files, there);
                }
            } catch (IOException | RuntimeException e) {
                return Finding.error("output: " + folder + " cannot be written (" + Reason.of(e)
                        + "), expected a folder that can: make room, correct its permissions, or name another output");
            }
        }
        return Finding.good("output: " + folders.get(0) + " can be written");
    }

    private static Path nearest(FileSystem files, Path folder) throws IOException {
        for (Path there = folder; there != null; there = there.getParent()) {
            try {
                FileStatus status = files.getFileStatus(there);
                if (!status.isDirectory()) {
                    throw new IOException(there + " is a file");
                }
                return there;
            } catch (FileNotFoundException e) {
                // the folder above may be there
            }
        }
        throw new IOException("there is no folder above it");
    }

    private static void write(FileSystem files, Path folder) throws IOException {
        Path file = new Path(folder, ".coinflip-preflight-" + UUID.randomUUID());
        try (FSDataOutputStream out = files.create(file, false)) {
            out.write(new byte[] {1});
        } finally {
            files.delete(file, false);
        }
    }
}
