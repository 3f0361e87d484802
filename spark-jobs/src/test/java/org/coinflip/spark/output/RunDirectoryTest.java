package org.coinflip.spark.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.model.error.UsageException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    private final Configuration conf = new Configuration();

    @TempDir
    private Path folder;

    private Path output;

    @BeforeEach
    void nameTheOutput() {
        output = folder.resolve("runs/one");
    }

    @Test
    void writesNothingBeforeItIsMade() {
        at(false);
        assertFalse(Files.exists(output.getParent()));
    }

    @Test
    void refusesAnOutputThatExists() {
        at(false).create();
        UsageException failure = assertThrows(UsageException.class, () -> at(false));
        assertEquals(
                "output " + output + " exists, expected a new folder: name another or add overwrite=true",
                failure.getMessage());
    }

    @Test
    void overwritingRemovesWhatWasThereOnlyWhenItIsMade() throws IOException {
        at(false).create("metrics.jsonl");
        Files.writeString(output.resolve("metrics.jsonl"), "{}");
        Files.writeString(output.resolve("notes.txt"), "mine");
        RunDirectory run = at(true);
        assertTrue(Files.exists(output.resolve("metrics.jsonl")));
        run.create("summary.json");
        assertEquals(List.of(".coinflip.json", "notes.txt"), names());
    }

    @Test
    void refusesToOverwriteWhatNoJobWrote() throws IOException {
        Files.createDirectories(output);
        Files.writeString(output.resolve("thesis.tex"), "x");
        UsageException failure = assertThrows(UsageException.class, () -> at(true));
        assertTrue(failure.getMessage().contains("is no job's output"), failure.getMessage());
        assertTrue(Files.exists(output.resolve("thesis.tex")));
    }

    @Test
    void namesOfJobsMakeAFolderNoJobs() throws IOException {
        Files.createDirectories(output.resolve("checkpoints"));
        for (String name : new String[] {"summary.json", "metrics.jsonl", "sweep.json", "manifest.json"}) {
            Files.writeString(output.resolve(name), "{}");
            UsageException failure = assertThrows(UsageException.class, () -> at(true));
            assertTrue(failure.getMessage().contains("is no job's output"), failure.getMessage());
            assertTrue(Files.exists(output.resolve(name)));
            Files.delete(output.resolve(name));
        }
        assertThrows(UsageException.class, () -> at(true));
    }

    @Test
    void usesAnEmptyFolderAndFollowsALink() throws IOException {
        Files.createDirectories(folder.resolve("there"));
        Files.createDirectory(output.getParent());
        Files.createSymbolicLink(output, folder.resolve("there"));
        RunDirectory run = at(false);
        run.create();
        run.write("summary.json", "{}");
        assertTrue(Files.isSymbolicLink(output));
        assertTrue(Files.exists(folder.resolve("there/summary.json")));
    }

    @Test
    void writesOverNoFileThatNoJobWrote() throws IOException {
        RunDirectory run = at(false);
        run.create();
        Files.writeString(output.resolve("table.csv"), "mine");
        UsageException failure = assertThrows(UsageException.class, () -> run.write("table.csv", "ours"));
        assertTrue(failure.getMessage().contains("no job wrote it"), failure.getMessage());
        assertEquals("mine", Files.readString(output.resolve("table.csv")));
    }

    @Test
    void aFileIsThereWholeAndNothingBesideIt() throws IOException {
        RunDirectory run = at(false);
        run.create();
        run.write("model/summary.json", "ä\n");
        run.write("model/summary.json", "second\n");
        assertEquals("second\n", Files.readString(output.resolve("model/summary.json")));
        try (Stream<Path> files = Files.list(output.resolve("model"))) {
            assertEquals(1, files.filter(f -> !f.toString().endsWith(".crc")).count());
        }
    }

    @Test
    void linesCanBeReadAsTheyAreAdded() throws IOException {
        RunDirectory run = at(false);
        run.create();
        try (RunDirectory.Lines lines = run.lines("metrics.jsonl")) {
            lines.add("one");
            lines.add("two");
            assertEquals(List.of("one", "two"), Files.readAllLines(output.resolve("metrics.jsonl")));
        }
    }

    @Test
    void refusesAFileSystemThatIsNotThere() {
        for (String bad : new String[] {"nowhere://x/y", "", "~/runs"}) {
            UsageException failure = assertThrows(UsageException.class, () -> RunDirectory.at(bad, false, conf));
            assertTrue(failure.getMessage().contains(bad), failure.getMessage());
            assertEquals(1, failure.getMessage().lines().count());
        }
    }

    @Test
    void aNameMayHaveColonsAndBeAsLongAsNamesCanBe() throws IOException {
        for (String name : new String[] {"2026-11-28T05:37:12", "x".repeat(255), "größe", "a b%20"}) {
            RunDirectory run = RunDirectory.at(folder.resolve(name).toString(), false, conf);
            run.create();
            run.write("summary.json", "{}");
            assertTrue(Files.exists(folder.resolve(name).resolve("summary.json")));
        }
    }

    @Test
    void namesAFolderThatCannotBeMade() throws IOException {
        Files.writeString(folder.resolve("runs"), "a file in the way");
        UsageException failure =
                assertThrows(UsageException.class, () -> at(false).create());
        assertTrue(failure.getMessage().contains("runs/one"), failure.getMessage());
        assertEquals(1, failure.getMessage().lines().count());
    }

    private RunDirectory at(boolean overwrite) {
        return RunDirectory.at(output.toString(), overwrite, conf);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(output)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
