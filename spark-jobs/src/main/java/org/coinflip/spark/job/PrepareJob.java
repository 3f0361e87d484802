package org.coinflip.spark.job;

import com.typesafe.config.Config;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.Description;
import org.coinflip.data.Preparation;
import org.coinflip.data.Split;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.experiment.PrepareSpec;
import org.coinflip.spark.output.HadoopConfiguration;
import org.coinflip.spark.output.Redaction;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.table.SparkPreparation;
import picocli.CommandLine.Command;

/** {@code prepare.sh}: writes data as Parquet shards, split and scaled. Starts Spark for tables that Spark reads, and for large ones. */
@Command(
        name = "prepare",
        mixinStandardHelpOptions = true,
        description = "Reads, checks, splits and scales data, and writes them as Parquet shards.",
        footer = {
            "",
            "Writes {train,valid,test}/part-*.parquet, manifest.json and summary.json to output.",
            "Example: prepare.sh data.source=csv data.path=x.csv output=out/prepared",
            "Keys: data { … }, output, shards (files a split; 4, of large tables more), overwrite (what jobs wrote, only).",
            "--help KEY says what a key or a section is, such as data.split; docs/reference.md has all.",
            "Exit codes: 0 done, 2 usage, 3 data, 1 anything else."
        })
public final class PrepareJob extends JobCommand {
    /** More classes than this do not fit a line. */
    private static final int LISTED_CLASSES = 20;

    /** Runs the command line and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(run(new PrepareJob(), arguments));
    }

    @Override
    void execute(Ending ending) {
        Instant started = Instant.now();
        long began = System.nanoTime();
        Config given = config();
        requireData(given);
        PrepareSpec spec = PrepareSpec.read(Section.root(given));
        Configuration conf = HadoopConfiguration.ofDriver();
        Description description = SparkPreparation.serves(spec.data(), conf)
                ? bySpark(spec, conf, ending)
                : Preparation.prepare(
                        spec.data(), spec.output(), spec.shards().orElse(Preparation.SHARDS), spec.overwrite(), conf);
        double seconds = (System.nanoTime() - began) / 1e9;

        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("job", "prepare");
        summary.put("status", "done");
        summary.put("started", started.toString());
        summary.put("wallSeconds", seconds);
        summary.put("name", description.name());
        summary.put("width", description.width());
        summary.put("classes", description.classes());
        summary.put("counts", counts(description));
        summary.put("classHistogram", histogram(description));
        summary.put("config", Redaction.redact(spec.write()));
        RunDirectory run = RunDirectory.at(spec.output(), true, conf);
        run.writeSealed("summary.json", summary);
        print(description, run.path("manifest.json").toString());
    }

    private Description bySpark(PrepareSpec spec, Configuration conf, Ending ending) {
        try (LiveSession session = session("coinflip prepare", ending)) {
            return SparkPreparation.prepare(
                    spec.data(), spec.output(), spec.shards(), spec.overwrite(), conf, session.spark());
        }
    }

    private static Map<String, Integer> counts(Description description) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Split split : Split.values()) {
            counts.put(split.toString(), description.split(split).examples());
        }
        return counts;
    }

    /** Examples of each class over all splits. */
    private static List<Integer> histogram(Description description) {
        List<Integer> histogram = new ArrayList<>();
        for (int c = 0; c < description.classes(); c++) {
            int sum = 0;
            for (Split split : Split.values()) {
                sum += description.split(split).classHistogram().get(c);
            }
            histogram.add(sum);
        }
        return histogram;
    }

    private static void print(Description description, String manifest) {
        String counts = counts(description).entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
        System.out.println(description.name() + ": " + counts + " examples of " + description.width() + " features");
        List<Integer> histogram = histogram(description);
        System.out.println(description.classes() + " classes"
                + (histogram.isEmpty() ? "" : ": ")
                + histogram.stream().limit(LISTED_CLASSES).map(String::valueOf).collect(Collectors.joining(" "))
                + (histogram.size() > LISTED_CLASSES ? " …" : ""));
        description.notes().forEach(System.out::println);
        System.out.println("prepared " + manifest);
    }
}
