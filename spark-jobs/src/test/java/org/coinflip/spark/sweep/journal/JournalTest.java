package org.coinflip.spark.sweep.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
        assertEquals(List.of(record(0), record(1), failure()), journal().records());
        journal().append(List.of(record(5)));
        assertEquals(4, journal().records().size());
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
            assertEquals(List.of(record(2)), cut.records(), length + " bytes");
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
        Files.writeString(folder.resolve("journal/00000004.jsonl"), text.replace("\"format\":1", "\"format\":2"));
        UsageException e = assertThrows(UsageException.class, this::journal);
        assertTrue(e.getMessage().contains("format 2"), e.getMessage());
    }

    @Test
    void anUnfinishedFileOfAKilledWriterIsNotThere() throws Exception {
        Journal journal = journal();
        journal.append(List.of(record(0)));
        Files.writeString(folder.resolve("journal/.00000001.jsonl.unfinished"), "{\"form");
        assertEquals(1, journal().records().size());
        journal().append(List.of(record(1)));
        assertEquals(2, journal().records().size());
    }
}
