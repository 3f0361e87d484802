package org.coinflip.spark.sweep.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.sweep.trial.TrialRecord;
import org.coinflip.spark.sweep.trial.TrialStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    private Path folder;

    private FileSystem fileSystem;

    @BeforeEach
    void open() throws Exception {
        fileSystem = FileSystem.newInstance(folder.toUri(), new Configuration());
        fileSystem.setWriteChecksum(false);
    }

    private Journal journal() {
        return Journal.open(
                fileSystem,
                new org.apache.hadoop.fs.Path(folder.resolve("journal").toUri()));
    }

    private static TrialRecord record(int trial) {
        return new TrialRecord(
                trial,
                1,
                "key" + trial,
                TrialStatus.DONE,
                "",
                3,
                Map.of("valid.error", 0.1 + trial / 3.0, "odd", Double.NaN, "large", Double.POSITIVE_INFINITY),
                List.of(new TrialRecord.Point(2, 1.0 / 3, Math.PI, 0.1), new TrialRecord.Point(3, Double.NaN, 0, 1)),
                "ab",
                0.25,
                1234567890123L,
                "host");
    }

    private static TrialRecord failure() {
        return new TrialRecord(
                9, 0, "k", TrialStatus.FAILED, "OutOfMemoryError: \"heap\"", 0, Map.of(), List.of(), "", 1, 2, "");
    }

    @Test
    void whatIsWrittenReadsBackToTheBit() {
        Journal journal = journal();
        journal.append(List.of(record(0), record(1)));
        journal.append(List.of(failure()));
        assertEquals(List.of(record(0), record(1), failure()), journal().takeRecords());
        journal().append(List.of(record(5)));
        assertEquals(4, journal().takeRecords().size());
        assertTrue(journal().damages().isEmpty());
    }

    @Test
    void aFileCutAnywhereIsOneLineAndTheOthersCount() throws Exception {
        Journal journal = journal();
        journal.append(List.of(record(0), record(1)));
        journal.append(List.of(record(2)));
        Path file = folder.resolve("journal/00000000.jsonl");
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 5, whole.length / 2, whole.length - 1}) {
            Files.deleteIfExists(folder.resolve("journal/00000000.jsonl.damaged"));
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            Journal cut = journal();
            assertEquals(List.of(record(2)), cut.takeRecords(), length + " bytes");
            assertEquals(1, cut.damages().size(), length + " bytes");
            String line = cut.damages().get(0);
            assertTrue(
                    line.contains("00000000.jsonl is damaged") && line.lines().count() == 1, line);
            // what is set aside is not read again, nor written over
            assertTrue(journal().damages().isEmpty());
        }
        journal().append(List.of(record(3)));
        assertTrue(Files.exists(folder.resolve("journal/00000002.jsonl")));
    }

    @Test
    void aFlippedBitAndANewerFormatAreSaid() throws Exception {
        Journal journal = journal();
        journal.append(List.of(record(0)));
        Path file = folder.resolve("journal/00000000.jsonl");
        String text = Files.readString(file);
        Files.writeString(file, text.replace("key0", "key1"));
        assertEquals(1, journal().damages().size());
        Files.writeString(folder.resolve("journal/00000004.jsonl"), text.replace("\"format\":2", "\"format\":3"));
        UsageException e = assertThrows(UsageException.class, this::journal);
        assertTrue(e.getMessage().contains("format 3"), e.getMessage());
    }

    @Test
    void manyFilesBecomeOneAndOneThatIsDamagedLosesABatch() throws Exception {
        Journal journal = journal();
        List<TrialRecord> all = new ArrayList<>();
        for (int trial = 0; trial < 300; trial++) {
            journal.append(List.of(record(trial)));
            all.add(record(trial));
        }
        assertEquals(2 + 300 - 2 * 128, files().size());
        assertEquals(all, journal().takeRecords());
        Path joined = folder.resolve("journal").resolve(files().get(0));
        Files.writeString(joined, Files.readString(joined).replace("key7\"", "key8\""));
        Journal damaged = journal();
        assertEquals(1, damaged.damages().size());
        assertTrue(
                damaged.damages().get(0).contains("but for those of 127 batches"),
                damaged.damages().get(0));
        assertEquals(299, damaged.takeRecords().size());
        Journal after = journal();
        assertTrue(after.damages().isEmpty());
        all.remove(7);
        assertEquals(Set.copyOf(all), Set.copyOf(after.takeRecords()));
    }

    /** Killed after any number of files that were joined has been removed. */
    @Test
    void whatIsThereTwiceIsReadOnce() throws Exception {
        Map<String, byte[]> before = new TreeMap<>();
        Journal journal = journal();
        for (int trial = 0; trial < 127; trial++) {
            journal.append(List.of(record(trial)));
        }
        for (String file : files()) {
            before.put(file, Files.readAllBytes(folder.resolve("journal").resolve(file)));
        }
        journal.append(List.of(record(127)));
        assertEquals(1, files().size());
        for (int left : new int[] {1, 60, 127}) {
            List<String> names = List.copyOf(before.keySet());
            for (String file : names.subList(127 - left, 127)) {
                Files.write(folder.resolve("journal").resolve(file), before.get(file));
            }
            List<TrialRecord> read = journal().takeRecords();
            assertEquals(128, read.size());
            assertEquals(128, Set.copyOf(read).size());
            assertEquals(1, files().size());
        }
    }

    private List<String> files() throws Exception {
        try (Stream<Path> all = Files.list(folder.resolve("journal"))) {
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void nothingIsWrittenWhereTheFolderIsAnothers() throws Exception {
        Journal journal = journal();
        journal.append(List.of(record(0)));
        journal.guard(() -> {
            throw new UsageException("taken over");
        });
        assertThrows(UsageException.class, () -> journal.append(List.of(record(1))));
        assertEquals(List.of("00000000.jsonl"), files());
    }

    @Test
    void anUnfinishedFileOfAKilledWriterIsNotThere() throws Exception {
        Journal journal = journal();
        journal.append(List.of(record(0)));
        Files.writeString(folder.resolve("journal/.00000001.jsonl.unfinished"), "{\"form");
        assertEquals(1, journal().takeRecords().size());
        journal().append(List.of(record(1)));
        assertEquals(2, journal().takeRecords().size());
    }
}
