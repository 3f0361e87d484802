package org.coinflip.data.output;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnFilesTest {
    @TempDir
    private Path temporary;

    private Path folder;
    private FileSystem local;

    @BeforeEach
    void open() throws IOException {
        folder = temporary.resolve("run");
        local = FileSystem.getLocal(new Configuration());
    }

    @Test
    void afolderIsOursByItsRecordAndByNothingElse() throws IOException {
        assertEquals(OwnFiles.State.FREE, own().state());
        Files.createDirectory(folder);
        assertEquals(OwnFiles.State.FREE, own().state());
        for (String name : List.of("manifest.json", "summary.json", "metrics.jsonl", "sweep.json", "checkpoints/x")) {
            write(name);
            assertEquals(OwnFiles.State.FOREIGN, own().state());
            Files.delete(folder.resolve(name));
        }
        Files.delete(folder.resolve("checkpoints"));
        own().claim(List.of("a"));
        assertEquals(OwnFiles.State.OURS, own().state());
    }

    @Test
    void afileInThePlaceOfTheFolderIsForeign() throws IOException {
        Files.writeString(folder, "thesis");
        assertEquals(OwnFiles.State.FOREIGN, own().state());
    }

    @Test
    void removesWhatItListsAndFoldersThatAreEmptyThen() throws IOException {
        own().claim(List.of("a", "model/state.bin", "checkpoints/round-#.bin", "deep/er/file"));
        write("a", "model/state.bin", "checkpoints/round-00000012.bin", "deep/er/file", "checkpoints/mine.bin");
        write("checkpoints/round-12.bin.bak", "checkpoints/round-x.bin", "notes/keep", "b", "modelled");
        OwnFiles own = own();
        List<String> foreign = List.of(
                "b",
                "checkpoints/mine.bin",
                "checkpoints/round-12.bin.bak",
                "checkpoints/round-x.bin",
                "modelled",
                "notes");
        assertEquals(foreign, own.foreign());
        own.remove();
        assertEquals(
                List.of(
                        ".coinflip.json",
                        "b",
                        "checkpoints/mine.bin",
                        "checkpoints/round-12.bin.bak",
                        "checkpoints/round-x.bin",
                        "modelled",
                        "notes/keep"),
                files());
        assertFalse(Files.exists(folder.resolve("model")) || Files.exists(folder.resolve("deep")));
        // what was listed is no longer: it may be another's by then
        write("a");
        own().remove();
        assertTrue(Files.exists(folder.resolve("a")));
    }

    @Test
    void removesWhatWasLeftUnfinished() throws IOException {
        own().claim(List.of("model/state.bin"));
        write("model/.state.bin.0f8fad5b-d9cb-469f-a165-70867728950e", "model/.state.bin.backup");
        own().remove();
        assertEquals(List.of(".coinflip.json", "model/.state.bin.backup"), files());
    }

    /** A record that someone made names files outside, and folders by all the ways there are to them. */
    @Test
    void aForgedRecordReachesNothingOutside() throws IOException {
        Files.writeString(temporary.resolve("victim"), "x");
        Files.createDirectories(temporary.resolve("other"));
        Files.writeString(temporary.resolve("other/summary.json"), "x");
        write("inside");
        Files.writeString(
                folder.resolve(OwnFiles.RECORD),
                "{\"format\": 1, \"files\": [\"../victim\", \"../other/summary.json\", \"" + temporary
                        + "/victim\", \"./inside\", \"..\", \"\", \"/\", \"other/../inside\", \"*\", \".*\"]}");
        own().remove();
        assertTrue(Files.exists(temporary.resolve("victim")));
        assertTrue(Files.exists(temporary.resolve("other/summary.json")));
        assertTrue(Files.exists(folder.resolve("inside")));
    }

    @Test
    void followsNoLink() throws IOException {
        Files.createDirectories(temporary.resolve("theirs"));
        Files.writeString(temporary.resolve("theirs/round-00000001.bin"), "x");
        Files.writeString(temporary.resolve("theirs/summary.json"), "x");
        own().claim(List.of("summary.json", "checkpoints/round-#.bin"));
        Files.createSymbolicLink(folder.resolve("checkpoints"), temporary.resolve("theirs"));
        Files.createSymbolicLink(folder.resolve("summary.json"), temporary.resolve("theirs/summary.json"));
        assertThrows(IOException.class, () -> own().requireFree(List.of("checkpoints/round-#.bin")));
        own().remove();
        assertTrue(Files.exists(temporary.resolve("theirs/round-00000001.bin")));
        assertTrue(Files.exists(temporary.resolve("theirs/summary.json")));
        assertFalse(Files.isSymbolicLink(folder.resolve("summary.json")));
    }

    @Test
    void refusesANameThatIsAnothers() throws IOException {
        own().claim(List.of("summary.json"));
        write("table.csv", "journal/00000003.jsonl");
        IOException failure = assertThrows(IOException.class, () -> own().claim(List.of("table.csv")));
        assertEquals("table.csv is there, and no job wrote it: move it away", failure.getMessage());
        assertThrows(IOException.class, () -> own().claim(List.of("journal/#.jsonl")));
        assertFalse(own().owns("table.csv"));
        own().adopt(List.of("table.csv"));
        assertTrue(own().owns("table.csv"));
    }

    @Test
    void aGarbledRecordListsNothing() throws IOException {
        write("a");
        for (String text : List.of("", "{", "[]", "null", "{\"format\": 2, \"files\": [\"a\"]}", "{\"format\": 1}")) {
            Files.writeString(folder.resolve(OwnFiles.RECORD), text);
            assertEquals(OwnFiles.State.FOREIGN, own().state(), text);
            assertFalse(own().owns("a"));
        }
    }

    @Test
    void remembersWhatWasNoted() throws IOException {
        own().note("checkpoint");
        assertTrue(own().hasNoted("checkpoint"));
        own().remove();
        assertFalse(own().hasNoted("checkpoint"));
    }

    @Test
    void discardsNothingButItsOwnScratch() throws IOException {
        org.apache.hadoop.fs.Path scratch = OwnFiles.scratch(new org.apache.hadoop.fs.Path(folder.toString()));
        Files.createDirectories(folder.resolve(scratch.getName()));
        assertEquals(OwnFiles.State.FREE, own().state());
        OwnFiles.discard(local, scratch);
        assertFalse(Files.exists(folder.resolve(scratch.getName())));
        assertThrows(
                IllegalArgumentException.class,
                () -> OwnFiles.discard(local, new org.apache.hadoop.fs.Path(folder.toString())));
    }

    private OwnFiles own() throws IOException {
        return OwnFiles.of(local, new org.apache.hadoop.fs.Path(folder.toUri()));
    }

    private void write(String... names) throws IOException {
        for (String name : names) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.writeString(folder.resolve(name), name);
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(
                            file -> !Files.isDirectory(file) && !file.toString().endsWith(".crc"))
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
