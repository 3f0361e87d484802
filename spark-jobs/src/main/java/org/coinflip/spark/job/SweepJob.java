package org.coinflip.spark.job;

import java.util.Map;
import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.sweep.Sweep;
import org.coinflip.spark.sweep.SweepSpec;
import picocli.CommandLine.Command;

/** {@code sweep.sh}: many trials of an experiment as parallel Spark tasks. */
@Command(
        name = "sweep",
        mixinStandardHelpOptions = true,
        description = "Runs many trials of an experiment and compares them.",
        footer = {
            "",
            "Writes summary.json, table.csv, table.parquet, report.html, best/ and journal/ to output. Stopped at any moment, it goes on",
            "when it is started again with the same settings and output.",
            "Keys: an experiment's (see train.sh), and sweep { space { … }, constraints, trials, seed, replicates, sampler, scheduler,",
            "      first, evidence, keep-models, metric, mode, objectives, limits, compare, window, stop-after-failures,",
            "      budget { seconds, epochs }, trial, execution { as, trial-seconds, task-seconds, retries } }, ui, ui-port, tracking { … }.",
            "sweep.sh --best N train FOLDER [key=value …] trains the N-th best of the sweep in FOLDER by itself, as train.sh does.",
            "docs/sweeps.md says what they mean; conf/sweeps/*.conf are examples.",
            "A trial that fails is a row of the table; where none is done, the sweep ends with 1.",
            "SIGTERM ends it after what it has in the journal.",
            "--help KEY says what a key or a section is, such as sweep.sampler; docs/reference.md has all.",
            "Exit codes: 0 done, 2 usage, 3 data, 5 stopped by SIGTERM, 1 anything else."
        })
public final class SweepJob extends JobCommand {
    /** Runs the command line and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(run(new SweepJob(), arguments));
    }

    @Override
    boolean goesOn() {
        return true;
    }

    @Override
    Map<String, String> settingsOfSpark() {
        return TRIED_ONCE;
    }

    @Override
    void execute(Ending ending) {
        SweepSpec spec = SweepSpec.read(config());
        boolean isData =
                spec.space().axes().stream().anyMatch(axis -> axis.name().startsWith("data."));
        if (spec.program().program().needsData() && !isData) {
            requireData(spec.base());
        }
        Sweep sweep = Sweep.prepare(spec);
        try (LiveSession session = session("coinflip sweep", ending)) {
            sweep.run(session.spark(), ending);
        }
    }
}
