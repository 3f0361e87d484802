package org.coinflip.spark.output;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.source.StoredBytes;
import org.coinflip.model.error.UsageException;

/**
 * The folder that a job writes to. A file is written under another name and renamed when it is whole; only {@code metrics.jsonl} grows
 * as the job goes.
 */
public final class RunDirectory {
    private final FileSystem fileSystem;
    private final Path folder;

    private RunDirectory(FileSystem fileSystem, Path folder) {
        this.fileSystem = fileSystem;
        this.folder = folder;
    }

    /**
     * Refuses an output that cannot be written; writes nothing.
     *
     * @throws UsageException where the output exists and may not be overwritten, or the path names no file system
     */
    public static RunDirectory at(String output, boolean overwrite, Configuration conf) {
        try {
            Path folder = StoredBytes.path(output);
            FileSystem fileSystem = folder.getFileSystem(conf);
            fileSystem.setWriteChecksum(false);
            if (fileSystem.exists(folder)) {
                if (!overwrite) {
                    throw new UsageException(
                            "output " + output + " exists, expected a new folder: name another or add overwrite=true"
                                    + (isUnfinishedTraining(fileSystem, folder) ? ", or resume=true to go on" : ""));
                }
                if (!isRun(fileSystem, folder)) {
                    throw new UsageException("output " + output
                            + " exists and is no job's output, expected one to overwrite: name another folder");
                }
            }
            return new RunDirectory(fileSystem, fileSystem.makeQualified(folder));
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException(
                    "output " + output + " cannot be used (" + Reason.of(e) + "): name a folder that can be written",
                    e);
        }
    }

    /** A folder in which a job goes on that was stopped; writes nothing. */
    public static RunDirectory resumed(String output, Configuration conf) {
        try {
            Path folder = StoredBytes.path(output);
            FileSystem fileSystem = folder.getFileSystem(conf);
            fileSystem.setWriteChecksum(false);
            return new RunDirectory(fileSystem, fileSystem.makeQualified(folder));
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException(
                    "output " + output + " cannot be used (" + Reason.of(e) + "): name a folder that can be written",
                    e);
        }
    }

    /** Whether a folder holds what jobs write, or nothing: only such a folder is ever replaced. */
    private static boolean isRun(FileSystem fileSystem, Path folder) throws IOException {
        return fileSystem.getFileStatus(folder).isDirectory()
                && (fileSystem.listStatus(folder).length == 0
                        || fileSystem.exists(new Path(folder, "summary.json"))
                        || fileSystem.exists(new Path(folder, "metrics.jsonl"))
                        || fileSystem.exists(new Path(folder, "checkpoints"))
                        || fileSystem.exists(new Path(folder, "sweep.json"))
                        || fileSystem.exists(new Path(folder, "manifest.json")));
    }

    private static boolean isUnfinishedTraining(FileSystem fileSystem, Path folder) throws IOException {
        return fileSystem.exists(new Path(folder, "checkpoints"))
                && !fileSystem.exists(new Path(folder, "sweep.json"))
                && !fileSystem.exists(new Path(folder, "summary.json"));
    }

    /** Makes the folder; what an earlier run left there is removed first. */
    public void create() {
        try {
            fileSystem.delete(folder, true);
            if (!fileSystem.mkdirs(folder)) {
                throw new IOException("the folder was not made");
            }
        } catch (IOException e) {
            throw failed("", e);
        }
    }

    /** Where a file of the run is; the folder itself for an empty name. */
    public Path path(String name) {
        return name.isEmpty() ? folder : new Path(folder, name);
    }

    public FileSystem fileSystem() {
        return fileSystem;
    }

    /** Writes a whole file. */
    public void write(String name, String text) {
        write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a whole file. */
    public void write(String name, byte[] bytes) {
        try {
            WholeFile.write(fileSystem, path(name), out -> out.write(bytes));
        } catch (IOException e) {
            throw failed(name, e);
        }
    }

    /** Opens a file that grows line by line. */
    public Lines lines(String name) {
        try {
            return new Lines(fileSystem.create(path(name), true), name);
        } catch (IOException e) {
            throw failed(name, e);
        }
    }

    private UsageException failed(String name, IOException e) {
        return new UsageException(
                "output " + path(name) + " cannot be written (" + Reason.of(e) + "): make room or name another folder",
                e);
    }

    /** A file of lines; each is on its way to disk when {@link #add} returns. */
    public final class Lines implements AutoCloseable {
        private final FSDataOutputStream out;
        private final String name;

        private Lines(FSDataOutputStream out, String name) {
            this.out = out;
            this.name = name;
        }

        public void add(String line) {
            try {
                out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                out.hflush();
            } catch (IOException e) {
                throw failed(name, e);
            }
        }

        @Override
        public void close() {
            try {
                out.close();
            } catch (IOException e) {
                throw failed(name, e);
            }
        }
    }
}
