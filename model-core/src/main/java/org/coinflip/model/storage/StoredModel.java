package org.coinflip.model.storage;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
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

    static final String DESCRIPTION = "model.json";
    static final String STATE = "state.bin";

    private static final ConfigParseOptions JSON = ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON);

    /** Writes the files of this model. */
    public void write(Folder folder) throws IOException {
        WrittenModel.write(this, folder);
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
        try {
            String text = new String(json, StandardCharsets.UTF_8);
            Config description = ConfigFactory.parseString(text, JSON);
            int format = description.hasPath("format") ? description.getInt("format") : 0;
            if (format > FORMAT) {
                throw new DataException("model " + file + " has format " + format + ", expected at most " + FORMAT
                        + ": read it with the version that wrote it");
            }
            if (format < 1) {
                throw garbled(file, "it has no format", null);
            }
            int minor = description.hasPath("minor") ? description.getInt("minor") : 0;
            SealedText.damage(text, minor >= SEALED_SINCE).ifPresent(how -> {
                throw new DataException("model " + file + " is damaged (" + how + "): copy it again");
            });
            Network network = new Network(NetworkSpec.read(Section.root(description.getConfig("network"))));
            requireLengths(description, network, file);
            Transformation transformation = Transformation.read(description.getConfig("transformation"));
            if (transformation.width() != network.spec().inputs()) {
                throw garbled(file, "its transformation is not of the network's inputs", null);
            }
            EvaluationSpec evaluation = EvaluationSpec.read(Section.root(description.getConfig("evaluation")));
            // models of format 1.0 do not say
            Arithmetic arithmetic = Section.root(description).choice("arithmetic", Arithmetic.FAST);
            long seed = description.getLong("seed");
            State state = state(bytes, network, description.getString("stateSha256"), folder + "/" + STATE);
            if (!state.parametersSha256().equals(description.getString("parametersSha256"))) {
                throw garbled(file, "its parametersSha256 is not that of " + STATE, null);
            }
            return new StoredModel(network, state, transformation, evaluation, arithmetic, seed);
        } catch (UsageException | ConfigException | IllegalArgumentException e) {
            throw garbled(file, e.getMessage(), e);
        } catch (StackOverflowError e) {
            throw garbled(file, "its lists are nested too deeply", null);
        }
    }

    private static void requireLengths(Config description, Network network, String file) {
        int length = description.getInt("length");
        int parameters = description.getInt("parameters");
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
