package org.coinflip.spark.job;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.coinflip.data.output.Apart;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.checkpoint.StopRequest;
import org.coinflip.spark.output.HadoopConfiguration;
import org.coinflip.spark.output.ProgressLine;
import org.coinflip.spark.output.Reason;
import org.coinflip.spark.reference.Reference;
import org.coinflip.spark.table.SessionOnDemand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What every job's command line is: {@code [--master URL] [--conf FILE] [key=value …]}, or {@code --help [KEY]}. A key given on the command line wins over the
 * file's. A failure is one line; the stack trace goes to the log. Exit codes: 0 done, 2 usage, 3 data, 4 diverged, 5 stopped on request where it can go on,
 * 1 anything else. A signal ends a job that cannot go on with 128 and its number, after a line.
 */
abstract class JobCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(JobCommand.class);

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "how long to wait for the cluster, at most (default: ${DEFAULT-VALUE})")
    private long wait;

    /** How Spark says that an executor ended for its heap's sake, and Linux for the machine's. */
    private static final String HEAP_EXHAUSTED = "exited with code 52";

    /** For jobs of trials: what is lost is tried again as their settings say, not by Spark in silence. */
    static final Map<String, String> TRIED_ONCE = Map.of("spark.task.maxFailures", "1");

    private static final String STAGE_GIVEN_UP = "has failed the maximum allowable number of times";
    private static final String KILLED_FOR_MEMORY = "exited with code 137";

    /** What Java makes of bytes that are no characters of the locale. */
    private static final char UNREADABLE = '\uFFFD';

    @Option(names = "--quiet", description = "says nothing of how far it is, only what came of it")
    private boolean quiet;

    @Option(names = "--conf", paramLabel = "FILE", description = "experiment file (HOCON), on any Hadoop file system")
    private String file;

    @Option(
            names = "--master",
            paramLabel = "URL",
            description = "Spark master, such as local[2] (default: SPARK_MASTER, else local[*])")
    private String master;

    @Parameters(paramLabel = "key=value", description = "settings that win over the file's, such as training.epochs=5")
    private List<String> settings = new ArrayList<>();

    /** Runs a job's command line and gives its exit code. */
    static int run(JobCommand job, String[] arguments) {
        CommandLine line = new CommandLine(job);
        line.setParameterExceptionHandler((e, ignored) -> report(
                new UsageException(e.getMessage() + ": --help lists what " + line.getCommandName() + " takes", e)));
        line.setExecutionExceptionHandler((e, ignored, parsed) -> report(e));
        line.setExecutionStrategy(parsed -> parsed.isUsageHelpRequested() && !job.settings.isEmpty()
                ? job.explain(line)
                : new CommandLine.RunLast().execute(parsed));
        try {
            return line.execute(arguments);
        } catch (OutOfMemoryError | StackOverflowError | FSError e) {
            return report(e);
        }
    }

    /** {@code --help KEY}: what is known of a key or a section. */
    private int explain(CommandLine line) {
        try {
            Reference reference = Reference.gather();
            for (String setting : settings) {
                line.getOut().println(reference.help(line.getCommandName(), setting.replaceFirst("=.*", "")));
            }
            return 0;
        } catch (UsageException e) {
            return report(e);
        }
    }

    private static int report(Throwable e) {
        // what a task refused comes back inside an exception of Spark's
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CoinflipException known) {
                say(known.getMessage());
                LOG.debug("The job ended", e);
                return known.exitCode();
            }
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            Optional<String> known = known(cause);
            if (known.isPresent()) {
                say(known.get());
                LOG.error("The job failed", e);
                return 1;
            }
        }
        String log = System.getenv().getOrDefault("COINFLIP_LOG", "the log");
        say("unexpected: " + e.toString().lines().findFirst().orElse("") + ": " + log + " has the stack trace");
        LOG.error("The job failed", e);
        return 1;
    }

    /** In one line, without what a terminal would take for orders: names of files and values come from elsewhere. */
    private static void say(String line) {
        System.err.println(line.replaceAll("\\p{Cntrl}", "?"));
    }

    /** What is no failure of ours, and still has a remedy. */
    private static Optional<String> known(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof OutOfMemoryError || message.contains("java.lang.OutOfMemoryError")) {
            long megabytes = Runtime.getRuntime().maxMemory() >> 20;
            return Optional.of("out of memory, with a heap of " + megabytes + " MB for the driver: give more by"
                    + " DRIVER_MEMORY, and executors by spark.executor.memory");
        }
        if (message.contains(HEAP_EXHAUSTED) || message.contains(KILLED_FOR_MEMORY)) {
            return Optional.of("out of memory on an executor (" + Reason.of(cause)
                    + "): give executors more by spark.executor.memory, or spark.executor.memoryOverhead where it was"
                    + " killed, or take fewer cores an executor");
        }
        if (message.contains(STAGE_GIVEN_UP)) {
            return Optional.of("executors were lost again and again, as often as one stage allows: most often they ran"
                    + " out of memory: give them more by spark.executor.memory, or take fewer cores an executor; the log"
                    + " says what each ended with");
        }
        if (message.contains("No space left on device") || message.contains("Disk quota exceeded")) {
            return Optional.of("a file cannot be written (" + Reason.of(cause) + "): make room, and start again;"
                    + " a training goes on with resume=true");
        }
        if (message.contains("spark.driver.maxResultSize")) {
            return Optional.of("spark.driver.maxResultSize: tasks sent more than it allows (" + Reason.of(cause)
                    + "): raise it, or remove it");
        }
        if (message.contains("spark.rpc.message.maxSize")) {
            return Optional.of("spark.rpc.message.maxSize: a message is larger than it allows (" + Reason.of(cause)
                    + "): raise it");
        }
        return Optional.empty();
    }

    @Override
    public final Integer call() {
        try (StopRequest ending = StopRequest.listen(goesOn());
                Early early = new Early(ending)) {
            execute(ending);
        }
        return 0;
    }

    /** Spark that data are read by before the job starts it. */
    private final class Early implements AutoCloseable {
        private LiveSession started;

        private Early(Ending ending) {
            SessionOnDemand.offer(() -> {
                started = session(
                        "coinflip "
                                + JobCommand.this
                                        .getClass()
                                        .getAnnotation(Command.class)
                                        .name(),
                        ending);
                return started.spark();
            });
        }

        @Override
        public void close() {
            SessionOnDemand.offer(null);
            if (started != null) {
                started.close();
            }
        }
    }

    /**
     * Does the job.
     *
     * @param ending whether it is asked to end; as long as the job says nothing else, the process then ends at once
     */
    abstract void execute(Ending ending);

    /** Whether the job, where it was stopped, goes on when it is started again. */
    boolean goesOn() {
        return false;
    }

    /** Starts Spark, on the master that was asked for. */
    final LiveSession session(String name, Ending ending) {
        Map<String, String> ofJob = new HashMap<>(settingsOfSpark());
        ofJob.put(ProgressLine.SHOWN, String.valueOf(!quiet));
        return new LiveSession(Sessions.start(name, master, ofJob, new Waiting(wait, ending)));
    }

    /** What the job wants of Spark where spark-submit was told nothing. */
    Map<String, String> settingsOfSpark() {
        return Map.of();
    }

    /** The file with the command line's settings on top. */
    final Config config() {
        try {
            return read();
        } catch (StackOverflowError e) {
            throw new UsageException(
                    place() + " is nested too deeply, or includes itself, expected settings: correct it", e);
        }
    }

    /** Where the settings come from, for messages. */
    private String place() {
        return file == null ? "the settings of the command line:" : "--conf " + file + ":";
    }

    private Config read() {
        Config config = ConfigFactory.empty();
        if (file != null) {
            try {
                config = ExperimentFile.parse(file);
            } catch (ConfigException e) {
                throw new UsageException("--conf " + e.getMessage() + ": correct the file", e);
            }
        }
        List<String> overridden = new ArrayList<>();
        List<String> listed = new ArrayList<>();
        for (String setting : settings) {
            if (setting.indexOf(UNREADABLE) >= 0) {
                throw new UsageException(
                        "got " + setting + ", which this locale cannot read, expected UTF-8: set LC_ALL=C.UTF-8");
            }
            int equals = setting.indexOf('=');
            if (equals < 0 && !listedIn().isEmpty()) {
                listed.add(setting);
                continue;
            }
            if (equals < 1) {
                throw new UsageException("got " + setting + ", expected key=value, such as training.epochs=5"
                        + (setting.endsWith(".conf") ? ": an experiment file is given as --conf " + setting : ""));
            }
            overridden.add(setting.substring(0, equals));
            config = with(config, setting.substring(0, equals), setting.substring(equals + 1));
        }
        if (!listed.isEmpty()) {
            if (config.hasPath(listedIn())) {
                throw new UsageException(listedIn() + ": got " + listed.get(0) + " and " + listedIn()
                        + "=…, expected all in one place: put all into " + listedIn() + "=[…]");
            }
            config = config.withValue(listedIn(), ConfigValueFactory.fromIterable(listed));
        }
        try {
            config = config.resolve();
        } catch (ConfigException e) {
            throw new UsageException(place() + " " + e.getMessage() + ": correct it", e);
        }
        requirePlain(config);
        if (file != null) {
            Configuration hadoop = HadoopConfiguration.ofDriver();
            config = BesideFile.found(file, config, overridden, hadoop);
            if (config.hasPath("output")) {
                Apart.require(Section.root(config).text("output"), Map.of("--conf", file), hadoop);
            }
        }
        return config;
    }

    /** The key of the list that words of the command line without {@code =} make up; empty where there are to be none. */
    String listedIn() {
        return "";
    }

    /** Refuses a file that does not say where examples come from: digits come along, and nobody would see that they were taken. */
    final void requireData(Config config) {
        if (file != null && !config.hasPath("data")) {
            throw new UsageException("data: got nothing in --conf " + file + ", expected where examples come from: give"
                    + " data { source = … }, or data.source=digits for the digits that come along");
        }
    }

    /** Control characters in settings would reach terminals and reports. */
    private static void requirePlain(Config config) {
        config.entrySet().forEach(entry -> {
            String text = entry.getKey() + " " + entry.getValue().unwrapped();
            if (text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t' && c != '\r')) {
                throw new UsageException(entry.getKey() + ": got control characters, expected text: remove them");
            }
        });
    }

    private static Config with(Config config, String key, String value) {
        try {
            return config.withValue(key, value(value));
        } catch (ConfigException e) {
            throw new UsageException("got " + key + "=" + value + ", expected key=value (" + e.getMessage() + ")", e);
        }
    }

    /** Lists, sections and quoted text are HOCON; all else is text, which Config reads as the number or flag it looks like. */
    private static ConfigValue value(String text) {
        return text.startsWith("[") || text.startsWith("{") || text.startsWith("\"")
                ? ConfigFactory.parseString("value = " + text).getValue("value")
                : ConfigValueFactory.fromAnyRef(text);
    }
}
