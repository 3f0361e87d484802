package org.coinflip.data.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.coinflip.model.error.UsageException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseTest {
    private static final Lease.Pace FAST = new Lease.Pace(20, 200, 20);
    /** Slow enough that a thread which waits for its turn is not taken for one that is gone. */
    private static final Lease.Pace PATIENT = new Lease.Pace(20, 20_000, 100);

    private static final String ELSEWHERE = "another machine";

    @TempDir
    private Path parent;

    private Path folder;
    private FileSystem local;

    @BeforeEach
    void open() throws IOException {
        folder = parent.resolve("out");
        local = FileSystem.getLocal(new Configuration()).getRawFileSystem();
    }

    private org.apache.hadoop.fs.Path output() {
        return new org.apache.hadoop.fs.Path(folder.toUri());
    }

    private Lease take(String job) throws IOException {
        return Lease.take(local, output(), LeaseHolder.here(job), FAST);
    }

    private static LeaseHolder holder(String machine, long process, long signs) {
        return new LeaseHolder(
                "other", "sweep", "ann", "far\u001bway", machine, process, "", "2026-11-28T13:00:00Z", signs);
    }

    /** A file as another process left or leaves it, so many seconds old. */
    private void left(LeaseHolder holder, long seconds) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(Lease.FILE);
        Files.write(file, new ObjectMapper().writeValueAsBytes(holder));
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(seconds)));
    }

    @Test
    void aSecondJobIsRefusedUntilTheFirstIsDone() throws IOException {
        try (Lease first = take("train")) {
            String line =
                    assertThrows(UsageException.class, () -> take("sweep")).getMessage();
            assertTrue(line.startsWith("output " + output() + " is in use by train (process "), line);
            assertEquals(1, line.lines().count());
            assertThrows(UsageException.class, () -> Lease.requireFree(local, output()));
            first.require();
        }
        Lease.requireFree(local, output());
        take("sweep").close();
    }

    @Test
    void aFolderThatWasMadeForNothingIsGone() throws IOException {
        take("train").close();
        assertFalse(Files.exists(folder));
        Files.createDirectory(folder);
        take("train").close();
        assertTrue(Files.exists(folder));
        try (Lease lease = take("train")) {
            Files.writeString(folder.resolve("file"), "text");
        }
        assertEquals(List.of("file"), List.of(folder.toFile().list()));
    }

    @Test
    void itIsNobodysFile() throws IOException {
        try (Lease lease = take("train")) {
            assertEquals(OwnFiles.State.FREE, OwnFiles.of(local, output()).state());
            assertEquals(List.of(), OwnFiles.of(local, output()).foreign());
        }
    }

    /** No process of this machine has the number 0; a process of its number that began at another time is another. */
    @Test
    void takesOverAtOnceFromAProcessOfThisMachineThatIsGone() throws IOException {
        for (long process : new long[] {0, ProcessHandle.current().pid()}) {
            left(holder(LeaseHolder.here("train").machine(), process, 3), 0);
            Lease.requireFree(local, output());
            take("train").close();
        }
    }

    @Test
    void takesOverFromAnotherMachineWhereThereIsNoSignForAWhile() throws IOException {
        left(holder(ELSEWHERE, 1, 3), 0);
        String line = assertThrows(UsageException.class, () -> take("train")).getMessage();
        assertTrue(line.contains("sweep (process 1 of ann on far?way, since 2026-11-28T13:00:00Z)"), line);
        left(holder(ELSEWHERE, 1, 3), 3600);
        take("train").close();
    }

    /** The clocks of the two differ by an hour: only that the file changes tells that somebody is there. */
    @Test
    void looksForASignWhereClocksDiffer() throws Exception {
        for (long seconds : new long[] {3600, -3600}) {
            left(holder(ELSEWHERE, 1, 3), seconds);
            Thread other = new Thread(() -> {
                for (int sign = 4; sign < 12; sign++) {
                    try {
                        Thread.sleep(FAST.beatMillis() / 2);
                        Path unfinished = folder.resolve("unfinished");
                        Files.write(unfinished, new ObjectMapper().writeValueAsBytes(holder(ELSEWHERE, 1, sign)));
                        Files.move(
                                unfinished, folder.resolve(Lease.FILE), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
                    } catch (IOException | InterruptedException e) {
                        return;
                    }
                }
            });
            other.start();
            assertThrows(UsageException.class, () -> take("train"));
            other.join();
        }
    }

    @Test
    void whoWasTakenOverWritesNoMore() throws Exception {
        try (Lease lease = take("train")) {
            left(holder(ELSEWHERE, 1, 0), 0);
            Thread.sleep(10 * FAST.beatMillis());
            String line = assertThrows(UsageException.class, lease::require).getMessage();
            assertTrue(line.contains("was taken over by sweep (process 1"), line);
        }
        assertTrue(Files.exists(folder.resolve(Lease.FILE)), "it is another's now");
    }

    @Test
    void aFileThatWasRemovedIsMadeAgain() throws Exception {
        try (Lease lease = take("train")) {
            Files.delete(folder.resolve(Lease.FILE));
            Thread.sleep(10 * FAST.beatMillis());
            lease.require();
            assertThrows(UsageException.class, () -> take("sweep"));
        }
    }

    @Test
    void whatIsNoLeaseIsOneThatHasJustBegun() throws IOException {
        Files.createDirectories(folder);
        for (String text : List.of("", "{", "[]", "null", "{\"process\": \"x\"}")) {
            Files.writeString(folder.resolve(Lease.FILE), text);
            assertThrows(UsageException.class, () -> take("train"), text);
            Files.setLastModifiedTime(
                    folder.resolve(Lease.FILE), FileTime.from(Instant.now().minusSeconds(3600)));
            take("train").close();
        }
    }

    @Test
    void oneOfManyGetsIt() throws Exception {
        int jobs = 8;
        ExecutorService threads = Executors.newFixedThreadPool(jobs);
        try {
            for (int round = 0; round < 10; round++) {
                if (round % 2 == 1) {
                    left(holder(LeaseHolder.here("train").machine(), 0, 0), 0);
                }
                CyclicBarrier begin = new CyclicBarrier(jobs);
                Callable<Lease> job = () -> {
                    begin.await();
                    try {
                        return Lease.take(local, output(), LeaseHolder.here("train"), PATIENT);
                    } catch (UsageException e) {
                        return null;
                    }
                };
                List<Lease> taken = new ArrayList<>();
                for (Future<Lease> done : threads.invokeAll(java.util.Collections.nCopies(jobs, job))) {
                    if (done.get() != null) {
                        taken.add(done.get());
                    }
                }
                assertEquals(1, taken.size());
                taken.get(0).close();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
