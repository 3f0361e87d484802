package org.coinflip.spark.sweep.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.output.WholeFile;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.storage.Sha256;
import org.coinflip.spark.output.Json;
import org.coinflip.spark.output.Reason;
import org.coinflip.spark.sweep.trial.TrialRecord;

/**
 * Records in files {@code 00000000.jsonl}, {@code 00000001.jsonl} …, one batch a file: a header with the number of records and their SHA-256,
 * then a line a record. A file is written under another name and renamed, so that a batch is there whole or not at all, whenever the
 * writer is killed; one that was damaged later is set aside and its trials are run again.
 */
public final class Journal {
    private static final int FORMAT = 1;
    private static final String ENDING = ".jsonl";
    private static final String DAMAGED = ".damaged";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FileSystem fileSystem;
    private final Path folder;
    private final List<TrialRecord> records = new ArrayList<>();
    private final List<String> damages = new ArrayList<>();
    private int next;

    private Journal(FileSystem fileSystem, Path folder) {
        this.fileSystem = fileSystem;
        this.folder = folder;
    }

    /** Opens a folder, which is made where it is missing, and reads what is there. */
    public static Journal open(FileSystem fileSystem, Path folder) {
        Journal journal = new Journal(fileSystem, folder);
        try {
            fileSystem.mkdirs(folder);
            FileStatus[] files = fileSystem.listStatus(folder);
            Arrays.sort(
                    files, (a, b) -> a.getPath().getName().compareTo(b.getPath().getName()));
            for (FileStatus file : files) {
                String name = file.getPath().getName();
                if (name.matches("\\d{8}\\.jsonl(\\.damaged)?")) {
                    journal.next = Math.max(journal.next, Integer.parseInt(name.substring(0, 8)) + 1);
                }
                if (name.matches("\\d{8}\\.jsonl")) {
                    journal.read(file.getPath());
                }
            }
        } catch (IOException e) {
            throw journal.failed(e);
        }
        return journal;
    }

    /** What was there when it was opened, in the order in which it was written. */
    public List<TrialRecord> records() {
        return records;
    }

    /** A line for every file that was damaged. */
    public List<String> damages() {
        return damages;
    }

    private void read(Path file) throws IOException {
        byte[] bytes;
        try (FSDataInputStream in = fileSystem.open(file)) {
            bytes = in.readAllBytes();
        }
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        byte[] body = end < bytes.length ? Arrays.copyOfRange(bytes, end + 1, bytes.length) : new byte[0];
        List<String> lines = new String(body, StandardCharsets.UTF_8).lines().toList();
        try {
            JsonNode header = JSON.readTree(new String(bytes, 0, end, StandardCharsets.UTF_8));
            int format = header.path("format").asInt();
            if (format > FORMAT) {
                throw new UsageException("journal " + file + " has format " + format + ", expected at most " + FORMAT
                        + ": go on with the version that wrote it");
            }
            if (header.path("sha256").asText().equals(Sha256.hex(body))) {
                parse(file, lines);
                return;
            }
            setAside(
                    file,
                    lines.size() + " lines, expected " + header.path("records").asText("a header and")
                            + " records with the checksum of its header");
        } catch (JsonProcessingException e) {
            setAside(file, "a header that is no JSON");
        }
    }

    private void parse(Path file, List<String> lines) throws IOException {
        List<TrialRecord> batch = new ArrayList<>();
        try {
            for (String line : lines) {
                batch.add(TrialRecord.parse(line));
            }
            records.addAll(batch);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            setAside(file, "a line that is no record, under a checksum that fits: somebody wrote it");
        }
    }

    private void setAside(Path file, String got) throws IOException {
        damages.add("journal " + file.getName() + " is damaged (got " + got
                + "): its trials are run again, the file is kept as " + file.getName() + DAMAGED);
        fileSystem.rename(file, file.suffix(DAMAGED));
    }

    /** Writes a batch; it is on disk when this returns. */
    public void append(List<TrialRecord> batch) {
        StringBuilder text = new StringBuilder();
        batch.forEach(record -> text.append(record.line()).append('\n'));
        byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
        String header = Json.line(Map.of("format", FORMAT, "records", batch.size(), "sha256", Sha256.hex(body))) + "\n";
        Path target = new Path(folder, String.format(Locale.ROOT, "%08d%s", next, ENDING));
        try {
            WholeFile.write(fileSystem, target, out -> {
                out.write(header.getBytes(StandardCharsets.UTF_8));
                out.write(body);
            });
            next++;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private UsageException failed(IOException e) {
        return new UsageException(
                "journal " + folder + " cannot be used (" + Reason.of(e) + "): " + Reason.remedy(e), e);
    }
}
