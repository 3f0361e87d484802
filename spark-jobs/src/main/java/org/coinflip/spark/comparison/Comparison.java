package org.coinflip.spark.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.output.Versions;
import org.coinflip.spark.report.StudyReport;
import org.coinflip.spark.report.StudyReport.Axes;
import org.coinflip.spark.report.StudyReport.Line;
import org.coinflip.spark.report.chart.Numbers;
import org.coinflip.spark.sweep.result.Interval;

/**
 * Trainings side by side: what each came to, the settings in which they differ, their curves over one another, and where several have the same settings but for
 * the seed, the differences of such groups seed by seed.
 */
public final class Comparison {
    private static final String[] FILES = {"summary.json", "report.html"};
    private static final String NONE = "–";

    private final ComparisonSpec spec;
    private final List<ComparedRun> runs;
    private final RunDirectory folder;

    private Comparison(ComparisonSpec spec, List<ComparedRun> runs, RunDirectory folder) {
        this.spec = spec;
        this.runs = runs;
        this.folder = folder;
    }

    /** Reads the runs, and checks the output. */
    public static Comparison prepare(ComparisonSpec spec, Configuration conf) {
        RunDirectory folder = RunDirectory.at(spec.output(), spec.overwrite(), conf);
        List<ComparedRun> read = new ArrayList<>();
        spec.runs().forEach(run -> read.add(ComparedRun.read(run, conf)));
        return new Comparison(spec, named(read), folder);
    }

    /** Each by the last part of its path, or as many as tell all apart. */
    private static List<ComparedRun> named(List<ComparedRun> runs) {
        for (int parts = 1; ; parts++) {
            int taken = parts;
            List<String> names =
                    runs.stream().map(run -> last(run.name(), taken)).toList();
            boolean longest = names.equals(runs.stream().map(ComparedRun::name).toList());
            if (longest || names.stream().distinct().count() == names.size()) {
                List<ComparedRun> named = new ArrayList<>();
                for (int i = 0; i < runs.size(); i++) {
                    named.add(runs.get(i).named(names.get(i)));
                }
                return named;
            }
        }
    }

    private static String last(String path, int parts) {
        String whole = path.replaceAll("/+$", "");
        int from = whole.length();
        for (int i = 0; i < parts && from > 0; i++) {
            from = whole.lastIndexOf('/', from - 1);
        }
        return from <= 0 ? path : whole.substring(from + 1);
    }

    /** Writes the page and prints the table of the runs. */
    public void write() {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("job", "compare");
        summary.put("name", spec.name());
        summary.put("status", "done");
        summary.put("started", Instant.now().toString());
        summary.put("runs", spec.runs());
        List<List<String>> differences = differences();
        summary.put(
                "settingsThatDiffer",
                differences.stream().map(row -> row.get(0)).toList());
        List<Group> groups = groups();
        summary.put("groups", groups.stream().map(Group::asMap).toList());
        summary.put("versions", Versions.of("none", "none"));
        try (RunDirectory.Hold hold = folder.hold("compare")) {
            folder.create(FILES);
            folder.write("report.html", report(differences, groups).html(summary));
            folder.writeSealed("summary.json", summary);
        }
        print();
    }

    private void print() {
        int width = runs.stream().mapToInt(run -> run.name().length()).max().orElse(0);
        for (ComparedRun run : runs) {
            System.out.printf(
                    Locale.ROOT,
                    "%-" + width + "s  %s, valid %s, test %s%n",
                    run.name().replaceAll("\\p{Cntrl}", "?"),
                    run.status(),
                    score(run, "valid"),
                    score(run, "test"));
        }
        System.out.println("report " + folder.path("report.html"));
    }

