package org.coinflip.data.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.model.error.UsageException;

/**
 * The right of one job to write to an output folder: the file {@value #FILE} in it, which says who has it and is written anew every ten
 * seconds. Who finds one that is in use is refused. One is no longer in use where its process is gone, as seen from the same machine, or else
 * where it has not been written for a minute and is not while one looks; it is taken over then, and a line says so. Who was taken over,
 * after a long sleep say, finds that out before it writes again ({@link #require}).
 *
 * <p>Local file systems and HDFS make a file for one of two that want it, and elsewhere both may. Who takes over looks once more after a
 * moment whether it still is the one. No clocks of two machines are compared but for that minute, and where they differ, looking
 * decides.
 */
public final class Lease implements AutoCloseable {
    /** The file's name. */
    public static final String FILE = ".coinflip.lease";

    /**
     * How fast things go.
     *
     * @param beatMillis between two signs of life
     * @param staleMillis without one, after which a job may be gone
     * @param settleMillis in which another that takes over at the same time has done so
     */
    record Pace(long beatMillis, long staleMillis, long settleMillis) {
        static final Pace USUAL = new Pace(10_000, 60_000, 300);

        /** How long it is looked whether there is a sign. */
        long watchMillis() {
            return 2 * beatMillis + settleMillis;
        }
    }

    /** Made by who takes over, for that moment. */
    static final String TAKING = ".coinflip.lease.taking";

    private static final int TRIALS = 5;
    private static final long LOOK_MILLIS = 100;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FileSystem fileSystem;
    private final Path folder;
    private final Path file;
    private final Pace pace;
    private final boolean madeFolder;
    private final AtomicReference<LeaseHolder> mine;
    private final AtomicReference<String> lost = new AtomicReference<>();
    private final AtomicLong lastSign = new AtomicLong(System.nanoTime());
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread beating = new Thread(this::beat, "lease");

    private Lease(FileSystem fileSystem, Path folder, LeaseHolder mine, Pace pace, boolean madeFolder) {
        this.fileSystem = fileSystem;
        this.folder = folder;
        this.file = new Path(folder, FILE);
        this.pace = pace;
        this.madeFolder = madeFolder;
        this.mine = new AtomicReference<>(mine);
        beating.setDaemon(true);
    }

    /**
     * Refuses a folder that another job writes to. Writes nothing; what may be left by a job that is gone is no obstacle.
     *
     * @throws UsageException that names the job
     */
    public static void requireFree(FileSystem fileSystem, Path folder) throws IOException {
        Optional<LeaseHolder> holder = read(fileSystem, new Path(folder, FILE));
        if (holder.isPresent() && isAlive(fileSystem, folder, holder.get(), Pace.USUAL)) {
            throw inUse(folder, holder.get());
        }
    }

    /**
     * Takes a folder, which is made if it is not there.
     *
     * @param job that wants it, in a word
     * @throws UsageException where another has it
     */
    public static Lease take(FileSystem fileSystem, Path folder, String job) throws IOException {
        return take(fileSystem, folder, LeaseHolder.here(job), Pace.USUAL);
    }

    static Lease take(FileSystem fileSystem, Path folder, LeaseHolder holder, Pace pace) throws IOException {
        boolean made = !fileSystem.exists(folder);
        fileSystem.mkdirs(folder);
        Lease lease = new Lease(fileSystem, folder, holder, pace, made);
        boolean takenOver = false;
        for (int trial = 0; !lease.create(lease.file); trial++) {
            Optional<LeaseHolder> other = read(fileSystem, lease.file);
            if (other.isEmpty()) {
                continue;
            }
            if (trial == TRIALS || isAlive(fileSystem, folder, other.get(), pace) || lease.isSeen(other.get())) {
                throw inUse(folder, other.get());
            }
            System.err.println("output " + folder + ": takes over from " + other.get() + ", which is gone");
            lease.setAside(other.get());
            takenOver = true;
        }
        if (takenOver) {
            sleep(pace.settleMillis());
            Optional<LeaseHolder> now = read(fileSystem, lease.file);
            if (now.isPresent() && !now.get().id().equals(holder.id())) {
                throw inUse(folder, now.get());
            }
        }
        lease.beating.start();
        return lease;
    }

    /** Makes the file, unless it is there. */
    private boolean create(Path file) throws IOException {
        byte[] text = JSON.writeValueAsBytes(mine.get());
        boolean made = false;
        try (OutputStream out = isAtomic()
                ? Files.newOutputStream(java.nio.file.Path.of(file.toUri().getPath()), StandardOpenOption.CREATE_NEW)
                : fileSystem.create(file, false)) {
            made = true;
            out.write(text);
        } catch (FileAlreadyExistsException | java.nio.file.FileAlreadyExistsException e) {
            return false;
        } catch (java.nio.file.AccessDeniedException e) {
            throw new IOException("Permission denied", e);
        } catch (IOException | FSError e) {
            if (made) {
                fileSystem.delete(file, false);
            }
            throw e instanceof IOException failure ? failure : new IOException(StoredBytes.firstLine(e.getCause()), e);
        }
        return true;
    }

