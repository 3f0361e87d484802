package org.coinflip.spark.job;

import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.train.Training;
import picocli.CommandLine.Command;

/** {@code train.sh}: trains the network of an experiment. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = "Trains a network of stochastic neurons by parameter averaging.",
        footer = {
            "",
            "Writes summary.json, metrics.jsonl, report.html and model/ to output.",
            "Keys: name, seed, output, overwrite, data { … }, network.layers [ … ], training { … },",
            "      averaging { workers, steps-per-round, partitions }, evaluation { mode, draws }, validation { every }.",
            "conf/digits.conf and conf/mnist/*.conf are examples; an unknown key is refused with the nearest known one.",
            "Exit codes: 0 done, 2 usage, 3 data, 4 diverged, 1 anything else."
        })
public final class TrainJob extends JobCommand implements Callable<Integer> {
    /** Runs the command line and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(run(new TrainJob(), arguments));
    }

    @Override
    public Integer call() {
        Experiment experiment = Experiment.read(config());
        Training training = Training.prepare(experiment);
        try (SparkSession session = Sessions.start("coinflip train " + experiment.name(), master())) {
            training.run(JavaSparkContext.fromSparkContext(session.sparkContext()));
        }
        return 0;
    }
}
