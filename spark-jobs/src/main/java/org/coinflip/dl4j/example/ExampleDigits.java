package org.coinflip.dl4j.example;

import com.typesafe.config.ConfigFactory;
import java.io.File;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Dataset;
import org.coinflip.data.Split;
import org.coinflip.dl4j.DataSets;
import org.coinflip.dl4j.LearningSignalOutputLayer;
import org.coinflip.dl4j.StochasticDenseLayer;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.noise.Permutation;
import org.coinflip.model.settings.Section;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Two layers of Bernoulli neurons in a DL4J network, trained by DL4J on the UCI digits, saved and restored by DL4J. The lower layer learns by
 * the estimator that is asked for, the upper one by straight-through.
 */
@Command(
        name = "ExampleDigits",
        mixinStandardHelpOptions = true,
        description = "Trains a DL4J network with stochastic layers on the UCI digits.")
public final class ExampleDigits implements Callable<Integer> {
    private static final int BATCH = 16;
    private static final int WIDTH = 64;
    private static final int CLASSES = 10;

    @Option(names = "--law", description = "of the lower layer's units (default: ${DEFAULT-VALUE})")
    private String law = "bernoulli";

    @Option(names = "--estimator", description = "of the lower layer (default: ${DEFAULT-VALUE})")
    private String estimator = "{ type = straight-through, derivative = sigmoid }";

    @Option(names = "--epochs", description = "passes over the data (default: ${DEFAULT-VALUE})")
    private int epochs = 30;

    @Option(names = "--seed", description = "of weights, noise and order (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(names = "--save", paramLabel = "FILE", description = "where to save the network, a zip of DL4J's")
    private File file;

    /** Runs the command line and exits with its code. */
    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new ExampleDigits());
        line.setExecutionExceptionHandler((e, ignored, parsed) -> {
            System.err.println(e.getMessage());
            return e instanceof CoinflipException known ? known.exitCode() : 1;
        });
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        Dataset digits = Dataset.open(
                DataSpec.read(Section.root(
                        ConfigFactory.parseString("source = digits, split { train = 1297, valid = 250, test = 250 }"))),
                new Configuration());
        MultiLayerNetwork network = network();
        train(network, digits.examples(Split.TRAIN));
        DataSet test = all(digits.examples(Split.TEST));
        System.out.printf(Locale.ROOT, "test error %.2f %%%n", 100 * error(network, test));
        if (file != null) {
            ModelSerializer.writeModel(network, file, true);
            MultiLayerNetwork restored = ModelSerializer.restoreMultiLayerNetwork(file);
            System.out.printf(
                    Locale.ROOT, "test error %.2f %% as restored from %s%n", 100 * error(restored, test), file);
        }
        return 0;
    }

    private MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(0.005))
                .list()
                .layer(new StochasticDenseLayer.Builder()
                        .nIn(WIDTH)
                        .nOut(200)
                        .law(law)
                        .estimator(estimator)
                        .build())
                .layer(new StochasticDenseLayer.Builder()
                        .nIn(200)
                        .nOut(200)
                        .estimator("{ type = straight-through, derivative = sigmoid }")
                        .build())
                .layer(new LearningSignalOutputLayer.Builder()
                        .nIn(200)
                        .nOut(CLASSES)
                        .build())
                .build());
        network.init();
        return network;
    }

    private void train(MultiLayerNetwork network, Examples examples) {
        int[] places = new int[BATCH];
        for (int epoch = 0; epoch < epochs; epoch++) {
            Permutation order = new Permutation(seed, epoch, 0, examples.size());
            for (int from = 0; from < examples.size(); from += BATCH) {
                int count = Math.min(BATCH, examples.size() - from);
                for (int i = 0; i < count; i++) {
                    places[i] = order.at(from + i);
                }
                network.fit(DataSets.of(examples, places, count));
            }
        }
    }

    private static DataSet all(Examples examples) {
        return DataSets.of(examples, IntStream.range(0, examples.size()).toArray(), examples.size());
    }

    private static double error(MultiLayerNetwork network, DataSet data) {
        Evaluation evaluation = new Evaluation(CLASSES);
        evaluation.eval(data.getLabels(), network.output(data.getFeatures()));
        return 1 - evaluation.accuracy();
    }
}