    private StudyReport report(List<List<String>> differences, List<Group> groups) {
        StudyReport report = new StudyReport();
        report.tile("Runs", String.valueOf(runs.size()), "");
        report.table(
                "Runs",
                "Errors of one network on its split; the interval is Wilson's, of other such examples.",
                List.of("run", "status", "epochs", "valid", "test", "test interval", "parameters", "seconds"),
                runs.stream().map(this::row).toList());
        List<String> headings = new ArrayList<>(List.of("setting"));
        runs.forEach(run -> headings.add(run.name()));
        report.table(
                "Settings that differ",
                differences.isEmpty() ? "None, as far as their summaries say." : "",
                headings,
                differences);
        if (!groups.isEmpty()) {
            report.table(
                    "Alike but for the seed",
                    "Means over seeds, and differences to the first seed by seed, with Student's 95 % interval; empty where two groups have fewer than two"
                            + " seeds in common. The first was chosen for its value, which flatters it.",
                    List.of("runs", "seeds", "valid " + measure(), "behind the first", "test " + measure()),
                    groups.stream().map(group -> group.row(groups.get(0))).toList());
        }
        charts(report);
        return report;
    }

    private List<String> row(ComparedRun run) {
        OptionalDouble error = run.score("test", "error");
        OptionalDouble examples = run.score("test", "examples");
        String interval = NONE;
        if (run.score("test", "errors").isPresent() && examples.isPresent()) {
            Interval of = Interval.ofFraction(error.getAsDouble(), examples.getAsDouble());
            interval = Numbers.percent(of.low()) + " to " + Numbers.percent(of.high());
        }
        return List.of(
                run.name(),
                run.status(),
                run.lines().isEmpty()
                        ? NONE
                        : Numbers.figure(run.lines()
                                .get(run.lines().size() - 1)
                                .path("epoch")
                                .asDouble()),
                score(run, "valid"),
                score(run, "test"),
                interval,
                run.summary().path("parametersSha256").asText(NONE).replaceFirst("(?<=^.{12}).*", "…"),
                run.number("wallSeconds").isPresent()
                        ? Numbers.duration(run.number("wallSeconds").getAsDouble())
                        : NONE);
    }

    /** The error where the network classifies, otherwise the loss. */
    private static String score(ComparedRun run, String split) {
        OptionalDouble error = run.score(split, "error");
        OptionalDouble loss = run.score(split, "loss");
        if (error.isPresent()) {
            return Numbers.percent(error.getAsDouble());
        }
        return loss.isPresent() ? "loss " + Numbers.figure(loss.getAsDouble()) : NONE;
    }

    private String measure() {
        return runs.stream()
                        .filter(run -> run.score("valid", "loss").isPresent())
                        .allMatch(run -> run.score("valid", "error").isPresent())
                ? "error"
                : "loss";
    }

    /** A row for each setting that is not the same in all runs that say theirs. */
    private List<List<String>> differences() {
        List<Map<String, String>> all = runs.stream().map(ComparedRun::settings).toList();
        TreeSet<String> keys = new TreeSet<>();
        all.forEach(settings -> keys.addAll(settings.keySet()));
        return keys.stream()
                .filter(key -> all.stream()
                                .filter(settings -> !settings.isEmpty())
                                .map(settings -> settings.getOrDefault(key, ""))
                                .distinct()
                                .count()
                        > 1)
                .map(key -> {
                    List<String> row = new ArrayList<>(List.of(key));
                    all.forEach(settings -> row.add(settings.getOrDefault(key, NONE)));
                    return row;
                })
                .toList();
    }

    /** Runs alike but for the seed, the group with the least validation measure first; none where no two are. */
    private List<Group> groups() {
        String measure = measure();
        Map<Map<String, String>, TreeMap<Double, ComparedRun>> bySettings = new LinkedHashMap<>();
        for (ComparedRun run : runs) {
            Map<String, String> settings = new HashMap<>(run.settings());
            settings.remove("seed");
            if (run.seed().isPresent() && run.score("valid", measure).isPresent()) {
                ComparedRun first = bySettings
                        .computeIfAbsent(settings, of -> new TreeMap<>())
                        .putIfAbsent(run.seed().getAsDouble(), run);
                if (first != null) {
                    System.err.println("warning: " + first.name() + " and " + run.name()
                            + " have one seed and the same settings: among groups " + first.name()
                            + " stands for both");
                }
            }
        }
        if (bySettings.values().stream().allMatch(seeds -> seeds.size() < 2)) {
            return List.of();
        }
        return bySettings.values().stream()
                .map(seeds -> new Group(measure, seeds))
                .sorted((a, b) -> Double.compare(a.valid().mean(), b.valid().mean()))
                .toList();
    }

