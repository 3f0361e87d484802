package org.coinflip.spark.job;

import com.typesafe.config.Config;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.output.Apart;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.comparison.Comparison;
import org.coinflip.spark.comparison.ComparisonSpec;
import org.coinflip.spark.output.HadoopConfiguration;
import picocli.CommandLine.Command;

/** {@code compare.sh RUN RUN …}: trainings side by side. Needs no Spark. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "Shows trainings side by side: what they came to, in which settings they differ, their curves.",
        footer = {
            "",
            "compare.sh out/a out/b out/c output=out/comparison   writes report.html and summary.json, and prints a line a run.",
            "A run is the output of a training, done or under way, or best/N of a sweep. Runs that are alike but for the seed are a group;",
            "      groups are compared seed by seed.",
            "Keys: name, runs [ … ] in the place of folders, output (out/comparison), overwrite.",
            "--help KEY says what a key is; docs/reference.md has all.",
            "Exit codes: 0 done, 2 usage, 3 data, 1 anything else."
        })
public final class CompareJob extends JobCommand {
    /** Runs the command line and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(run(new CompareJob(), arguments));
    }

    /** A word without {@code =} is a run. */
    @Override
    String listedIn() {
        return "runs";
    }

    @Override
    void execute(Ending ending) {
        Config config = config();
        ComparisonSpec spec = ComparisonSpec.read(Section.root(config));
        Configuration conf = HadoopConfiguration.ofDriver();
        Map<String, String> inputs = new HashMap<>();
        List<String> runs = spec.runs();
        for (int i = 0; i < runs.size(); i++) {
            inputs.put("runs[" + i + "]", runs.get(i));
        }
        Apart.require(spec.output(), inputs, conf);
        Comparison.prepare(spec, conf).write();
    }
}
