package org.coinflip.data;

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
import org.apache.hadoop.fs.FileSystem;
import org.coinflip.data.output.OwnFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicDirectoryTest {
    @TempDir
    Path folder;

    @Test
    void isNotSeenBeforeItIsWhole() throws IOException {
        directory(false).write((fileSystem, fresh) -> {
            assertFalse(Files.exists(folder.resolve("out")));
            fileSystem.create(new org.apache.hadoop.fs.Path(fresh, "a")).close();
        });
        assertEquals(List.of("out"), names());
    }

    @Test
    void takesAPathRelativeToTheWorkingDirectory() throws IOException {
        String relative =
                Path.of("").toAbsolutePath().relativize(folder.resolve("out")).toString();
        new AtomicDirectory(relative, false, new Configuration()).write((fileSystem, fresh) -> {});
        assertEquals(List.of("out"), names());
    }

    @Test
    void aNameMayHaveColonsAndBeAsLongAsNamesCanBe() throws IOException {
        for (String name : new String[] {"2026-11-28T05:37:12", "x".repeat(255), "größe"}) {
            new AtomicDirectory(folder.resolve(name).toString(), false, new Configuration())
                    .write((fileSystem, fresh) -> {});
            assertTrue(Files.exists(folder.resolve(name).resolve(".coinflip.json")));
        }
    }

    @Test
    void aFailureLeavesWhatWasThere() throws IOException {
        prepared("before");
        OneLine.ofUsage(
                () -> directory(true).write((fileSystem, fresh) -> {
                    fileSystem
                            .create(new org.apache.hadoop.fs.Path(fresh, "half"))
                            .close();
                    throw new IOException("no space\nleft");
                }),
                "out: cannot be written (no space), expected a folder that can be made");
        assertEquals(List.of("out"), names());
        assertEquals("before", Files.readString(folder.resolve("out/manifest.json")));
    }

    @Test
    void replacesItsOwnFilesAndKeepsOthers() throws IOException {
        prepared("before");
        Files.writeString(folder.resolve("out/notes.txt"), "mine");
        Files.createDirectory(folder.resolve("out/train"));
        Files.writeString(folder.resolve("out/train/mine.parquet"), "mine");
        directory(true).write((fileSystem, fresh) -> {
            file(fileSystem, fresh, "train/part-00000.parquet");
            file(fileSystem, fresh, "manifest.json");
        });
        assertEquals("", Files.readString(folder.resolve("out/manifest.json")));
        assertEquals("mine", Files.readString(folder.resolve("out/notes.txt")));
        assertEquals("mine", Files.readString(folder.resolve("out/train/mine.parquet")));
        assertFalse(Files.exists(folder.resolve("out/valid/old.parquet")));
        try (Stream<Path> entries = Files.list(folder.resolve("out"))) {
            assertEquals(
                    4, entries.filter(file -> !file.toString().endsWith(".crc")).count());
        }
    }

    @Test
    void aManifestMakesAFolderNoOutputOfOurs() throws IOException {
        manifest("another program's");
        OneLine.ofUsage(() -> directory(true).requireFree(), "out: exists and is no job's output");
        OneLine.ofUsage(() -> directory(true).write((fileSystem, fresh) -> {}), "is no job's output");
        assertEquals("another program's", Files.readString(folder.resolve("out/manifest.json")));
    }

    @Test
    void usesAnEmptyFolderAndFollowsALink() throws IOException {
        Files.createDirectory(folder.resolve("there"));
        Files.createSymbolicLink(folder.resolve("out"), folder.resolve("there"));
        directory(false).write((fileSystem, fresh) -> file(fileSystem, fresh, "manifest.json"));
        assertTrue(Files.isSymbolicLink(folder.resolve("out")));
        assertTrue(Files.exists(folder.resolve("there/manifest.json")));
    }

    @Test
    void aFailureAmongTheRenamesLeavesWhatWasThere() throws IOException {
        prepared("before");
        // a folder in the place of a file that is to be moved there
        Files.createDirectories(folder.resolve("out/test/part-00000.parquet/mine"));
        OneLine.ofUsage(
                () -> directory(true).write((fileSystem, fresh) -> {
                    file(fileSystem, fresh, "train/part-00000.parquet");
                    file(fileSystem, fresh, "test/part-00000.parquet");
                    file(fileSystem, fresh, "manifest.json");
                }),
                "test/part-00000.parquet is there, and no job wrote it");
        assertEquals("before", Files.readString(folder.resolve("out/manifest.json")));
        assertTrue(Files.exists(folder.resolve("out/valid/old.parquet")));
    }

    @Test
    void aDefectIsNotHiddenByCleaningUp() throws IOException {
        assertThrows(ArithmeticException.class, () -> directory(false)
                .write((fileSystem, fresh) -> Math.multiplyExact(Integer.MAX_VALUE, 2)));
        assertEquals(List.of(), names());
    }

    @Test
    void refusesAnOutputThatAppearedMeanwhile() throws IOException {
        OneLine.ofUsage(
                () -> directory(false).write((fileSystem, fresh) -> manifest("other")),
                "out: exists and is no job's output");
        assertEquals("other", Files.readString(folder.resolve("out/manifest.json")));
        assertEquals(List.of("out"), names());
    }

    private AtomicDirectory directory(boolean overwrite) {
        return new AtomicDirectory(folder.resolve("out").toString(), overwrite, new Configuration());
    }

    private static void file(FileSystem fileSystem, org.apache.hadoop.fs.Path folder, String name) throws IOException {
        fileSystem.create(new org.apache.hadoop.fs.Path(folder, name)).close();
    }

    /** Data as a job wrote it. */
    private void prepared(String content) throws IOException {
        OwnFiles.of(
                        FileSystem.getLocal(new Configuration()),
                        new org.apache.hadoop.fs.Path(folder.resolve("out").toUri()))
                .claim(List.of("manifest.json", "valid/old.parquet"));
        manifest(content);
        Files.createDirectory(folder.resolve("out/valid"));
        Files.writeString(folder.resolve("out/valid/old.parquet"), "old");
    }

    private void manifest(String content) throws IOException {
        Files.createDirectories(folder.resolve("out"));
        Files.writeString(folder.resolve("out/manifest.json"), content);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