    /**
     * Runs of the same settings.
     *
     * @param measure what they are compared by
     * @param seeds by seed
     */
    private record Group(String measure, TreeMap<Double, ComparedRun> seeds) {
        Interval valid() {
            return Interval.ofMean(values("valid"));
        }

        private double[] values(String split) {
            return seeds.values().stream()
                    .mapToDouble(run -> run.score(split, measure).orElse(Double.NaN))
                    .toArray();
        }

        private String names() {
            return seeds.values().stream().map(ComparedRun::name).collect(Collectors.joining(", "));
        }

        /** The difference to another, seed by seed. */
        private Interval behind(Group first) {
            return Interval.ofMean(seeds.keySet().stream()
                    .filter(first.seeds::containsKey)
                    .mapToDouble(seed -> seeds.get(seed).score("valid", measure).getAsDouble()
                            - first.seeds.get(seed).score("valid", measure).getAsDouble())
                    .toArray());
        }

        List<String> row(Group first) {
            Interval behind = behind(first);
            return List.of(
                    names(),
                    String.valueOf(seeds.size()),
                    written(valid()),
                    this == first || !behind.isKnown() ? "" : written(behind),
                    written(Interval.ofMean(values("test"))));
        }

        private String written(Interval interval) {
            Function<Double, String> number = measure.equals("error") ? Numbers::percent : Numbers::figure;
            return Double.isNaN(interval.mean())
                    ? NONE
                    : number.apply(interval.mean())
                            + (interval.isKnown()
                                    ? " (" + number.apply(interval.low()) + " to " + number.apply(interval.high()) + ")"
                                    : "");
        }

        Map<String, Object> asMap() {
            return Map.of("runs", seeds.values().stream().map(ComparedRun::name).toList(), "valid", valid().asMap());
        }
    }

    private void charts(StudyReport report) {
        ToDoubleFunction<JsonNode> epochs = line -> line.path("epoch").asDouble(Double.NaN);
        ToDoubleFunction<JsonNode> seconds = line -> line.path("seconds").asDouble(Double.NaN);
        chart(report, "Validation error", "%", false, "epochs", epochs, line -> 100 * at(line, "/valid/error"));
        chart(report, "Validation loss", "loss", false, "epochs", epochs, line -> at(line, "/valid/loss"));
        chart(report, "Training loss", "loss", false, "epochs", epochs, line -> at(line, "/trainLoss"));
        chart(report, "Return", "of an episode", false, "epochs", epochs, line -> at(line, "/meanReturn"));
        chart(report, "Learning rate", "η", true, "epochs", epochs, line -> at(line, "/learningRate"));
        chart(
                report,
                "Validation error in time",
                "%",
                false,
                "seconds",
                seconds,
                line -> 100 * at(line, "/valid/error"));
        chart(report, "Validation loss in time", "loss", false, "seconds", seconds, line -> at(line, "/valid/loss"));
    }

    private static double at(JsonNode line, String pointer) {
        return line.at(pointer).asDouble(Double.NaN);
    }

    /** Curves of all runs at the places of all of them. */
    private void chart(
            StudyReport report,
            String title,
            String unit,
            boolean logarithmic,
            String along,
            ToDoubleFunction<JsonNode> place,
            ToDoubleFunction<JsonNode> value) {
        TreeMap<Double, Map<Integer, Double>> points = new TreeMap<>();
        for (int i = 0; i < runs.size(); i++) {
            for (JsonNode line : runs.get(i).lines()) {
                double x = place.applyAsDouble(line);
                double y = value.applyAsDouble(line);
                if (Double.isFinite(x) && Double.isFinite(y)) {
                    points.computeIfAbsent(x, at -> new HashMap<>()).put(i, y);
                }
            }
        }
        List<Line> curves = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            int run = i;
            curves.add(new Line(
                    runs.get(i).name(),
                    points.values().stream()
                            .map(at -> at.getOrDefault(run, Double.NaN))
                            .toList(),
                    List.of()));
        }
        report.chart(title, "", new Axes(along, unit, logarithmic), List.copyOf(points.keySet()), curves);
    }
}
