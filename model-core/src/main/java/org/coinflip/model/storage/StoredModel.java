package org.coinflip.model.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.transform.Transformation;

/**
 * A trained network and what using it as in its training takes; as a folder, {@code model.json} (format version, network, lengths, checksums,
 * the data's transformation, how the network is used) and {@code state.bin} (parameters and statistics, little-endian float32). Lengths are
 * checked against the specification; nothing is deserialised by class name.
 *
 * <p>The form has a format and a minor version. A reader refuses another format, and reads any minor version of its own: a minor version
 * only adds fields of {@code model.json} that may be left unread.
 *
 * @param network the network
 * @param state parameters and statistics; what follows them, an updater's memory, is not written
 * @param transformation what features went through
 * @param evaluation how the network was evaluated
 * @param arithmetic that it was trained with, and is used with
 * @param seed of the training's draws, those of its evaluations too
 */
public record StoredModel(
        Network network,
        State state,
        Transformation transformation,
        EvaluationSpec evaluation,
        Arithmetic arithmetic,
        long seed) {
    /** Version of the written form; a reader refuses a greater one. */
    public static final int FORMAT = 1;

    /** Grows when a field is added that readers of the same format may leave unread. */
    public static final int MINOR = 2;

    /** From this minor version on {@code model.json} is sealed. */
    private static final int SEALED_SINCE = 2;

    private static final String DESCRIPTION = "model.json";
    private static final String STATE = "state.bin";
    private static final ObjectMapper JSON = new ObjectMapper()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(SerializationFeature.INDENT_OUTPUT);

    /** Writes the files of this model. */
    public void write(Folder folder) throws IOException {
        int length = network.layout().length();
        ByteBuffer bytes = ByteBuffer.allocate(length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < length; i++) {
            bytes.putFloat(state.values().get(i));
        }
        Map<String, Object> description = new LinkedHashMap<>();
        description.put("format", FORMAT);
        description.put("minor", MINOR);
        description.put("network", network.spec().write().root().unwrapped());
        description.put("length", length);
        description.put("parameters", network.layout().parameters());
        description.put("parametersSha256", state.parametersSha256());
        description.put("stateSha256", Sha256.hex(bytes.array()));
        description.put("transformation", JSON.valueToTree(transformation));
        description.put("evaluation", evaluation.write());
        description.put("arithmetic", Section.name(arithmetic));
        description.put("seed", seed);
        folder.write(STATE, bytes.array());
        folder.write(
                DESCRIPTION,
                (JSON.writeValueAsString(Sealed.seal(description)) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads a model.
     *
     * @throws DataException where it is missing, damaged or from a newer version
     */
    public static StoredModel read(Folder folder) {
        byte[] json;
        byte[] bytes;
        try {
            json = folder.read(DESCRIPTION);
            bytes = folder.read(STATE);
        } catch (IOException | IllegalArgumentException e) {
            throw new DataException(
                    "model " + folder + " cannot be read (" + firstLine(e.getMessage())
                            + "): name the folder model/ of a run",
                    e);
        }
        String file = folder + "/" + DESCRIPTION;
        JsonNode description = parse(json, file);
        int format = description.path("format").asInt();
        if (format > FORMAT) {
            throw new DataException("model " + file + " has format " + format + ", expected at most " + FORMAT
                    + ": read it with the version that wrote it");
        }
        if (format < 1) {
            throw garbled(file, "it has no format", null);
        }
        try {
            Sealed.damage(description, description.path("minor").asInt() >= SEALED_SINCE)
                    .ifPresent(how -> {
                        throw new DataException("model " + file + " is damaged (" + how + "): copy it again");
                    });
            Network network = new Network(NetworkSpec.read(section(description, "network")));
            requireLengths(description, network, file);
            Transformation transformation = JSON.treeToValue(
                    Transformation.completed(description.required("transformation"), JSON), Transformation.class);
            if (transformation == null
                    || transformation.width() != network.spec().inputs()) {
                throw garbled(file, "its transformation is not of the network's inputs", null);
            }
            EvaluationSpec evaluation = EvaluationSpec.read(section(description, "evaluation"));
            // models of format 1.0 do not say
            Arithmetic arithmetic = Section.root(ConfigFactory.parseMap(
                            description.has("arithmetic")
                                    ? Map.of(
                                            "arithmetic",
                                            description.get("arithmetic").asText())
                                    : Map.of()))
                    .choice("arithmetic", Arithmetic.FAST);
            long seed = description.required("seed").asLong();
            String sha256 = description.required("stateSha256").asText();
            State state = state(bytes, network, sha256, folder + "/" + STATE);
            String parameters = description.required("parametersSha256").asText();
            if (!state.parametersSha256().equals(parameters)) {
                throw garbled(file, "its parametersSha256 is not that of " + STATE, null);
            }
            return new StoredModel(network, state, transformation, evaluation, arithmetic, seed);
        } catch (JsonProcessingException e) {
            throw garbled(file, e.getOriginalMessage(), e);
        } catch (UsageException | ConfigException | IllegalArgumentException e) {
            throw garbled(file, e.getMessage(), e);
        }
    }

    private static void requireLengths(JsonNode description, Network network, String file) {
        int length = description.required("length").asInt();
        int parameters = description.required("parameters").asInt();
        if (length != network.layout().length()
                || parameters != network.layout().parameters()) {
            throw garbled(
                    file,
                    "it says " + length + " numbers, " + parameters + " of them parameters, its network has "
                            + network.layout().length() + " and "
                            + network.layout().parameters(),
                    null);
        }
    }

    private static JsonNode parse(byte[] json, String file) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw garbled(file, e instanceof JsonProcessingException p ? p.getOriginalMessage() : e.getMessage(), e);
        }
    }

    private static Section section(JsonNode description, String key) {
        Config config = ConfigFactory.parseString(description.required(key).toString());
        return Section.root(config);
    }

    private static State state(byte[] bytes, Network network, String sha256, String file) {
        int length = network.layout().length();
        if (bytes.length != (long) length * Float.BYTES) {
            throw new DataException("model " + file + " has " + bytes.length + " bytes, expected "
                    + (long) length * Float.BYTES + ": the file is damaged, copy it again");
        }
        String got = Sha256.hex(bytes);
        if (!got.equals(sha256)) {
            throw new DataException("model " + file + " has SHA-256 " + got + ", expected " + sha256
                    + ": the file is damaged, copy it again");
        }
        float[] values = new float[length];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        for (int i = 0; i < length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new DataException("model " + file + " has " + values[i] + " at place " + i
                        + ", expected finite numbers: train again, or take another model");
            }
        }
        State state = new State(network.layout());
        state.values().set(values);
        return state;
    }

    private static DataException garbled(String file, String what, Exception cause) {
        return new DataException(
                "model " + file + " is garbled (" + firstLine(what)
                        + "), expected what train wrote: copy it again or train again",
                cause);
    }

    private static String firstLine(String message) {
        return message == null ? "" : message.lines().findFirst().orElse("");
    }
}
