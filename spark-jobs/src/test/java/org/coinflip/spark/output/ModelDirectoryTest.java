package org.coinflip.spark.output;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.model.error.DataException;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.settings.Section;
import org.coinflip.model.storage.Sealed;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.transform.Binarisation;
import org.coinflip.model.transform.Scaling;
import org.coinflip.model.transform.Transformation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDirectoryTest {
    private static final Transformation TRANSFORMATION = new Transformation(
            Scaling.STANDARD,
            Binarisation.NONE,
            List.of(1 / 3f, Float.MIN_NORMAL, 1e30f),
            List.of(-0f, 0.1f, -Float.MAX_VALUE));

    private static final String WRITTEN_FORMAT = "\"format\" : 1";

    private final Configuration conf = new Configuration();
    private StoredModel written;

    @TempDir
    private Path folder;

    @BeforeEach
    void write() {
        Network network = new Network(NetworkSpec.read(
                Section.root(
                        ConfigFactory.parseString(
                                """
                        layers = [ { type = stochastic, units = 4, law = bernoulli, estimator = reinforce }
                                   { type = output, units = 2 } ]
                        """)),
                3));
        State state = new State(network.layout());
        network.initialise(state, 5);
        state.values().set(0, -0f);
        state.values().set(1, Float.MIN_VALUE);
        written = new StoredModel(
                network, state, TRANSFORMATION, new EvaluationSpec(Mode.SAMPLES, 9), Arithmetic.PORTABLE, -7);
        ModelDirectory.write(RunDirectory.at(folder.toString(), true, conf), "model", written);
    }

    @Test
    void readsBackWhatWasWrittenToTheBit() {
        StoredModel got = read();
        assertEquals(written.network().spec(), got.network().spec());
        assertArrayEquals(bits(written.state()), bits(got.state()));
        assertEquals(TRANSFORMATION, got.transformation());
        assertEquals(written.evaluation(), got.evaluation());
        assertEquals(-7, got.seed());
    }

    @Test
    void anUpdatersMemoryIsNotWritten() throws IOException {
        assertEquals(written.network().layout().length() * 4L, Files.size(model("state.bin")));
    }

    @Test
    void refusesWhatIsNotThere() throws IOException {
        refused("model " + folder + "/none cannot be read", "none");
        Files.delete(model("state.bin"));
        refused("name the folder model/ of a run", "model");
    }

    @Test
    void refusesANewerFormat() throws IOException {
        String whole = Files.readString(model("model.json"));
        sealed(whole.replaceFirst(WRITTEN_FORMAT, "\"format\" : 2"));
        refused("model.json has format 2, expected at most 1: read it with the version that wrote it", "model");
    }

    @Test
    void refusesANewerNetwork() throws IOException {
        String whole = Files.readString(model("model.json"));
        int network = whole.indexOf("\"network\"");
        String newer = whole.substring(network).replaceFirst(WRITTEN_FORMAT, "\"format\" : 3");
        sealed(whole.substring(0, network) + newer);
        refused("this network was written by a newer version", "model");
    }

    @Test
    void refusesAGarbledDescription() throws IOException {
        String whole = Files.readString(model("model.json"));
        for (String garbled : new String[] {
            "",
            "{",
            "[]",
            "null",
            whole.substring(0, whole.length() / 2),
            whole.replace("\"network\"", "\"netwerk\""),
            whole.replace("bernoulli", "bernouilli"),
            whole.replace("\"units\" : 4", "\"units\" : -4"),
            whole.replace("\"transformation\"", "\"transform\""),
            whole.replace("STANDARD", "STANDART"),
            whole.replace("\"inputs\" : 3", "\"inputs\" : 4"),
            whole.replace("\"samples\"", "\"samplings\""),
            whole.replace("\"stateSha256\"", "\"sha\""),
            whole.replaceFirst("\"length\" : \\d+", "\"length\" : 15"),
            whole.replaceFirst("\"parameters\" : \\d+", "\"parameters\" : 15"),
            whole.replaceFirst("(\"parametersSha256\" : \").", "$1x"),
            whole.replace("1.0E30", "1e999")
        }) {
            sealed(garbled);
            refused("model.json is garbled (", "model");
        }
    }

    /** Of a whole file, so that only what is tested is wrong with it. */
    private void sealed(String text) throws IOException {
        String written = text;
        try {
            if (new ObjectMapper().readTree(text) instanceof ObjectNode fields) {
                written = Json.document(Sealed.seal(fields));
            }
        } catch (JsonProcessingException e) {
            // it has no seal either
        }
        Files.writeString(model("model.json"), written);
    }

    /** Be it of a scale or of a checksum. */
    @Test
    void refusesEveryDigitThatChanged() throws IOException {
        String whole = Files.readString(model("model.json"));
        int digits = 0;
        for (int place = 0; place < whole.length(); place++) {
            if (Character.isDigit(whole.charAt(place))) {
                char other = whole.charAt(place) == '9' ? '8' : (char) (whole.charAt(place) + 1);
                Files.writeString(model("model.json"), whole.substring(0, place) + other + whole.substring(place + 1));
                assertThrows(DataException.class, this::read, "at " + place);
                digits++;
            }
        }
        assertTrue(digits > 100, "digits: " + digits);
        Files.writeString(model("model.json"), whole.replaceFirst("(?s),\\s*\"sealSha256\".*\"", ""));
        refused("model.json is damaged (it has no sealSha256)", "model");
    }

    @Test
    void refusesNumbersThatAreNone() throws IOException {
        written.state().values().set(2, Float.NaN);
        ModelDirectory.write(RunDirectory.at(folder.toString(), true, conf), "model", written);
        refused("state.bin has NaN at place 2", "model");
    }

    @Test
    void refusesLayersWhoseSizeIsNoNumber() throws IOException {
        String whole = Files.readString(model("model.json"));
        for (String layer : List.of(
                "{\"type\": \"maxout\", \"units\": 8, \"pieces\": 536870913}",
                "{\"type\": \"maxout\", \"units\": 65536, \"pieces\": 65536}",
                "{\"type\": \"dense\", \"units\": 2147483647}")) {
            sealed(whole.replaceFirst("\"layers\" : \\[", "\"layers\" : [" + layer + ","));
            refused("model.json is garbled (", "model");
        }
    }

    @Test
    void refusesAStateOfAnotherLength() throws IOException {
        byte[] state = Files.readAllBytes(model("state.bin"));
        Files.write(model("state.bin"), java.util.Arrays.copyOf(state, state.length - 1));
        refused("state.bin has " + (state.length - 1) + " bytes, expected " + state.length, "model");
    }

    @Test
    void refusesAStateWithOneBitFlippedParametersAndStatisticsAlike() throws IOException {
        byte[] state = Files.readAllBytes(model("state.bin"));
        for (int place : new int[] {0, state.length / 2, state.length - 1}) {
            byte[] damaged = state.clone();
            damaged[place] ^= 4;
            Files.write(model("state.bin"), damaged);
            refused("state.bin has SHA-256 ", "model");
        }
    }

    private void refused(String part, String name) {
        DataException failure = assertThrows(
                DataException.class,
                () -> ModelDirectory.read(folder.resolve(name).toString(), conf));
        assertEquals(1, failure.getMessage().lines().count(), failure.getMessage());
        assertTrue(failure.getMessage().contains(part), failure.getMessage());
    }

    private StoredModel read() {
        return ModelDirectory.read(folder.resolve("model").toString(), conf);
    }

    private Path model(String file) {
        return folder.resolve("model").resolve(file);
    }

    private static int[] bits(State state) {
        int[] bits = new int[state.values().length()];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(state.values().get(i));
        }
        return bits;
    }
}
