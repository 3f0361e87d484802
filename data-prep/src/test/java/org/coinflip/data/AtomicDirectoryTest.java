package org.coinflip.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
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
            assertEquals(List.of(name), names());
            Files.delete(folder.resolve(name));
        }
    }

    @Test
    void aFailureLeavesWhatWasThere() throws IOException {
        manifest("before");
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
    void aDefectIsNotHiddenByCleaningUp() throws IOException {
        assertThrows(ArithmeticException.class, () -> directory(false)
                .write((fileSystem, fresh) -> Math.multiplyExact(Integer.MAX_VALUE, 2)));
        assertEquals(List.of(), names());
    }

    @Test
    void refusesAnOutputThatAppearedMeanwhile() throws IOException {
        OneLine.ofUsage(() -> directory(false).write((fileSystem, fresh) -> manifest("other")), "out: exists");
        assertEquals("other", Files.readString(folder.resolve("out/manifest.json")));
        assertEquals(List.of("out"), names());
    }

    private AtomicDirectory directory(boolean overwrite) {
        return new AtomicDirectory(folder.resolve("out").toString(), overwrite, new Configuration());
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
