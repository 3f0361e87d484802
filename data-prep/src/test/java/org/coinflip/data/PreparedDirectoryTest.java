package org.coinflip.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedDirectoryTest {
    private final Configuration conf = new Configuration();

    @TempDir
    Path folder;

    private Path output;
    private Path shard;

    @BeforeEach
    void prepare() {
        output = folder.resolve("out");
        shard = output.resolve("valid/part-00000.parquet");
        Preparation.prepare(Specs.of(), output.toString(), 2, false, conf);
    }

    @Test
    void refusesAMissingFolderAndAMissingManifest() throws IOException {
        OneLine.ofData(() -> open(folder.resolve("absent")), "absent/manifest.json: no such file");
        Files.delete(output.resolve("manifest.json"));
        OneLine.ofData(() -> open(output), "out/manifest.json: no such file, expected the manifest of prepared data");
    }

    @Test
    void refusesAMissingShard() throws IOException {
        Files.delete(shard);
        OneLine.ofData(
                () -> open(output), "valid/part-00000.parquet: got no such file, expected", "manifest.json says");
    }

    @Test
    void refusesATruncatedShard() throws IOException {
        byte[] content = Files.readAllBytes(shard);
        Files.write(shard, Arrays.copyOf(content, content.length - 10));
        OneLine.ofData(
                () -> open(output),
                "valid/part-00000.parquet: got " + (content.length - 10) + " bytes, expected " + content.length);
    }

    @Test
    void refusesADamagedShardWhereTheFileSystemHasNoChecksum() throws IOException {
        damage();
        Files.delete(shard.resolveSibling(".part-00000.parquet.crc"));
        OneLine.ofData(
                () -> open(output).examples(Split.VALID),
                "valid/part-00000.parquet: is damaged: got SHA-256",
                "expected",
                "prepare the data again");
    }

    @Test
    void refusesADamagedShardWhereTheFileSystemHasAChecksum() throws IOException {
        damage();
        OneLine.ofData(
                () -> open(output).examples(Split.VALID),
                "valid/part-00000.parquet: is damaged: its bytes disagree with the file system's checksum");
    }

    @Test
    void readsTheOtherSplitsOfADamagedFolder() throws IOException {
        damage();
        SameExamples.assertSame(
                Dataset.open(Specs.of(), conf).examples(Split.TRAIN),
                open(output).examples(Split.TRAIN));
    }

    private void damage() throws IOException {
        byte[] content = Files.readAllBytes(shard);
        content[content.length / 2] ^= 1;
        Files.write(shard, content);
    }

    private Dataset open(Path path) {
        return Dataset.open(Specs.of("source = prepared, path = \"" + path + "\""), conf);
    }
}
