package org.coinflip.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import org.coinflip.Model;
import org.coinflip.Trainer;
import org.coinflip.model.example.Examples;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.noise.NoiseKey;
import org.coinflip.model.settings.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged jar, alone on the class path of another JVM, against the library. */
class ScoringJarTest {
    private static final Path JAR = Path.of(System.getProperty("scoring.jar"));
    private static final int COUNT = 40;
    private static final int WIDTH = 20;
    private static final int CLASSES = 3;

    private static final String OUTPUT = ", { type = output, units = 3 } ]";

    /** A network of every family that gives outputs. */
    private static final Map<String, String> FAMILIES = new TreeMap<>(Map.ofEntries(
            Map.entry("dense", "[ { type = dense, units = 9, activation = softplus }" + OUTPUT),
            Map.entry("maxout", "[ { type = maxout, units = 7 }, { type = rescale, factor = 2, offset = -1 }" + OUTPUT),
            Map.entry("dropout", "[ { type = dropout, keep = 0.8 }, { type = gaussian-noise, std = 0.1 }" + OUTPUT),
            Map.entry("transformed", "[ { type = transformed, units = 8 }, { type = transformed, units = 8 }" + OUTPUT),
            Map.entry(
                    "normalised",
                    "[ { type = dense, units = 9 }, { type = layer-norm }, { type = stochastic, units = 8 }, { type = batch-norm }, { type = centre }"
                            + OUTPUT),
            Map.entry("bernoulli", stochastic("bernoulli", "disarm")),
            Map.entry("categorical", stochastic("{ type = categorical, categories = 4 }", "reinforce")),
            Map.entry("concrete", stochastic("concrete", "pathwise")),
            Map.entry("sts", stochastic("stochastic-times-smooth", "pathwise")),
            Map.entry("rectifier", stochastic("{ type = noisy-rectifier, noise = gaussian }", "pathwise")),
            Map.entry("hashing", stochastic("semantic-hashing", "pathwise")),
            Map.entry("poisson", stochastic("poisson", "reinforce")),
            Map.entry("k-of-n", stochastic("{ type = k-of-n, n = 4, k = 2 }", "reinforce")),
            Map.entry(
                    "gated-experts",
                    "[ { type = gated-experts, experts = 24, compute = sparse, gater = [ { units = 6, activation = tanh } ]"
                            + ", gate { law = bernoulli, estimator = straight-through } }"
                            + OUTPUT),
            Map.entry(
                    "blocks",
                    "[ { type = gated-experts, experts = 6, units = 5, hidden = [3], activation = relu, compute = sparse"
                            + ", gate { law { type = noisy-top-k, n = 6, k = 2 }, rate-floor { } } }"
                            + OUTPUT),
            Map.entry("tree-experts", "[ { type = tree-experts, depth = 3, units = 5, activation = relu }" + OUTPUT),
            Map.entry(
                    "energy",
                    "[ { type = energy, hidden = [8], units = 3, rho = hard-sigmoid, step = 0.5, steps = 20, gradient {"
                            + " type = equilibrium-propagation, side = random, beta = 1, steps = 4 } } ]"),
            Map.entry(
                    "autoencoder",
                    "[ { type = stochastic, units = 6, law = bernoulli, estimator = straight-through, prior = learned },"
                            + " { type = output, units = 20, objective = gaussian-reconstruction } ]")));

    private static final List<String> USES = List.of("means", "thresholds", "draws");

    @TempDir
    private Path folder;

    private static String stochastic(String law, String estimator) {
        return "[ { type = stochastic, units = 8, law = " + law + ", estimator = " + estimator + " }" + OUTPUT;
    }

    private static float[][] features() {
        NoiseKey key = new NoiseKey(11, 0, 0);
        float[][] x = new float[COUNT][WIDTH];
        for (int i = 0; i < COUNT; i++) {
            for (int j = 0; j < WIDTH; j++) {
                double u = key.uniform((long) WIDTH * i + j);
                x[i][j] = u < 0.3 ? 0f : (float) (2 * u - 1);
            }
        }
        return x;
    }

