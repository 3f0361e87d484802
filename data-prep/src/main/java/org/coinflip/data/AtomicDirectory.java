package org.coinflip.data;

import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.source.StoredBytes;
import org.coinflip.model.error.UsageException;

/**
 * A folder of prepared data that appears whole or not at all: it is written beside its place under a name of its own and then renamed.
 * On a failure what was written is deleted and what was there before is there again. The rename is one step where the file
 * system renames folders in one step (local, HDFS); on an object store the manifest, written last, tells whole from half.
 */
final class AtomicDirectory {
    /** Writes the content of a new folder. */
    interface Content {
        void write(FileSystem fileSystem, Path folder) throws IOException;
    }

    private final Path path;
    private final boolean overwrite;
    private final FileSystem fileSystem;

    AtomicDirectory(String written, boolean overwrite, Configuration conf) {
        this.path = StoredBytes.path(written);
        this.overwrite = overwrite;
        try {
            this.fileSystem = StoredBytes.fileSystem(path, conf);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Refuses an output that exists, unless it is prepared data that may be replaced. */
    void requireFree() {
        try {
            if (!fileSystem.exists(path)) {
                return;
            }
            if (!overwrite) {
                throw new UsageException(
                        path + ": exists, expected a new output: give another, or overwrite=true to replace it");
            }
            if (!fileSystem.exists(new Path(path, Manifest.FILE))) {
                throw new UsageException(path + ": exists and has no " + Manifest.FILE
                        + ", expected prepared data to overwrite: give another output or remove it yourself");
            }
        } catch (IOException | IllegalArgumentException e) {
            throw unwritable(e);
        }
    }

    /** Writes and puts in place. */
    void write(Content content) {
        String mark = UUID.randomUUID().toString();
        Path parent = fileSystem.makeQualified(path).getParent();
        // not of the folder's own name, which may be as long as names can be, or have a colon
        Path fresh = new Path(parent, ".coinflip-preparing-" + mark);
        Path replaced = new Path(parent, ".coinflip-replaced-" + mark);
        try {
            try {
                fileSystem.mkdirs(fresh);
                content.write(fileSystem, fresh);
                requireFree();
                putInPlace(fresh, replaced);
            } catch (IOException | RuntimeException e) {
                discard(fresh, e);
                throw e;
            }
            fileSystem.delete(replaced, true);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private void putInPlace(Path fresh, Path replaced) throws IOException {
        boolean replaces = fileSystem.exists(path);
        if (replaces) {
            rename(path, replaced);
        }
        try {
            rename(fresh, path);
        } catch (IOException e) {
            if (replaces) {
                fileSystem.rename(replaced, path);
            }
            throw e;
        }
    }

    private void rename(Path from, Path to) throws IOException {
        if (!fileSystem.rename(from, to)) {
            throw new IOException("renaming " + from.getName() + " to " + to.getName() + " was refused");
        }
    }

    /** Cleaning up never hides what went wrong. */
    private void discard(Path fresh, Exception cause) {
        try {
            fileSystem.delete(fresh, true);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private UsageException unwritable(Exception e) {
        return new UsageException(
                path + ": cannot be written (" + StoredBytes.firstLine(e)
                        + "), expected a folder that can be made: check the path, the permissions and the space",
                e);
    }
}
