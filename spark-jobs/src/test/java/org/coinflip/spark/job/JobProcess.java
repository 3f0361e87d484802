package org.coinflip.spark.job;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A job in a JVM of its own, through spark-submit as the scripts start it.
 *
 * @param exit its exit code
 * @param errors the lines of its standard error, but the one in which the JVM names its incubator modules, which the scripts leave out, and those
 *     that tell of the machine: of a master and executors that take more than five seconds to come, as on a busy one they do, and of an environment that
 *     has its processor compute slowly
 */
record JobProcess(int exit, List<String> errors) {
    private static final String CLASS_PATH = System.getProperty("java.class.path");

    /** This project's part of it, which executors get as on a cluster: as jars, whose classes those that Spark starts with do not see. */
    private static final String JARS;
    /** The rest, which is as if it were Spark's. */
    private static final String OTHERS;

    /** What a JVM of seconds is better without: of a drill's processor time half went to the second compiler and to threads of the collector. */
    private static final List<String> BRIEF = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private static final String ERRORS = "errors.txt";
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    static {
        Map<Boolean, List<String>> ours = Arrays.stream(CLASS_PATH.split(File.pathSeparator))
                .collect(Collectors.partitioningBy(
                        entry -> Path.of(entry).toAbsolutePath().startsWith(PROJECT)));
        JARS = ours.get(true).stream().map(JobProcess::jar).collect(Collectors.joining(","));
        OTHERS = String.join(File.pathSeparator, ours.get(false));
    }

    /** Runs a training to its end. */
    static JobProcess train(Path folder, String master, String... arguments) throws IOException, InterruptedException {
        return run(folder, master, TrainJob.class, arguments);
    }

    /** Runs a job to its end. */
    static JobProcess run(Path folder, String master, Class<?> job, String... arguments)
            throws IOException, InterruptedException {
        return run(folder, master, Map.of(), job, arguments);
    }

    /** Runs a job to its end, with more properties of Spark's. */
    static JobProcess run(Path folder, String master, Map<String, String> spark, Class<?> job, String... arguments)
            throws IOException, InterruptedException {
        Process process = start(folder, master, spark, job, arguments);
        if (!process.waitFor(5, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException(
                    "the job did not end in 5 minutes: " + Files.readString(folder.resolve(ERRORS)));
        }
        return new JobProcess(process.exitValue(), errors(folder));
    }

    /** The lines of standard error of the job that ran last. */
    static List<String> errors(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve(ERRORS)).stream()
                .filter(line -> !line.startsWith("WARNING: Using incubator modules"))
                .filter(line -> !line.startsWith("waiting for "))
                .filter(line -> !line.startsWith("preflight warning: kernels: on executor "))
                .toList();
    }

    /** A folder of classes as a jar; a jar as it is. */
    private static String jar(String entry) {
        Path folder = Path.of(entry);
        if (!Files.isDirectory(folder)) {
            return entry;
        }
        try {
            Path jar = Files.createTempFile("coinflip-", ".jar");
            jar.toFile().deleteOnExit();
            try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar));
                    Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    out.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                    Files.copy(file, out);
                }
            }
            return jar.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts a job.
     *
     * @param folder for what the process prints and logs, and for a Spark home
     */
    static Process start(Path folder, String master, Class<?> job, String... arguments) throws IOException {
        return start(folder, master, Map.of(), job, arguments);
    }

    /** A JVM of this project's on the tests' class path, to which a class and its arguments are added. */
    static List<String> java(String memory) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(BRIEF);
        command.addAll(List.of("@" + PROJECT.resolve("conf/java-options"), "-Xmx" + memory, "-cp", CLASS_PATH));
        return command;
    }

    /** Starts a job with more properties of Spark's. */
    static Process start(Path folder, String master, Map<String, String> spark, Class<?> job, String... arguments)
            throws IOException {
        List<String> command = java(spark.getOrDefault("spark.driver.memory", "1g"));
        command.addAll(List.of(
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                master,
                "--conf",
                "spark.executor.defaultJavaOptions=--add-modules=jdk.incubator.vector " + String.join(" ", BRIEF),
                "--conf",
                "spark.executor.extraClassPath=" + OTHERS,
                "--jars",
                JARS,
                "--conf",
                "spark.driver.host=127.0.0.1"));
        // where Spark's launcher script puts what is set for the driver
        String options = spark.get("spark.driver.extraJavaOptions");
        if (options != null) {
            command.addAll(1, List.of(options.split(" ")));
        }
        spark.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
        command.addAll(List.of("--class", job.getName(), "spark-internal"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("printed.txt").toFile())
                .redirectError(folder.resolve(ERRORS).toFile());
        builder.environment()
                .put(
                        "LOG4J_CONFIGURATION_FILE",
                        PROJECT.resolve("conf/log4j2.properties").toString());
        builder.environment().put("COINFLIP_LOG", folder.resolve("job.log").toString());
        // executors take all from their class path; the home is only where their launcher looks for jars
        Files.createDirectories(folder.resolve("spark/jars"));
        builder.environment().put("SPARK_HOME", folder.resolve("spark").toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.12");
        return builder.start();
    }
}
