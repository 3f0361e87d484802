package org.coinflip.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.output.Lease;
import org.coinflip.data.output.OwnFiles;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.model.error.UsageException;

/**
 * A folder of prepared data that appears whole or not at all. A new one is written beside its place under a name of its own and then
 * renamed, in one step where the file system renames folders in one step (local, HDFS). In a folder that is there, empty or prepared
 * before, the files are written to a folder inside and then put in the place of the old ones, {@code manifest.json} last, which tells
 * whole from half there as on an object store. On a failure, and when the process is asked to end, what was written is removed and
 * what was there before is there again. Only files of {@link OwnFiles} are replaced; others stay.
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

    /** Refuses an output that has files, unless it is a job's that may be replaced. */
    void requireFree() {
        try {
            Lease.requireFree(fileSystem, path);
            OwnFiles own = OwnFiles.of(fileSystem, path);
            if (own.state() == OwnFiles.State.FOREIGN) {
                throw new UsageException(
                        path + ": exists and is no job's output, expected a new or empty folder, or one"
                                + " to overwrite: give another, or remove it yourself");
            }
            if (own.state() == OwnFiles.State.OURS && !overwrite) {
                throw new UsageException(
                        path + ": exists, expected a new output: give another, or overwrite=true to replace it");
            }
        } catch (IOException | IllegalArgumentException e) {
            throw unwritable(e);
        }
    }

    /** Writes and puts in place. */
    void write(Content content) {
        try {
            boolean there = fileSystem.exists(path);
            Path scratch = OwnFiles.scratch(
                    there ? path : fileSystem.makeQualified(path).getParent());
            List<Path> missing = missingAbove(scratch);
            try {
                fileSystem.mkdirs(scratch);
                fileSystem.deleteOnExit(scratch);
                content.write(fileSystem, scratch);
                requireFree();
                List<String> names = files(scratch, "");
                if (there) {
                    replace(scratch, names);
                } else {
                    OwnFiles.of(fileSystem, scratch).adopt(names);
                    rename(scratch, path);
                }
            } catch (IOException | RuntimeException e) {
                discard(scratch, missing, e);
                throw e;
            }
            fileSystem.cancelDeleteOnExit(scratch);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private void replace(Path scratch, List<String> names) throws IOException {
        try (Lease lease = Lease.take(fileSystem, path, "prepare")) {
            replaceHeld(scratch, names);
        }
    }

    private void replaceHeld(Path scratch, List<String> names) throws IOException {
        OwnFiles own = OwnFiles.of(fileSystem, path);
        own.requireFree(names);
        List<String> foreign = own.foreign();
        List<String> old = own.owned();
        own.adopt(names);
        Path replaced = new Path(scratch, ".replaced");
        List<String> aside = new ArrayList<>();
        List<String> placed = new ArrayList<>();
        try {
            for (String name : old) {
                move(path, replaced, name);
                aside.add(name);
            }
            for (String name : names) {
                move(scratch, path, name);
                placed.add(name);
            }
        } catch (IOException e) {
            for (String name : placed) {
                fileSystem.delete(new Path(path, name), false);
            }
            for (String name : aside) {
                move(replaced, path, name);
            }
            throw e;
        }
        OwnFiles.discard(fileSystem, scratch);
        own.removeEmptyFolders(old);
        OwnFiles.tellOf(foreign, path);
    }

    private void move(Path from, Path to, String name) throws IOException {
        Path target = new Path(to, name);
        fileSystem.mkdirs(target.getParent());
        rename(new Path(from, name), target);
    }

    private void rename(Path from, Path to) throws IOException {
        if (!fileSystem.rename(from, to)) {
            throw new IOException("renaming " + from.getName() + " to " + to.getName() + " was refused");
        }
    }

    /** The files of a folder, relative to it; {@code manifest.json} is the last. */
    private List<String> files(Path folder, String within) throws IOException {
        List<String> files = new ArrayList<>();
        for (FileStatus entry : fileSystem.listStatus(folder)) {
            String name = within + entry.getPath().getName();
            if (entry.isDirectory()) {
                files.addAll(files(entry.getPath(), name + "/"));
            } else {
                files.add(name);
            }
        }
        if (files.remove(Manifest.FILE)) {
            files.add(Manifest.FILE);
        }
        return files;
    }

    /** The folders above one that are not there yet, the deepest first. */
    private List<Path> missingAbove(Path folder) throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path above = folder.getParent(); above != null && !fileSystem.exists(above); above = above.getParent()) {
            missing.add(above);
        }
        return missing;
    }

    /**
     * Cleaning up never hides what went wrong.
     *
     * @param made folders that were made on the way, the deepest first
     */
    private void discard(Path scratch, List<Path> made, Exception cause) {
        try {
            OwnFiles.discard(fileSystem, scratch);
            for (Path folder : made) {
                if (fileSystem.listStatus(folder).length > 0) {
                    break;
                }
                fileSystem.delete(folder, false);
            }
        } catch (FileNotFoundException e) {
            // it was not made
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
