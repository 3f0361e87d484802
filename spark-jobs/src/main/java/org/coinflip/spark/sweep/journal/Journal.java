package org.coinflip.spark.sweep.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records in files {@code 00000000.jsonl}, {@code 00000001.jsonl} …. A batch is a header with the number of records and their SHA-256, then a line a record. Each is a file at first, written
 * under another name and renamed, so that a batch is there whole or not at all, whenever the writer is killed; every {@value #JOINED} files are joined into one, whose batches stay what they
 * are. A batch that was damaged later is set aside and its trials are run again.
 */
public final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final int FORMAT = 2;
    /** Files of one batch that there are before they are joined. */
    private static final int JOINED = 128;

    private static final String ENDING = ".jsonl";
    private static final String DAMAGED = ".damaged";
    /** What the line of a record begins with, and no header does. */
    private static final byte[] RECORD = "{\"trial\"".getBytes(StandardCharsets.UTF_8);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final FileSystem fileSystem;
    private final Path folder;
    private final List<String> damages = new ArrayList<>();
    /** Files of one batch, in their order. */
    private final List<Path> single = new ArrayList<>();

    private List<TrialRecord> records = new ArrayList<>();
    private Runnable guard = () -> {};
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
            List<Path> whole = new ArrayList<>();
            for (FileStatus file : files) {
                String name = file.getPath().getName();
                if (name.matches("\\d{8}\\.jsonl(\\.damaged)?")) {
                    journal.next = Math.max(journal.next, Integer.parseInt(name.substring(0, 8)) + 1);
                }
                if (name.matches("\\d{8}\\.jsonl")) {
                    whole.add(file.getPath());
                }
            }
            whole.sort(Comparator.comparing(Path::getName));
            journal.read(whole);
        } catch (IOException e) {
            throw journal.failed(e);
        }
        return journal;
    }

    /** From now on nothing is written or removed but after this, which throws where the folder is another's. */
    public void guard(Runnable check) {
        guard = check;
    }

    /** What was there when it was opened, in the order in which it was written; asked for once, for it is not kept. */
    public List<TrialRecord> takeRecords() {
        List<TrialRecord> taken = records;
        records = List.of();
        return taken;
    }

    /** A line for every file that was damaged. */
    public List<String> damages() {
        return damages;
    }

    /** The newest first: of files that were joined, and not removed before the writer was killed, the batches are known by then. */
    private void read(List<Path> files) throws IOException {
        Set<String> known = new HashSet<>();
        Deque<List<TrialRecord>> inOrder = new ArrayDeque<>();
        for (int i = files.size() - 1; i >= 0; i--) {
            Path file = files.get(i);
            List<Batch> batches = batches(file);
            boolean isSound = !batches.isEmpty() && batches.stream().allMatch(Batch::isSound);
            List<Batch> others = batches.stream()
                    .filter(batch -> batch.isSound() && known.add(batch.sha256))
                    .toList();
            List<TrialRecord> read = new ArrayList<>();
            others.forEach(batch -> read.addAll(batch.records));
            inOrder.addFirst(read);
            if (!isSound) {
                setAside(file, batches, others);
            } else if (others.isEmpty()) {
                fileSystem.delete(file, false);
            } else if (batches.size() == 1) {
                single.add(0, file);
            }
        }
        inOrder.forEach(records::addAll);
    }

    /**
     * A batch as it is in a file.
     *
     * @param text its lines
     * @param sha256 of its records, as its header says
     * @param records none where it is damaged
     * @param damage in what way; empty where it is sound
     */
    private record Batch(byte[] text, String sha256, List<TrialRecord> records, String damage) {
        private boolean isSound() {
            return damage.isEmpty();
        }

        private static Batch damaged(String how) {
            return new Batch(new byte[0], "", List.of(), how);
        }
    }

    private List<Batch> batches(Path file) throws IOException {
        byte[] bytes = bytes(file);
        List<Batch> batches = new ArrayList<>();
        for (int from = 0; from < bytes.length; ) {
            int body = lineEnd(bytes, from);
            int end = body;
            while (end < bytes.length && isRecord(bytes, end)) {
                end = lineEnd(bytes, end);
            }
            batches.add(batch(file, Arrays.copyOfRange(bytes, from, end), body - from));
            from = end;
        }
        return batches;
    }

    private byte[] bytes(Path file) throws IOException {
        try (FSDataInputStream in = fileSystem.open(file)) {
            return in.readAllBytes();
        }
    }

    /** The place after the end of the line that begins at a place. */
    private static int lineEnd(byte[] bytes, int from) {
        int end = from;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return Math.min(end + 1, bytes.length);
    }

    private static boolean isRecord(byte[] bytes, int from) {
        int end = Math.min(bytes.length, from + RECORD.length);
        return Arrays.equals(bytes, from, end, RECORD, 0, RECORD.length);
    }

    private static Batch batch(Path file, byte[] text, int header) {
        byte[] body = Arrays.copyOfRange(text, header, text.length);
        List<String> lines = new String(body, StandardCharsets.UTF_8).lines().toList();
        JsonNode said;
        try {
            said = JSON.readTree(new String(text, 0, header, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            return Batch.damaged("a header that is no JSON");
        }
        int format = said.path("format").asInt();
        if (format > FORMAT) {
            throw new UsageException("journal " + file + " has format " + format + ", expected at most " + FORMAT
                    + ": go on with the version that wrote it");
        }
        String sha256 = Sha256.hex(body);
        if (!said.path("sha256").asText().equals(sha256)) {
            return Batch.damaged(lines.size() + " lines, expected "
                    + said.path("records").asText("a header and") + " records with the checksum of its header");
        }
        List<TrialRecord> records = new ArrayList<>();
        try {
            for (String line : lines) {
                records.add(TrialRecord.parse(line));
            }
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return Batch.damaged("a line that is no record, under a checksum that fits: somebody wrote it");
        }
        return new Batch(text, sha256, records, "");
    }

    /** Keeps a damaged file under another name, and what is sound of it under its own. */
    private void setAside(Path file, List<Batch> batches, List<Batch> sound) throws IOException {
        String got = batches.stream()
                .filter(batch -> !batch.isSound())
                .map(Batch::damage)
                .findFirst()
                .orElse("0 lines, expected a header");
        damages.add("journal " + file.getName() + " is damaged (got " + got
                + "): its trials are run again"
                + (sound.isEmpty() ? "" : " but for those of " + sound.size() + " batches")
                + ", the file is kept as " + file.getName() + DAMAGED);
        fileSystem.rename(file, file.suffix(DAMAGED));
        if (!sound.isEmpty()) {
            write(file, sound.stream().map(Batch::text).toList());
        }
    }

    /** Writes a batch; it is on disk when this returns. */
    public void append(List<TrialRecord> batch) {
        guard.run();
        StringBuilder text = new StringBuilder();
        batch.forEach(record -> text.append(record.line()).append('\n'));
        byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
        String header = Json.line(Map.of("format", FORMAT, "records", batch.size(), "sha256", Sha256.hex(body))) + "\n";
        try {
            single.add(writeNext(List.of(header.getBytes(StandardCharsets.UTF_8), body)));
        } catch (IOException e) {
            throw failed(e);
        }
        if (single.size() >= JOINED) {
            try {
                join();
            } catch (IOException e) {
                LOG.info("Files of {} are joined another time: nothing is lost", folder, e);
            }
        }
    }

    private Path writeNext(List<byte[]> parts) throws IOException {
        Path target = new Path(folder, String.format(Locale.ROOT, "%08d%s", next, ENDING));
        write(target, parts);
        next++;
        return target;
    }

    private void write(Path target, List<byte[]> parts) throws IOException {
        WholeFile.write(fileSystem, target, out -> {
            for (byte[] part : parts) {
                out.write(part);
            }
        });
    }

    /** Whenever it is killed, no batch is lost, and what is there twice is known by its checksum. */
    private void join() throws IOException {
        List<byte[]> parts = new ArrayList<>();
        for (Path file : single) {
            parts.add(bytes(file));
        }
        writeNext(parts);
        for (Path file : single) {
            fileSystem.delete(file, false);
        }
        single.clear();
    }

    private UsageException failed(IOException e) {
        return new UsageException(
                "journal " + folder + " cannot be used (" + Reason.of(e) + "): " + Reason.remedy(e), e);
    }
}
