package org.coinflip.spark.record;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.coinflip.model.error.DataException;
import org.coinflip.spark.output.Json;
import org.coinflip.spark.output.Reason;
import org.coinflip.spark.output.RunDirectory;

/**
 * A line of measurements a round: in {@code metrics.jsonl} as they come, and compressed in memory, for checkpoints and for the report. A training
 * that goes on writes the file anew from its checkpoint: nothing is appended to a file of a process that is gone.
 */
final class MetricsLog implements AutoCloseable {
    /** Characters that are worth compressing. */
    private static final int MEMBER = 1 << 16;

    /** Lines of numbers are compressed to a tenth or so, never to less than that part. */
    private static final int MOST_EXPANSION = 300;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final RunDirectory.Lines file;
    private final StringBuilder fresh = new StringBuilder();
    private final ByteArrayOutputStream members = new ByteArrayOutputStream();

    /** @param earlier what {@link #compressed} gave in the process before; empty at the start */
    MetricsLog(RunDirectory run, byte[] earlier) {
        file = run.lines("metrics.jsonl");
        members.writeBytes(earlier);
        List<String> lines = text();
        if (!lines.isEmpty()) {
            file.add(String.join("\n", lines));
        }
    }

    /**
     * Sees that what a checkpoint has of lines is a line a round, before memory is taken for what it may expand to.
     *
     * @param rounds done
     * @param name of the checkpoint, for messages
     * @throws DataException where it is not
     */
    static void require(byte[] compressed, int rounds, String name) {
        int lines = 0;
        try (InputStream expanding = expanding(compressed)) {
            int most = (int) Math.min(Integer.MAX_VALUE - 9L, (long) MOST_EXPANSION * compressed.length);
            byte[] all = expanding.readNBytes(most + 1);
            if (all.length > most) {
                throw garbled(name, "they expand to more than " + MOST_EXPANSION + " times their bytes");
            }
            for (String line : new String(all, StandardCharsets.UTF_8).lines().toList()) {
                lines++;
                if (JSON.readTree(line).path("round").asInt() != lines) {
                    throw garbled(name, "line " + lines + " is not of round " + lines);
                }
            }
        } catch (IOException e) {
            throw garbled(name, Reason.of(e));
        }
        if (lines != rounds) {
            throw garbled(name, lines + " lines");
        }
    }

    private static DataException garbled(String name, String what) {
        return new DataException(name + " has garbled metrics (" + what
                + "), expected a line a round: go on from another by resume=NAME, or begin anew with overwrite=true");
    }

    private static InputStream expanding(byte[] compressed) throws IOException {
        InputStream bytes = new ByteArrayInputStream(compressed);
        return compressed.length == 0 ? bytes : new GZIPInputStream(bytes);
    }

    void add(Map<String, Object> line) {
        String text = Json.line(line);
        fresh.append(text).append('\n');
        file.add(text);
        if (fresh.length() > MEMBER) {
            compress();
        }
    }

    /** All lines, as members of gzip one after another: what was compressed is not compressed again. */
    byte[] compressed() {
        compress();
        return members.toByteArray();
    }

    /** How much of {@link #compressed} there is by now. */
    int mark() {
        compress();
        return members.size();
    }

    /** The lines that were there at a {@link #mark}, compressed. */
    byte[] compressed(int mark) {
        return Arrays.copyOf(members.toByteArray(), mark);
    }

    private void compress() {
        if (fresh.length() > 0) {
            try (OutputStream out = new GZIPOutputStream(members)) {
                out.write(fresh.toString().getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException("memory does not fail to be written", e);
            }
            fresh.setLength(0);
        }
    }

    /** All lines as they were added; numbers may have come to be of another type. */
    List<Map<String, Object>> lines() {
        List<Map<String, Object>> lines = new ArrayList<>();
        try {
            for (String line : text()) {
                lines.add(JSON.readValue(line, new TypeReference<>() {}));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("what was written as JSON is none", e);
        }
        return lines;
    }

    private List<String> text() {
        byte[] all = compressed();
        if (all.length == 0) {
            return List.of();
        }
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(expanding(all), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("what was compressed cannot be expanded", e);
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
