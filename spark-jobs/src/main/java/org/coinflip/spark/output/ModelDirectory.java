package org.coinflip.spark.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.transform.Transformation;
import org.coinflip.model.error.DataException;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.settings.Section;

/**
 * A trained network as a folder: {@code model.json} (format version, network, lengths, checksum, the data's transformation) and {@code
 * state.bin} (parameters and statistics, little-endian float32). Lengths are checked against the specification; nothing is
 * deserialised by class name.
 */
public final class ModelDirectory {
    /** Version of the written form; a reader refuses a greater one. */
    public static final int FORMAT = 1;

    private static final String DESCRIPTION = "model.json";
    private static final String STATE = "state.bin";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A model that was read.
     *
     * @param network the network
     * @param state parameters and statistics, without an updater's memory
     * @param transformation what features went through
     */
    public record Model(Network network, State state, Transformation transformation) {}

    private ModelDirectory() {}

    /** Writes a model under {@code folder} of a run. */
    public static void write(
            RunDirectory run, String folder, Network network, State state, Transformation transformation) {
        int length = network.layout().length();
        ByteBuffer bytes = ByteBuffer.allocate(length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < length; i++) {
            bytes.putFloat(state.values().get(i));
        }
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("format", FORMAT);
        description.put("network", network.spec().write().root().unwrapped());
        description.put("length", length);
        description.put("parameters", network.layout().parameters());
        description.put("parametersSha256", state.parametersSha256());
        description.put("transformation", JSON.valueToTree(transformation));
        run.write(folder + "/" + STATE, bytes.array());
        run.write(folder + "/" + DESCRIPTION, Json.document(description));
    }

    /**
     * Reads a model.
     *
     * @throws DataException where it is missing, damaged or from a newer version
     */
    public static Model read(String folder, Configuration conf) {
        JsonNode description;
        byte[] bytes;
        try {
            FileSystem fileSystem = new Path(folder).getFileSystem(conf);
            description = JSON.readTree(bytes(fileSystem, new Path(folder, DESCRIPTION)));
            bytes = bytes(fileSystem, new Path(folder, STATE));
        } catch (IOException | IllegalArgumentException e) {
            throw new DataException(
                    "model " + folder + " cannot be read (" + e.getMessage() + "): name the folder model/ of a run", e);
        }
        int format = description.path("format").asInt();
        if (format < 1 || format > FORMAT) {
            throw new DataException("model " + folder + " has format " + format + ", expected at most " + FORMAT
                    + ": read it with the version that wrote it");
        }
        NetworkSpec spec = NetworkSpec.read(Section.root(
                ConfigFactory.parseString(description.path("network").toString())));
        Network network = new Network(spec);
        int length = network.layout().length();
        if (bytes.length != length * Float.BYTES) {
            throw new DataException("model " + folder + "/" + STATE + " has " + bytes.length + " bytes, expected "
                    + length * Float.BYTES + ": the file is damaged");
        }
        State state = new State(network.layout());
        float[] values = new float[length];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        state.values().set(values);
        String expected = description.path("parametersSha256").asText();
        if (!state.parametersSha256().equals(expected)) {
            throw new DataException("model " + folder + " has parameters with SHA-256 " + state.parametersSha256()
                    + ", expected " + expected + ": the file is damaged");
        }
        return new Model(network, state, transformation(description, folder));
    }

    private static Transformation transformation(JsonNode description, String folder) {
        try {
            return JSON.treeToValue(description.path("transformation"), Transformation.class);
        } catch (IOException e) {
            throw new DataException(
                    "model " + folder + "/" + DESCRIPTION + " has no valid transformation ("
                            + e.getMessage().lines().findFirst().orElse("") + "): the file is damaged",
                    e);
        }
    }

    private static byte[] bytes(FileSystem fileSystem, Path path) throws IOException {
        try (FSDataInputStream in = fileSystem.open(path)) {
            return in.readAllBytes();
        }
    }
}