    /** Removes the file of one that is gone. One at a time may, so that nobody removes what another has just put there. */
    private void setAside(LeaseHolder gone) throws IOException {
        Path taking = new Path(folder, TAKING);
        if (!create(taking)) {
            if (!isFresh(fileSystem, taking, pace)) {
                fileSystem.delete(taking, false);
            }
            throw inUse(folder, LeaseHolder.UNKNOWN);
        }
        try {
            Optional<LeaseHolder> now = read(fileSystem, file);
            if (now.isPresent() && !now.get().id().equals(gone.id())) {
                throw inUse(folder, now.get());
            }
            fileSystem.delete(file, false);
        } finally {
            fileSystem.delete(taking, false);
        }
    }

    /** Hadoop's local file system looks and then makes; Java's does both at once. */
    private boolean isAtomic() {
        return "file".equals(file.toUri().getScheme());
    }

    /** Who has the folder; nobody where there is no file, somebody unknown where it is not written yet. */
    private static Optional<LeaseHolder> read(FileSystem fileSystem, Path file) throws IOException {
        try (InputStream in = fileSystem.open(file)) {
            LeaseHolder holder = JSON.readValue(in, LeaseHolder.class);
            return Optional.of(holder == null ? LeaseHolder.UNKNOWN : holder);
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.of(LeaseHolder.UNKNOWN);
        }
    }

    /** Whether a holder is there for sure; otherwise it may be. */
    private static boolean isAlive(FileSystem fileSystem, Path folder, LeaseHolder holder, Pace pace)
            throws IOException {
        if (holder.isOfThisMachine()) {
            return holder.isRunning();
        }
        return isFresh(fileSystem, new Path(folder, FILE), pace);
    }

    private static boolean isFresh(FileSystem fileSystem, Path file, Pace pace) throws IOException {
        try {
            long written = fileSystem.getFileStatus(file).getModificationTime();
            return Math.abs(System.currentTimeMillis() - written) < pace.staleMillis();
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    /** Watches for a sign of life of one that is on another machine. */
    private boolean isSeen(LeaseHolder before) throws IOException {
        if (before.isOfThisMachine()) {
            return false;
        }
        long end = System.nanoTime() + pace.watchMillis() * 1_000_000L;
        while (System.nanoTime() < end) {
            sleep(Math.min(LOOK_MILLIS, pace.beatMillis()));
            Optional<LeaseHolder> now = read(fileSystem, file);
            if (now.isPresent() && !now.get().equals(before)) {
                return true;
            }
        }
        return false;
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while it waited for an output", e);
        }
    }

    private void beat() {
        try {
            while (lost.get() == null && !closing.await(pace.beatMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    look();
                } catch (IOException e) {
                    // it may be back with the next sign; until then require() looks for itself
                }
            }
        } catch (InterruptedException e) {
            // nobody interrupts it: what writes a file may not be interrupted
        }
    }

    /** Looks whether the folder is still this job's, and gives a sign of life. */
    private synchronized void look() throws IOException {
        Optional<LeaseHolder> now = read(fileSystem, file);
        if (now.isPresent() && !now.get().id().equals(mine.get().id())) {
            lost.compareAndSet(null, now.get().toString());
        } else if (now.isEmpty()) {
            // who removed it did not stop this job by that
            create(file);
        } else {
            mine.set(mine.get().next());
            byte[] text = JSON.writeValueAsBytes(mine.get());
            WholeFile.write(fileSystem, file, out -> out.write(text));
            lastSign.set(System.nanoTime());
        }
    }

    /**
     * Sees, before something is written, that the folder is still this job's.
     *
     * @throws UsageException where another took it over
     */
    public void require() {
        if (lost.get() == null && System.nanoTime() - lastSign.get() > pace.staleMillis() / 2 * 1_000_000L) {
            try {
                look();
            } catch (IOException e) {
                throw new UsageException(
                        "output " + folder + " cannot be written (" + StoredBytes.firstLine(e)
                                + "): look at its file system, then start again",
                        e);
            }
        }
        if (lost.get() != null) {
            throw new UsageException("output " + folder + " was taken over by " + lost.get()
                    + ", for this job gave no sign for a minute: let that one do it, or name another output");
        }
    }

    private static UsageException inUse(Path folder, LeaseHolder holder) {
        return new UsageException("output " + folder + " is in use by " + holder
                + ", expected one job at a time: wait for it, or name another output; a job that is gone is taken over"
                + " from after a minute");
    }

    /** Gives the folder back; one that this job made is removed where it is empty. */
    @Override
    public void close() {
        closing.countDown();
        try {
            beating.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            Optional<LeaseHolder> now = read(fileSystem, file);
            if (now.isPresent() && now.get().id().equals(mine.get().id())) {
                fileSystem.delete(file, false);
            }
            if (madeFolder && fileSystem.listStatus(folder).length == 0) {
                fileSystem.delete(folder, false);
            }
        } catch (IOException e) {
            // it is taken over from a process that is gone
        }
    }
}
