package org.coinflip.spark.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.spark.output.FragileFileSystem;
import org.coinflip.spark.preflight.Finding.Weight;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HDFS is in HdfsTest. */
class OutputFoldersTest {
    @TempDir
    private java.nio.file.Path folder;

    @AfterEach
    void repair() {
        FragileFileSystem.breakAfter(Integer.MAX_VALUE, FragileFileSystem.End.FULL);
    }

    private static Finding look(String scheme, java.nio.file.Path... folders) throws IOException {
        Configuration conf = new Configuration();
        conf.setClass("fs.fragile.impl", FragileFileSystem.class, FileSystem.class);
        FileSystem files = FileSystem.get(URI.create(scheme + ":///"), conf);
        return OutputFolders.look(
                files,
                Stream.of(folders).map(path -> new Path(scheme + "://" + path)).toList());
    }

    private List<java.nio.file.Path> left() throws IOException {
        try (Stream<java.nio.file.Path> files = Files.walk(folder)) {
            return files.filter(file -> !file.equals(folder)).toList();
        }
    }

    @Test
    void aFolderThatCanBeMadeIsGoodAndNothingIsLeft() throws IOException {
        Finding finding = look("file", folder.resolve("a/b/out"), folder.resolve("a/b/out/checkpoints"));
        assertEquals(Finding.good("output: file:" + folder.resolve("a/b/out") + " can be written"), finding);
        assertEquals(List.of(), left());
    }

    @Test
    void aFolderBelowAFileIsRefused() throws IOException {
        Files.writeString(folder.resolve("file"), "");
        Finding finding = look("file", folder.resolve("file/out"));
        assertEquals(Weight.ERROR, finding.weight());
        assertTrue(
                finding.line().contains("file/out cannot be written (file:" + folder.resolve("file") + " is a file)"));
        assertEquals(1, finding.line().lines().count());
    }

    @Test
    void checkpointsThatCannotBeWrittenAreRefusedThoughTheOutputCan() throws IOException {
        Files.writeString(folder.resolve("checkpoints"), "");
        Finding finding = look("file", folder, folder.resolve("checkpoints"));
        assertEquals(Weight.ERROR, finding.weight());
        assertTrue(finding.line().startsWith("output: file:" + folder.resolve("checkpoints")), finding.line());
    }

    @Test
    void aFullDiskIsRefusedAndNothingIsLeft() throws IOException {
        for (int changes : new int[] {0, 1}) {
            FragileFileSystem.breakAfter(changes, FragileFileSystem.End.FULL);
            Finding finding = look("fragile", folder.resolve("out"));
            assertEquals(Weight.ERROR, finding.weight());
            assertTrue(finding.line().contains("cannot be written (No space left on device)"), finding.line());
            assertEquals(List.of(), left());
        }
    }
}
