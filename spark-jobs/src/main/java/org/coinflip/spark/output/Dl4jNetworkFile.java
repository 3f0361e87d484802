package org.coinflip.spark.output;

import com.typesafe.config.ConfigFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.dl4j.NetworkConversion;
import org.coinflip.dl4j.NetworkImport;
import org.coinflip.dl4j.Parameters;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.error.DataException;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.settings.Section;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.transform.Binarisation;
import org.coinflip.model.transform.Scaling;
import org.coinflip.model.transform.Transformation;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;

/** Networks in the zip that DL4J's {@code ModelSerializer} writes. */
public final class Dl4jNetworkFile {
    private static final int PART_OF_HEAP = 4;
    private static final String EXPECTED =
            ", expected a MultiLayerNetwork that DL4J's ModelSerializer wrote: copy it again, or write it anew";

    private Dl4jNetworkFile() {}

    /** A model as a DL4J network, with plain descent for an updater. */
    public static byte[] write(StoredModel model) {
        TrainingSpec plain = TrainingSpec.read(Section.root(ConfigFactory.empty()));
        MultiLayerNetwork network = new MultiLayerNetwork(
                new NetworkConversion(model.network().spec(), plain, 1).configuration(model.seed()));
        network.init();
        Parameters.copy(model.state(), network);
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try {
            ModelSerializer.writeModel(network, zip, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return zip.toByteArray();
    }

    /**
     * A DL4J network as a model.
     *
     * @param scale of the raw features, all alike
     * @param offset added to that
     * @throws DataException where the file is missing, is no such zip, or its network has what ours have not
     */
    public static StoredModel read(String file, float scale, float offset, Configuration conf) {
        NetworkImport imported = NetworkImport.of(network(file, conf));
        int inputs = imported.network().spec().inputs();
        Transformation transformation = new Transformation(
                scale == 1 && offset == 0 ? Scaling.NONE : Scaling.UNIT,
                Binarisation.NONE,
                Collections.nCopies(inputs, scale),
                Collections.nCopies(inputs, offset));
        return new StoredModel(
                imported.network(),
                imported.state(),
                transformation,
                EvaluationSpec.read(Section.root(ConfigFactory.empty())),
                Arithmetic.FAST,
                1);
    }

    private static MultiLayerNetwork network(String file, Configuration conf) {
        Path path = StoredBytes.path(file);
        long most = Runtime.getRuntime().maxMemory() / PART_OF_HEAP;
        try {
            try (InputStream in = StoredBytes.open(path, StoredBytes.fileSystem(path, conf))) {
                Dl4jZipCheck.of(in, most).ifPresent(what -> {
                    throw new DataException("dl4j " + file + " " + what + EXPECTED);
                });
            }
            try (InputStream in = StoredBytes.open(path, StoredBytes.fileSystem(path, conf))) {
                return ModelSerializer.restoreMultiLayerNetwork(in, false);
            }
        } catch (CoinflipException e) {
            throw e;
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new DataException("dl4j " + file + " cannot be read (" + Reason.of(e) + ")" + EXPECTED, e);
        }
    }
}
