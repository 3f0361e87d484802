package org.coinflip.data.source.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.IdxBytes;
import org.coinflip.data.OneLine;
import org.coinflip.data.raw.SourceFile;
import org.coinflip.model.storage.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceContentTest {
    private final byte[] content = new byte[50_000];

    @TempDir
    Path folder;

    SourceContentTest() {
        new Random(1).nextBytes(content);
    }

    @Test
    void decompressesAndKeepsTheChecksumOfWhatIsStored() {
        byte[] stored = IdxBytes.gzip(content);
        SourceContent read = read("a.gz", stored);
        assertArrayEquals(content, read.bytes());
        assertEquals(new SourceFile("a.gz", stored.length, Sha256.hex(stored)), read.file());
    }

    @Test
    void knowsGzipByItsContentNotItsName() {
        assertArrayEquals(content, read("plain", IdxBytes.gzip(content)).bytes());
        assertArrayEquals(content, read("not-really.gz", content).bytes());
    }

    @Test
    void refusesATruncatedGzip() {
        byte[] stored = IdxBytes.gzip(content);
        OneLine.ofData(
                () -> read("cut.gz", Arrays.copyOf(stored, stored.length / 2)),
                "cut.gz: the gzip stream of " + stored.length / 2 + " bytes is truncated or damaged",
                "decompressed bytes before it broke");
        OneLine.ofData(() -> read("tail.gz", Arrays.copyOf(stored, stored.length - 3)), "tail.gz", "truncated");
    }

    @Test
    void refusesADamagedGzip() {
        byte[] stored = IdxBytes.gzip(content);
        stored[stored.length / 2] ^= 0x10;
        OneLine.ofData(() -> read("bad.gz", stored), "bad.gz: the gzip stream", "truncated or damaged");
    }

    @Test
    void refusesAnEmptyGzip() {
        OneLine.ofData(() -> read("void.gz", IdxBytes.gzip(new byte[0])), "void.gz: is empty", "once decompressed");
    }

    private SourceContent read(String name, byte[] stored) {
        return SourceContent.read(IdxBytes.write(folder, name, stored), "an IDX file", new Configuration());
    }
}
