package org.coinflip.spark.job;

import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.explanation.Explaining;
import picocli.CommandLine.Command;

/** {@code explain.sh}: one example of one past step. Needs no Spark, but where tables are read by it. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description =
                "Recomputes what became of one example in a past step: coins, losses, learning signals, gradients.",
        footer = {
            "",
            "Writes explanation.json, layer-N.csv for each stochastic layer and report.html to output, and prints a few lines.",
            "Example: explain.sh model=out/digits example=17 epoch=3",
            "Keys: model, example (its id, as predictions have it), epoch (from 1), step (from 1, of the epoch), draw (0 is training's),",
            "      reference-draws (64; 0 for none), data { … } where the training's data lie elsewhere, output, overwrite.",
            "model is the output of a training that has ended: the step in which the example was taken is come to by taking the rounds",
            "since the checkpoint before it once more, to the bit. Another step: the example alone, under the parameters before that step.",
            "model/ or a checkpoint, such as out/digits/checkpoints/round-00000100: those parameters, with the noise of the epoch.",
            "--help KEY says what a key is; docs/explain.md what is exact, and what the columns are.",
            "Exit codes: 0 done, 2 usage, 3 data, 1 anything else."
        })
public final class ExplainJob extends JobCommand {
    /** Runs the command line and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(run(new ExplainJob(), arguments));
    }

    @Override
    void execute(Ending ending) {
        Explaining.prepare(config()).run();
    }
}
