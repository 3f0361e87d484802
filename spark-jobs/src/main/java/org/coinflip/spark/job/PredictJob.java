package org.coinflip.spark.job;

import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.inference.Prediction;
import picocli.CommandLine.Command;

/** {@code predict.sh}: what a trained network says of examples, labelled or not. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description = "Predicts the class of examples with the probability of each class, or their values.",
        footer = {
            "",
            "Writes predictions/ (a file a partition: id, label where there is one, predicted, p0, p1 …) and summary.json",
            "to output. Example: predict.sh model=out/digits/model data.source=idx data.images=new.gz format=csv",
            "Keys: model (the folder model/ of a training), data { … }, split (all, test, valid, train), output, overwrite,",
            "      format (parquet, csv), evaluation { mode, draws } and seed (by default the training's), partitions.",
            "Examples need no labels: idx without data.labels, csv with data.label-column=none. Named columns are found by name.",
            "Without data.source they are those of the training, by the summary.json beside model/; data.path alone is another such file.",
            "Raw data go through the transformation that was fitted in the model's training, whatever data.scale says;",
            "prepared data must have been prepared with the same one.",
            "--help KEY says what a key or a section is, such as data.path; docs/reference.md has all.",
            "Exit codes: 0 done, 2 usage, 3 data, 1 anything else."
        })
public final class PredictJob extends JobCommand {
    /** Runs the command line and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(run(new PredictJob(), arguments));
    }

    @Override
    void execute(Ending ending) {
        Prediction prediction = Prediction.prepare(config());
        try (LiveSession session = session("coinflip predict", ending)) {
            prediction.run(session.spark());
        }
    }
}