    private static Examples examples(String family) {
        float[][] x = features();
        int[] y = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            y[i] = i % CLASSES;
        }
        return family.equals("autoencoder") ? Examples.of(x) : Examples.of(x, y);
    }

    private static Model trained(String family, boolean portable) {
        NetworkSpec network =
                NetworkSpec.read(Section.root(ConfigFactory.parseString("layers = " + FAMILIES.get(family))), WIDTH);
        Trainer trainer =
                Trainer.of(network).epochs(2).batch(10).sgd(0.05).seed(3).draws(3);
        return (portable ? trainer.portable() : trainer).fit(examples(family));
    }

    private static Model used(Model model, String use) {
        return switch (use) {
            case "means" -> model.withMeans();
            case "thresholds" -> model.withThresholds();
            default -> model.withDraws(5);
        };
    }

    private Path featuresFile() throws IOException {
        return Files.write(
                folder.resolve("features.csv"),
                Arrays.stream(features()).map(ScoringJarTest::joined).toList());
    }

    /** Runs Java with nothing on its class path but the jar, and gives what it said on standard error. */
    private String run(int expectedExit, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                JAR.toString()));
        command.addAll(List.of(arguments));
        Path error = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(featuresFile().toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(error.toFile());
        builder.environment().remove("CLASSPATH");
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Process process = builder.start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS));
        String said = Files.readString(error);
        assertEquals(expectedExit, process.exitValue(), said);
        return said;
    }

    /** Every model in a folder against the library. */
    private void compare(Map<String, Model> models, float tolerance, String... options) throws Exception {
        Path all = folder.resolve("models");
        for (Map.Entry<String, Model> entry : models.entrySet()) {
            entry.getValue().replace(all.resolve(entry.getKey()));
        }
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of(
                "src/test/programs/ScoreAll.java",
                all.toString(),
                featuresFile().toString()));
        run(0, arguments.toArray(String[]::new));
        for (Map.Entry<String, Model> entry : models.entrySet()) {
            for (String use : USES) {
                float[][] expected = used(entry.getValue(), use).predict(features());
                List<String> got =
                        Files.readAllLines(all.resolve(entry.getKey()).resolve(use));
                for (int i = 0; i < COUNT; i++) {
                    String line = got.get(i);
                    assertArrayEquals(
                            expected[i],
                            numbers(line.substring(1, line.length() - 1)),
                            tolerance,
                            entry.getKey() + " " + use + " example " + i);
                }
            }
        }
    }

    private static String joined(float[] row) {
        StringBuilder text = new StringBuilder();
        for (float x : row) {
            text.append(text.length() == 0 ? "" : ",").append(x);
        }
        return text.toString();
    }

    private static float[] numbers(String line) {
        String[] texts = line.split(",");
        float[] numbers = new float[texts.length];
        for (int j = 0; j < texts.length; j++) {
            numbers[j] = Float.parseFloat(texts[j]);
        }
        return numbers;
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Dno.vectors", "--add-modules=jdk.incubator.vector"})
    void answersAsThePortableLibraryDoesToTheBit(String option) throws Exception {
        Map<String, Model> models = new TreeMap<>();
        FAMILIES.keySet().forEach(family -> models.put(family, trained(family, true)));
        compare(models, 0f, option);
    }

    /**
     * Fast arithmetic rounds products otherwise. A draw flips where a probability is rounded across its uniform number, once in some 10⁷: with
     * these seeds none does.
     */
    @Test
    void answersAsTheFastLibraryDoesToAMillionth() throws Exception {
        Map<String, Model> models = new TreeMap<>();
        FAMILIES.keySet().forEach(family -> models.put(family, trained(family, false)));
        compare(models, 1e-6f);
    }

    @Test
    void scoresLines() throws Exception {
        Model model = trained("bernoulli", true);
        model.save(folder.resolve("model"));
        run(0, ScoreLines.class.getName(), folder.resolve("model").toString(), "draws=5");
        List<String> got = Files.readAllLines(folder.resolve("out"));
        float[][] expected = used(model, "draws").predict(features());
        for (int i = 0; i < COUNT; i++) {
            assertArrayEquals(expected[i], numbers(got.get(i)), "line " + i);
        }
    }

    @Test
    void failsInOneLine() throws Exception {
        Model model = trained("bernoulli", true);
        Path saved = folder.resolve("model");
        model.save(saved);
        assertEquals(
                "got draws=none, expected MODEL [means|thresholds|draws=N]\n",
                run(2, ScoreLines.class.getName(), saved.toString(), "draws=none"));
        byte[] state = Files.readAllBytes(saved.resolve("state.bin"));
        state[9] ^= 1;
        Files.write(saved.resolve("state.bin"), state);
        String damaged = run(3, ScoreLines.class.getName(), saved.toString());
        assertTrue(damaged.contains("the file is damaged, copy it again"), damaged);
        assertEquals(1, damaged.lines().count(), damaged);
    }

    @Test
    void isSmallAndBringsNothingThatOthersMayBringToo() throws IOException {
        assertTrue(Files.size(JAR) < 1_400_000, Files.size(JAR) + " bytes");
        try (ZipFile jar = new ZipFile(JAR.toFile())) {
            List<String> foreign = jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> !name.startsWith("org/coinflip/") && !name.startsWith("META-INF/"))
                    .filter(name -> !name.equals("org/"))
                    .toList();
            assertEquals(List.of(), foreign);
        }
        String pom = Files.readString(Path.of("dependency-reduced-pom.xml"));
        assertFalse(pom.contains("<scope>compile</scope>"), pom);
        assertFalse(pom.contains("<artifactId>model-core</artifactId>"), pom);
    }
}
