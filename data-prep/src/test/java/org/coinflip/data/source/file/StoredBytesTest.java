package org.coinflip.data.source.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.IdxBytes;
import org.coinflip.data.OneLine;
import org.coinflip.model.storage.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredBytesTest {
    private final Configuration conf = new Configuration();

    @TempDir
    Path folder;

    @Test
    void readsTheSameBytesThroughAPlainPathAndAUri() {
        byte[] content = {3, 1, 4};
        String plain = IdxBytes.write(folder, "a file", content);
        assertArrayEquals(content, StoredBytes.read(StoredBytes.path(plain), "a file", conf));
        assertArrayEquals(content, StoredBytes.read(StoredBytes.path("file://" + plain), "a file", conf));
    }

    @Test
    void refusesAMissingFile() {
        OneLine.ofData(() -> read("absent"), "absent: no such file", "expected a table", "correct the path");
    }

    @Test
    void refusesADirectory() throws Exception {
        Files.createDirectory(folder.resolve("sub"));
        OneLine.ofData(() -> read("sub"), "sub: is a directory", "expected a table");
    }

    @Test
    void refusesAnEmptyFile() {
        IdxBytes.write(folder, "nothing", new byte[0]);
        OneLine.ofData(() -> read("nothing"), "nothing: is empty (0 bytes)", "expected a table");
    }

    @Test
    void refusesASchemeThatHasNoFileSystem() {
        OneLine.ofUsage(
                () -> StoredBytes.read(StoredBytes.path("nowhere://a/b"), "a table", conf),
                "nowhere://a/b",
                "got the scheme nowhere");
    }

    @Test
    void aColonIsACharacterUnlessASlashFollowsTheFirst() throws Exception {
        byte[] content = {3, 1, 4};
        for (String name : new String[] {"run-05:37.csv", "2026-11-28T05:37:12", "a b:c%20#d?e", "größe:é.csv"}) {
            assertArrayEquals(
                    content, StoredBytes.read(StoredBytes.path(IdxBytes.write(folder, name, content)), "it", conf));
            assertEquals(name, StoredBytes.path(name).getName());
            assertEquals(null, StoredBytes.path(name).toUri().getScheme());
        }
        Files.createDirectory(folder.resolve("05:37"));
        String inside = IdxBytes.write(folder.resolve("05:37"), "x:y", content);
        assertArrayEquals(content, StoredBytes.read(StoredBytes.path(inside), "it", conf));
        String relative =
                Path.of("").toAbsolutePath().relativize(Path.of(inside)).toString();
        assertArrayEquals(content, StoredBytes.read(StoredBytes.path(relative), "it", conf));
        assertEquals("hdfs", StoredBytes.path("hdfs://name:8020/x").toUri().getScheme());
    }

    @Test
    void refusesAHomeThatTheShellDidNotFillIn() {
        OneLine.ofUsage(() -> StoredBytes.path("~/data.csv"), "got \"~/data.csv\"", "write $HOME/data.csv instead");
        OneLine.ofUsage(() -> StoredBytes.path("~"), "write $HOME instead");
    }

    @Test
    void refusesAnEmptyPath() {
        OneLine.ofUsage(() -> StoredBytes.path(""), "got \"\", expected a Hadoop path");
    }

    @Test
    void digestsAsPublished() {
        assertEquals(
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                Sha256.hex("abc".getBytes(StandardCharsets.US_ASCII)));
    }

    private byte[] read(String name) {
        return StoredBytes.read(StoredBytes.path(folder.resolve(name).toString()), "a table", conf);
    }
}
