package org.coinflip.spark.job;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.experiment.Resume;
import org.coinflip.spark.experiment.RewardExperiment;
import org.coinflip.spark.preflight.Finding;
import org.coinflip.spark.preflight.Preflight;
import org.coinflip.spark.record.FinishedTraining;
import org.coinflip.spark.train.PolicyTraining;
import org.coinflip.spark.train.Training;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code train.sh}: trains the network of an experiment. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = "Trains a network of stochastic neurons by parameter averaging.",
        footer = {
            "",
            "Writes summary.json, metrics.jsonl, report.html, model/ and checkpoints/ to output.",
            "Keys: name, seed, output, overwrite, resume, data { … }, network.layers [ … ], start.model, training { … },",
            "      averaging { workers, steps-per-round, growth, quadratic, local-after, outer { … }, updater-state, partitions, storage },",
            "      evaluation { mode, draws }, validation { every, patience, metric, draws, examples, reference-draws },",
            "      checkpoint { every, minutes, keep, best, grace }, arithmetic (fast or portable),",
            "      backend (coinflip or dl4j), tracking { tensorboard, mlflow { … } }.",
            "resume=true goes on from the latest checkpoint in output, to the same bits; resume=round-00000100 from that one.",
            "validation.patience=N ends the training after N validations without a better one, and keeps the best parameters.",
            "training.max-seconds ends it after the round, with the model; resume=true and a longer time go on.",
            "SIGTERM ends it after the round, with a checkpoint; after checkpoint.grace seconds with what there is.",
            "An environment { type = bandit | cart-pole | grid-world, … } in the place of data trains a policy on its rewards.",
            "conf/digits.conf and conf/mnist/*.conf are examples; an unknown key is refused with the nearest known one.",
            "--help KEY says what a key or a section is, such as training.updater; docs/reference.md has all.",
            "Exit codes: 0 done, 2 usage, 3 data, 4 diverged, 5 stopped by SIGTERM, 1 anything else."
        })
public final class TrainJob extends JobCommand {
    @Option(
            names = "--preflight",
            description =
                    "checks whether cluster and settings fit, prints the findings, and ends, with 2 where something would fail")
    private boolean preflight;

    /** Runs the command line and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(run(new TrainJob(), arguments));
    }

    @Override
    boolean goesOn() {
        return true;
    }

    @Override
    void execute(Ending ending) {
        Config config = config();
        if (RewardExperiment.isIn(config)) {
            if (preflight) {
                throw new UsageException("--preflight: got an environment, expected data: leave it out");
            }
            RewardExperiment experiment = RewardExperiment.read(config);
            run(
                    experiment.name(),
                    experiment.output(),
                    experiment.resume(),
                    experiment.training(),
                    () -> PolicyTraining.prepare(experiment)::run,
                    ending);
        } else {
            requireData(config);
            Experiment experiment = Experiment.read(config);
            run(
                    experiment.name(),
                    experiment.output(),
                    experiment.resume(),
                    experiment.training(),
                    () -> {
                        Training training = Training.prepare(experiment);
                        return preflight
                                ? (spark, asked) -> {
                                    List<Finding> findings = training.preflight(spark);
                                    findings.forEach(System.out::println);
                                    Preflight.refuse(findings);
                                }
                                : training::run;
                    },
                    ending);
        }
    }

    private void run(
            String name,
            String output,
            Resume resume,
            TrainingSpec settings,
            Supplier<BiConsumer<JavaSparkContext, Ending>> prepare,
            Ending ending) {
        // it checks the settings against what is there, be it finished or not
        BiConsumer<JavaSparkContext, Ending> training = prepare.get();
        Optional<String> finished = FinishedTraining.in(output, resume, settings);
        if (finished.isPresent()) {
            System.out.println(finished.get());
            return;
        }
        try (LiveSession session = session("coinflip train " + name, ending)) {
            training.accept(session.context(), ending);
        }
    }
}
