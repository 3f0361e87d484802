package org.coinflip.spark.output;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.coinflip.data.output.Lease;
import org.coinflip.data.output.OwnFiles;
import org.coinflip.data.output.WholeFile;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.storage.Sealed;

/**
 * The folder that a job writes to. A file is written under another name and renamed when it is whole; only {@code metrics.jsonl} and a file for TensorBoard grow
 * as the job goes. What may be replaced or removed in it, {@link OwnFiles} says: every file is listed there before it is written.
 */
public final class RunDirectory {
    private final FileSystem fileSystem;
    private final Path folder;
    private final OwnFiles own;
    private final boolean resumed;
    /** Nothing until the folder is held. */
    private final AtomicReference<Lease> lease = new AtomicReference<>();

    private RunDirectory(FileSystem fileSystem, Path folder, OwnFiles own, boolean resumed) {
        this.fileSystem = fileSystem;
        this.folder = folder;
        this.own = own;
        this.resumed = resumed;
    }

    /**
     * Refuses an output that cannot be written; writes nothing.
     *
     * @param overwrite whether files that jobs wrote there may be replaced
     * @throws UsageException where the output has files and may not be overwritten, or the path names no file system
     */
    public static RunDirectory at(String output, boolean overwrite, Configuration conf) {
        RunDirectory run = open(output, false, conf);
        OwnFiles.State state = run.state();
        if (state == OwnFiles.State.FOREIGN) {
            throw new UsageException(
                    "output " + output + " exists and is no job's output, expected a new or empty folder,"
                            + " or one to overwrite: name another, or remove it yourself");
        }
        if (state == OwnFiles.State.OURS && !overwrite) {
            throw new UsageException(
                    "output " + output + " exists, expected a new folder: name another or add overwrite=true"
                            + (run.isUnfinishedTraining() ? ", or resume=true to go on" : ""));
        }
        return run;
    }

    /** A folder in which a job may go on that was stopped; what is in it is the caller's to judge. Writes nothing. */
    public static RunDirectory resumed(String output, Configuration conf) {
        return open(output, true, conf);
    }

    private static RunDirectory open(String output, boolean resumed, Configuration conf) {
        try {
            Path folder = StoredBytes.path(output);
            FileSystem fileSystem = folder.getFileSystem(conf);
            fileSystem.setWriteChecksum(false);
            Path whole = fileSystem.makeQualified(folder);
            Lease.requireFree(fileSystem, whole);
            return new RunDirectory(fileSystem, whole, OwnFiles.of(fileSystem, whole), resumed);
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException(
                    "output " + output + " cannot be used (" + Reason.of(e) + "): name a folder that can be written",
                    e);
        }
    }

    /** The time for which a folder is a job's alone. */
    public interface Hold extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Keeps other jobs from writing to the folder, which is made if it is not there, until that is closed.
     *
     * @param job that writes, in a word
     * @throws UsageException where another job does
     */
    public Hold hold(String job) {
        try {
            Lease taken = Lease.take(fileSystem, folder, job);
            lease.set(taken);
            return () -> {
                lease.set(null);
                taken.close();
            };
        } catch (IOException e) {
            throw failed("", e);
        }
    }

    /** Sees, before something is written, that no other job took the folder over. */
    public void requireHeld() {
        Lease taken = lease.get();
        if (taken != null) {
            taken.require();
        }
    }

    /** Whose the folder is. */
    public OwnFiles.State state() {
        try {
            return own.state();
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException(
                    "output " + folder + " cannot be used (" + Reason.of(e) + "): name a folder that can be written",
                    e);
        }
    }

