package org.coinflip.spark.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.model.error.DataException;
import org.coinflip.spark.output.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of a training, and what a checkpoint says of them. */
class MetricsLogTest {
    @TempDir
    private Path folder;

    private static byte[] compressed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void aMarkIsOfTheLinesThatWereThere() {
        RunDirectory run = RunDirectory.at(folder.resolve("run").toString(), false, new Configuration());
        run.create("metrics.jsonl");
        try (MetricsLog log = new MetricsLog(run, new byte[0])) {
            log.add(Map.of("round", 1));
            log.add(Map.of("round", 2));
            byte[] then = log.compressed();
            int mark = log.mark();
            log.add(Map.of("round", 3));
            assertArrayEquals(then, log.compressed(mark));
            MetricsLog.require(log.compressed(mark), 2, "checkpoint");
            MetricsLog.require(log.compressed(), 3, "checkpoint");
            assertEquals(3, log.lines().size());
        }
        MetricsLog.require(new byte[0], 0, "checkpoint");
    }

    @Test
    void whatIsNoLineARoundIsRefused() throws IOException {
        String bomb = "{\"round\":1,\"x\":\"" + "0".repeat(20_000_000) + "\"}\n";
        byte[][] wrong = {
            compressed(bomb),
            compressed("{\"round\":2}\n"),
            compressed("{\"round\":1}\n{\"round\":2}\n"),
            compressed("[]\n"),
            compressed("text\n"),
            {1, 2, 3},
            {}
        };
        for (byte[] lines : wrong) {
            String message = assertThrows(
                            DataException.class, () -> MetricsLog.require(lines, 1, "checkpoint of round 1"))
                    .getMessage();
            assertTrue(message.startsWith("checkpoint of round 1 has garbled metrics ("), message);
            assertEquals(1, message.lines().count(), message);
        }
    }
}
