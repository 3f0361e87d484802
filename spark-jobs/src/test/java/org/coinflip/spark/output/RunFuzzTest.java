package org.coinflip.spark.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.coinflip.data.output.Lease;
import org.coinflip.data.output.OwnFiles;
import org.coinflip.model.storage.Sha256;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.checkpoint.StateFile;
import org.coinflip.spark.checkpoint.StateFileReader;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.record.FinishedTraining;
import org.coinflip.spark.sweep.Sweep;
import org.coinflip.spark.sweep.journal.Journal;
import org.coinflip.spark.sweep.trial.TrialRecord;
import org.coinflip.spark.sweep.trial.TrialStatus;
import org.coinflip.spark.train.Training;
import org.junit.jupiter.api.Test;

/** What trainings and sweeps left and read when they go on: whatever is changed in it, it is read or refused ({@link ChangedFiles}). */
class RunFuzzTest extends ChangedFiles {
    /** A training that was stopped: its checkpoint, in every form under checksums that fit, its mark, its record and its summary. */
    @Test
    void trainings() throws IOException {
        files = 3;
        Path run = folder.resolve("run");
        String settings =
                """
                network.layers = [ { type = stochastic, units = 3, law = bernoulli, estimator = reinforce }, { type = output, units = 10 } ]
                data.split { train = 60, valid = 20, test = 20 }
                training { epochs = 2, batch = 10, updater { type = Adam, learning-rate = 0.01 } }
                averaging { workers = 2, steps-per-round = 1, outer { type = nesterov, momentum = 0.5 } }
                validation { patience = 3, draws = 2, examples = 8 }
                checkpoint.every = 1, arithmetic = portable
                """
                        + "output = \"" + run + "\"\n";
        Experiment experiment = Experiment.read(ConfigFactory.parseString(settings + "resume = true"));
        try (LocalSpark spark = new LocalSpark(1)) {
            Training.prepare(experiment).run(spark.context());
        }
        Reading reading = () -> {
            FinishedTraining.in(run.toString(), experiment.resume(), experiment.training());
            Training.prepare(experiment);
        };
        fuzz(run.resolve("summary.json"), FEW_CHANGES, changed -> {}, reading);
        Path mark;
        try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
            mark = files.filter(file -> file.toString().endsWith(".json"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
        fuzz(mark, FEW_CHANGES, changed -> {}, reading);
        Path checkpoint = mark.resolveSibling(mark.getFileName().toString().replace(".json", ".bin"));
        byte[] whole = Files.readAllBytes(checkpoint);
        Checkpoint parts = Checkpoint.of(whole);
        long began = System.nanoTime();
        for (int change = 0; !isDone(change, FEW_CHANGES, began); change++) {
            byte[] changed =
                    switch (random.nextInt(3)) {
                        case 0 -> changed(whole);
                        case 1 -> joined(mutated(parts.header(), "none"), parts.rest());
                        default -> joined(parts.header(), flipped(parts.rest()));
                    };
            write(checkpoint, changed);
            String sum = HexFormat.of().formatHex(changed, Math.max(0, changed.length - 32), changed.length);
            reseal(mark, fields -> fields.put("sha256", sum));
            refuses(reading, changed);
        }
    }

    /** A sweep that was stopped: what it says of itself, and its summary. */
    @Test
    void sweeps() throws IOException {
        files = 2;
        Path output = folder.resolve("sweep");
        Config config = ConfigFactory.parseString(
                """
                network.layers = [ { type = output, units = 10 } ]
                data.split { train = 60, valid = 20, test = 20 }
                training { epochs = 1, batch = 20 }
                sweep { trials = 2, space { training.updater.learning-rate { uniform = [0.1, 0.2] } } }
                """
                        + "output = \"" + output + "\"");
        try (LocalSpark spark = new LocalSpark(1)) {
            Sweep.prepare(config)
                    .run(SparkSession.builder()
                            .config(spark.context().getConf())
                            .getOrCreate());
        }
        Config more = config.withValue("sweep.trials", ConfigValueFactory.fromAnyRef(3));
        Reading reading = () -> Sweep.prepare(more);
        fuzz(output.resolve("sweep.json"), FEW_CHANGES, changed -> {}, reading);
        Path summary = output.resolve("summary.json");
        byte[] whole = Files.readAllBytes(summary);
        long began = System.nanoTime();
        for (int change = 0; !isDone(change, FEW_CHANGES, began); change++) {
            byte[] changed = changed(whole);
            write(summary, changed);
            refuses(reading, changed);
        }
    }

    /** The header in every form, with a length and a checksum that fit. */
    @Test
    void states() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StateFile.write(
                bytes,
                new StateFile.Content(
                        JSON.createObjectNode().put("round", 3),
                        Map.of("state", new float[] {1, 2, 3}),
                        Map.of("metrics", new byte[] {4, 5})));
        byte[] whole = bytes.toByteArray();
        Checkpoint parts = Checkpoint.of(whole);
        long began = System.nanoTime();
        for (int change = 0; !isDone(change, began); change++) {
            byte[] changed =
                    random.nextInt(4) == 0 ? flipped(whole) : joined(mutated(parts.header(), "none"), parts.rest());
            refuses(
                    () -> StateFileReader.read(new ByteArrayInputStream(changed), changed.length, "checkpoint"),
                    changed);
        }
    }

    /** The header of a file of states, and what is between it and the checksum. */
    private record Checkpoint(byte[] header, byte[] rest) {
        static Checkpoint of(byte[] whole) {
            int length =
                    ByteBuffer.wrap(whole, 8, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
            return new Checkpoint(
                    Arrays.copyOfRange(whole, 12, 12 + length),
                    Arrays.copyOfRange(whole, 12 + length, whole.length - 32));
        }
    }

    private static byte[] joined(byte[] header, byte[] rest) {
        ByteBuffer file =
                ByteBuffer.allocate(12 + header.length + rest.length + 32).order(ByteOrder.LITTLE_ENDIAN);
        file.put("COINFLIP".getBytes(StandardCharsets.US_ASCII))
                .putInt(header.length)
                .put(header)
                .put(rest);
        byte[] content = Arrays.copyOf(file.array(), file.position());
        return file.put(HexFormat.of().parseHex(Sha256.hex(content))).array();
    }

    @Test
    void recordsAndLeases() throws IOException {
        Path output = folder.resolve("output");
        OwnFiles.of(local, path(output)).claim(List.of("summary.json", "checkpoints/round-#.bin"));
        long began = System.nanoTime();
        byte[] record = Files.readAllBytes(output.resolve(OwnFiles.RECORD));
        Lease lease = Lease.take(local, path(output), "train");
        byte[] leased = Files.readAllBytes(output.resolve(Lease.FILE));
        lease.close();
        for (int change = 0; !isDone(change, began); change++) {
            byte[] changed = changed(record);
            Files.write(output.resolve(OwnFiles.RECORD), changed);
            refuses(
                    () -> {
                        OwnFiles own = OwnFiles.of(local, path(output));
                        own.state();
                        own.foreign();
                        own.owned();
                    },
                    changed);
            byte[] other = changed(leased);
            Files.write(output.resolve(Lease.FILE), other);
            refuses(() -> Lease.requireFree(local, path(output)), other);
        }
    }

    @Test
    void journals() throws IOException {
        Path journal = Files.createDirectory(folder.resolve("journal"));
        Journal.open(local, path(journal))
                .append(List.of(new TrialRecord(
                        7, 1, "key", TrialStatus.DONE, "", 4, Map.of("loss", 0.5), List.of(), "abc", 2.5, 1, "here")));
        byte[] whole = Files.readAllBytes(journal.resolve("00000000.jsonl"));
        byte[] record =
                Files.readAllLines(journal.resolve("00000000.jsonl")).get(1).getBytes(StandardCharsets.UTF_8);
        long began = System.nanoTime();
        for (int change = 0; !isDone(change, began); change++) {
            try (Stream<Path> left = Files.list(journal)) {
                for (Path file : left.toList()) {
                    Files.delete(file);
                }
            }
            byte[] changed = random.nextBoolean() ? changed(whole) : journalOf(mutated(record, "none"));
            Files.write(journal.resolve("00000000.jsonl"), changed);
            refuses(() -> Journal.open(local, path(journal)), changed);
        }
    }

    /** A journal of one record, under a checksum that fits. */
    private static byte[] journalOf(byte[] record) throws IOException {
        byte[] body = (new String(record, StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8);
        ObjectNode header =
                JSON.createObjectNode().put("format", 1).put("records", 1).put("sha256", Sha256.hex(body));
        return (JSON.writeValueAsString(header) + "\n" + new String(body, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.UTF_8);
    }
}