    private boolean isUnfinishedTraining() {
        try {
            return fileSystem.exists(path("checkpoints"))
                    && !fileSystem.exists(path("sweep.json"))
                    && !fileSystem.exists(path("summary.json"));
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Makes the folder; what an earlier job wrote there is removed first, and nothing else.
     *
     * @param names the files that the job writes, {@code #} for digits; what it writes besides is listed when it does
     */
    public void create(String... names) {
        try {
            if (own.state() == OwnFiles.State.FOREIGN) {
                throw new IOException("it has files that no job wrote");
            }
            own.requireFree(List.of(names));
            List<String> foreign = own.foreign();
            own.remove();
            own.claim(List.of(names));
            OwnFiles.tellOf(foreign, folder);
        } catch (IOException e) {
            throw failed("", e);
        }
    }

    /** Makes the folder of a job that goes on its own, whether or not it was listed when it began. */
    public void adopt(String... names) {
        try {
            own.adopt(List.of(names));
            own.removeUnfinished();
        } catch (IOException e) {
            throw failed("", e);
        }
    }

    /** Removes the files that jobs wrote in a folder of this one, and it where it is empty then. */
    public void clear(String name) {
        try {
            requireHeld();
            own.remove(name);
            own.removeEmptyFolders(List.of(name + "/"));
        } catch (IOException e) {
            throw failed(name, e);
        }
    }

    /** Removes a file that jobs wrote, and the folder in this one that it was alone in. */
    public void withdraw(String name) {
        try {
            if (own.owns(name)) {
                fileSystem.delete(path(name), false);
                own.removeEmptyFolders(List.of(name));
            }
        } catch (IOException e) {
            throw failed(name, e);
        }
    }

    /** Notes in the folder's record that something has happened. */
    public void note(String event) {
        try {
            own.note(event);
        } catch (IOException e) {
            throw failed(OwnFiles.RECORD, e);
        }
    }

    /** Whether that was noted. */
    public boolean hasNoted(String event) {
        return own.hasNoted(event);
    }

    /**
     * Puts a folder of files in place that was written under another name.
     *
     * @param written a folder of files in one that {@link OwnFiles#scratch} named
     * @param name of the folder in this one; the files of an earlier one, as far as jobs wrote them, are removed
     */
    public void publish(Path written, String name) {
        try {
            List<String> files = new ArrayList<>();
            for (FileStatus file : fileSystem.listStatus(written)) {
                files.add(file.getPath().getName());
            }
            own.remove(name);
            claim(files.stream().map(file -> name + "/" + file).toList());
            fileSystem.mkdirs(path(name));
            for (String file : files) {
                if (!fileSystem.rename(new Path(written, file), new Path(path(name), file))) {
                    throw new IOException(file + " could not be renamed into place");
                }
            }
        } catch (IOException e) {
            throw failed(name, e);
        }
    }

    /** Writes a table as a folder of one Parquet file. */
    public void table(Dataset<Row> table, String name) {
        Path scratch = OwnFiles.scratch(folder);
        try {
            fileSystem.deleteOnExit(scratch);
            table.coalesce(1).write().parquet(new Path(scratch, name).toString());
            publish(new Path(scratch, name), name);
            OwnFiles.discard(fileSystem, scratch);
        } catch (IOException e) {
            throw failed(name, e);
        }
    }

    private void claim(List<String> names) throws IOException {
        requireHeld();
        if (resumed) {
            own.adopt(names);
        } else {
            own.claim(names);
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
        write(name, out -> out.write(bytes));
    }

    /** Writes a whole file. */
    public void write(String name, WholeFile.Content content) {
        try {
            claim(List.of(name));
            WholeFile.write(fileSystem, path(name), content);
        } catch (IOException e) {
            throw failed(name, e);
        }
    }

    /** Writes a whole file of JSON that is found out where it is damaged, see {@link Sealed}. */
    public void writeSealed(String name, Object document) {
        write(name, Json.document(Sealed.seal(document)));
    }

    /** Opens a file that grows line by line, or record by record. */
    public Lines lines(String name) {
        try {
            claim(List.of(name));
            return new Lines(fileSystem.create(path(name), true), name);
        } catch (IOException e) {
            throw failed(name, e);
        }
    }

    private UsageException failed(String name, IOException e) {
        return new UsageException(
                "output " + path(name) + " cannot be written (" + Reason.of(e) + "): " + Reason.remedy(e), e);
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
            add((line + "\n").getBytes(StandardCharsets.UTF_8));
        }

        /** Adds bytes as they are. */
        public void add(byte[] record) {
            requireHeld();
            try {
                out.write(record);
                out.hflush();
            } catch (IOException e) {
                throw failed(name, e);
            } catch (FSError e) {
                throw failed(name, WholeFile.failure(e));
            }
        }

        @Override
        public void close() {
            try {
                out.close();
            } catch (IOException e) {
                throw failed(name, e);
            } catch (FSError e) {
                throw failed(name, WholeFile.failure(e));
            }
        }
    }
}
