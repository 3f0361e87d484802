package org.coinflip.spark.job;

import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.inference.Evaluation;
import picocli.CommandLine.Command;

/** {@code evaluate.sh}: how a trained network does on labelled examples. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = "Measures how a trained network does: error, confusion, calibration, what its draws tell.",
        footer = {
            "",
            "Writes summary.json and report.html to output, and prints a table; docs/measures.md says what each measure is.",
            "Example: evaluate.sh model=out/digits/model data.source=digits evaluation.mode=samples evaluation.draws=100",
            "Keys: model (the folder model/ of a training), data { … }, split (test, valid, train, all), output, overwrite,",
            "      evaluation { mode, draws } and seed (by default the training's), partitions.",
            "Without data.source they are those of the training, by the summary.json beside model/; data.path alone is another such file.",
            "Raw data go through the transformation that was fitted in the model's training, whatever data.scale says;",
            "prepared data must have been prepared with the same one.",
            "--help KEY says what a key or a section is, such as evaluation.mode; docs/reference.md has all.",
            "Exit codes: 0 done, 2 usage, 3 data, 1 anything else."
        })
public final class EvaluateJob extends JobCommand {
    /** Runs the command line and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(run(new EvaluateJob(), arguments));
    }

    @Override
    void execute(Ending ending) {
        Evaluation evaluation = Evaluation.prepare(config());
        try (LiveSession session = session("coinflip evaluate", ending)) {
            evaluation.run(session.context());
        }
    }
}
