package org.coinflip.spark.reference;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.job.CompareJob;
import org.coinflip.spark.job.ConvertJob;
import org.coinflip.spark.job.EvaluateJob;
import org.coinflip.spark.job.LeagueJob;
import org.coinflip.spark.job.PredictJob;
import org.coinflip.spark.job.PrepareJob;
import org.coinflip.spark.job.StudyJob;
import org.coinflip.spark.job.SweepJob;
import org.coinflip.spark.job.TrainJob;
import picocli.CommandLine;

/** What is wrong with commands of a page, as far as that is known without running them: scripts, options, keys, files of conf/, tests. */
final class CommandLines {
    private static final Path PROJECT = Path.of("..");
    private static final Pattern SCRIPT =
            Pattern.compile("(?:(submit-scripts|benchmarks)/|/opt/.*/bin/|bin/)?([\\w./-]+\\.sh)");
    private static final Pattern WORD =
            Pattern.compile("'([^']*)'|\"([^\"]*)\"|\\\\\n|(\n|;|\\|+|&&)|(#[^\n]*)|([^\\s'\";|&]+)|(\\s)");
    private static final Pattern KEY = Pattern.compile("([\\w-]+(?:\\.[\\w-]+)*)=.*", Pattern.DOTALL);
    private static final String SPACE = "sweep.space.";

    private static final Map<String, Supplier<Object>> JOBS = Map.of(
            "prepare", PrepareJob::new,
            "train", TrainJob::new,
            "evaluate", EvaluateJob::new,
            "predict", PredictJob::new,
            "sweep", SweepJob::new,
            "league", LeagueJob::new,
            "study", StudyJob::new,
            "compare", CompareJob::new,
            "convert", ConvertJob::new);

    private final Reference reference;

    CommandLines(Reference reference) {
        this.reference = reference;
    }

    /** The commands of some lines of shell, each as its words; a word may be made of several quoted parts. */
    static List<List<String>> commands(String shell) {
        List<List<String>> commands = new ArrayList<>();
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        Matcher matcher = WORD.matcher(shell + "\n");
        while (matcher.find()) {
            boolean comment = matcher.group(4) != null && word.isEmpty();
            if (matcher.group(1) != null || matcher.group(2) != null) {
                word.append(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
            } else if (matcher.group(5) != null || matcher.group(4) != null && !comment) {
                word.append(matcher.group());
            } else {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                if (matcher.group(3) != null && !words.isEmpty()) {
                    commands.add(words);
                    words = new ArrayList<>();
                }
            }
        }
        return commands;
    }

    /** What is wrong, a line each. */
    List<String> faults(String shell) {
        List<String> faults = new ArrayList<>();
        for (List<String> command : commands(shell)) {
            List<String> words = new ArrayList<>(command);
            words.removeIf(word -> word.equals("…"));
            while (!words.isEmpty() && (words.get(0).matches("[A-Z_]+=.*|sudo|until|do|then|nice"))) {
                words.remove(0);
            }
            if (!words.isEmpty()) {
                faults.addAll(words.get(0).equals("mvn") ? ofMaven(words) : ofScript(words));
            }
        }
        return faults;
    }

    private static List<String> ofMaven(List<String> words) {
        List<String> faults = new ArrayList<>();
        for (String word : words) {
            if (word.startsWith("-Dtest=")) {
                for (String test : word.substring("-Dtest=".length()).split(",")) {
                    if (!ProjectFiles.classes().contains(test)) {
                        faults.add("no test " + test);
                    }
                }
            }
        }
        return faults;
    }

    private List<String> ofScript(List<String> words) {
        Matcher script = SCRIPT.matcher(words.get(0));
        if (!script.matches()) {
            return List.of();
        }
        String folder = script.group(1) == null ? "submit-scripts" : script.group(1);
        if (!Files.isExecutable(PROJECT.resolve(folder).resolve(script.group(2)))) {
            return List.of("no script " + words.get(0));
        }
        String job = script.group(2).replace(".sh", "");
        List<String> arguments = words.subList(1, words.size());
        if (job.equals("sweep") && arguments.size() > 3 && arguments.get(0).equals("--best")) {
            job = "train";
            arguments = arguments.subList(4, arguments.size());
        }
        return folder.equals("submit-scripts") && JOBS.containsKey(job) ? ofJob(job, arguments) : List.of();
    }

    private List<String> ofJob(String job, List<String> arguments) {
        List<String> faults = new ArrayList<>();
        try {
            CommandLine.ParseResult parsed =
                    new CommandLine(JOBS.get(job).get()).parseArgs(arguments.toArray(String[]::new));
            String file = parsed.matchedOptionValue("--conf", "");
            if (file.startsWith("conf/") && !Files.exists(PROJECT.resolve(file))) {
                faults.add("no file " + file);
            }
            List<String> settings = parsed.matchedPositionalValue(0, List.of());
            for (String setting : settings) {
                Matcher key = KEY.matcher(setting);
                if (key.matches() || parsed.isUsageHelpRequested()) {
                    known(job, key.matches() ? key.group(1) : setting).ifPresent(faults::add);
                } else if (!job.equals("compare")) {
                    faults.add(setting + " is no key=value");
                }
            }
        } catch (CommandLine.ParameterException e) {
            faults.add(e.getMessage());
        }
        return faults;
    }

    private Optional<String> known(String job, String key) {
        boolean ofTrial = job.equals("sweep") && key.startsWith(SPACE);
        try {
            reference.help(ofTrial ? "train" : job, ofTrial ? plain(key.substring(SPACE.length())) : key);
            return Optional.empty();
        } catch (UsageException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Without the type that stands for the layers of it: {@code network.layers.stochastic.units}. */
    private static String plain(String axis) {
        return axis.replaceFirst("^network\\.layers\\.[\\w-]+\\.", "network.layers.");
    }
}
