package org.coinflip.spark.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Dataset;
import org.coinflip.data.Preparation;
import org.coinflip.data.Split;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.settings.Section;
import org.coinflip.model.storage.Sha256;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.transform.Binarisation;
import org.coinflip.model.transform.Scaling;
import org.coinflip.model.transform.Transformation;
import org.junit.jupiter.api.Test;

/** Models, networks of DL4J and prepared data: whatever is changed in their files, they are read or refused ({@link ChangedFiles}). */
class ModelAndDataFuzzTest extends ChangedFiles {
    @Test
    void models() throws IOException {
        files = 3;
        Network network = new Network(NetworkSpec.read(
                Section.root(
                        ConfigFactory.parseString(
                                """
                        layers = [ { type = maxout, units = 3, pieces = 2 }
                                   { type = stochastic, units = 4, law = bernoulli, estimator = reinforce }
                                   { type = output, units = 2 } ]
                        """)),
                2));
        State state = new State(network.layout());
        network.initialise(state, 5);
        ModelDirectory.write(
                RunDirectory.at(folder.toString(), true, conf),
                "model",
                new StoredModel(
                        network,
                        state,
                        new Transformation(Scaling.STANDARD, Binarisation.NONE, List.of(0.5f, 2f), List.of(0f, 1f)),
                        new EvaluationSpec(Mode.SAMPLES, 9),
                        Arithmetic.PORTABLE,
                        7));
        Path model = folder.resolve("model");
        Reading reading = () -> ModelDirectory.read(model.toString(), conf);
        fuzz(model.resolve("model.json"), reading);
        fuzz(model.resolve("state.bin"), reading);
        fuzz(
                model.resolve("state.bin"),
                CHANGES,
                changed -> reseal(
                        model.resolve("model.json"),
                        description -> description.put("stateSha256", Sha256.hex(changed))),
                reading);
    }

    /** Zips as they are, and with parts changed under checksums that fit. */
    @Test
    void dl4jNetworks() throws IOException {
        Network network = new Network(NetworkSpec.read(
                Section.root(
                        ConfigFactory.parseString(
                                """
                        layers = [ { type = dense, units = 5, activation = relu }
                                   { type = stochastic, units = 4, law = bernoulli, estimator = reinforce }
                                   { type = output, units = 2 } ]
                        """)),
                3));
        State state = new State(network.layout());
        network.initialise(state, 5);
        byte[] whole = Dl4jNetworkFile.write(new StoredModel(
                network, state, Transformation.none(3), new EvaluationSpec(Mode.MEANS, 1), Arithmetic.PORTABLE, 7));
        Map<String, byte[]> parts = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(whole))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                parts.put(entry.getName(), zip.readAllBytes());
            }
        }
        Path file = folder.resolve("network.zip");
        Reading reading = () -> Dl4jNetworkFile.read(file.toString(), 1, 0, conf);
        Files.write(file, zipped(parts));
        reading.read();
        long began = System.nanoTime();
        for (int change = 0; !isDone(change, began); change++) {
            byte[] changed = whole;
            if (random.nextInt(4) == 0) {
                changed = changed(whole);
            } else {
                Map<String, byte[]> others = new LinkedHashMap<>(parts);
                List<String> names = List.copyOf(parts.keySet());
                String name = names.get(random.nextInt(names.size()));
                others.put(name, changed(parts.get(name)));
                if (random.nextInt(20) == 0) {
                    others.remove(name);
                }
                changed = zipped(others);
            }
            Files.write(file, changed);
            refuses(reading, changed);
        }
    }

    private static byte[] zipped(Map<String, byte[]> parts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> part : parts.entrySet()) {
                zip.putNextEntry(new ZipEntry(part.getKey()));
                zip.write(part.getValue());
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void preparedData() throws IOException {
        files = 2;
        Path prepared = folder.resolve("prepared");
        Section settings = Section.root(ConfigFactory.parseString(
                "source = synthetic, features = 5, split { train = 40, valid = 10, test = 10 }"));
        Preparation.prepare(DataSpec.read(settings), prepared.toString(), 2, false, conf);
        DataSpec spec = DataSpec.read(
                Section.root(ConfigFactory.parseString("source = prepared, path = \"" + prepared + "\"")));
        Reading reading = () -> Dataset.open(spec, conf).examples(Split.TRAIN);
        fuzz(prepared.resolve("manifest.json"), reading);
        Path shard = prepared.resolve("train/part-00000.parquet");
        fuzz(
                shard,
                CHANGES / 2,
                changed -> reseal(
                        prepared.resolve("manifest.json"), manifest -> ((ObjectNode) manifest.at("/shards/train/0"))
                                .put("bytes", changed.length)
                                .put("sha256", Sha256.hex(changed))),
                reading);
    }
}
