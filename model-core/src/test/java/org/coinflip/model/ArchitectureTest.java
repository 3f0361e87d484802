package org.coinflip.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the sources of this module may not have. */
class ArchitectureTest {
    private static final Path SOURCES = Path.of("src", "main", "java");

    private static List<Path> sources() throws IOException {
        try (Stream<Path> paths = Files.walk(SOURCES)) {
            return paths.filter(path -> path.toString().endsWith(".java")).toList();
        }
    }

    private static List<String> offences(BiPredicate<Path, String> isOffence) throws IOException {
        List<String> offences = new ArrayList<>();
        for (Path source : sources()) {
            for (String line : Files.readAllLines(source)) {
                if (isOffence.test(source, line)) {
                    offences.add(source + ": " + line.strip());
                }
            }
        }
        return offences;
    }

    @Test
    void knowsNothingOfSpark() throws IOException {
        assertTrue(sources().size() > 50, "found the sources");
        assertEquals(
                List.of(),
                offences((source, line) -> line.contains("org.apache.spark")
                        || line.contains("org.apache.hadoop")
                        || line.contains("org.coinflip.spark")
                        || line.contains("org.coinflip.data")));
    }

    @Test
    void whatNetworksAreMadeOfKnowsNoNetwork() throws IOException {
        Pattern parts =
                Pattern.compile("model/(memory|kernel|noise|example|unit|function|objective|energy|estimator|layer)/");
        assertEquals(
                List.of(),
                offences((source, line) ->
                        parts.matcher(source.toString().replace('\\', '/')).find()
                                && line.contains("org.coinflip.model.network")));
    }

    @Test
    void hasNoGeneratorButTheCounterBasedOne() throws IOException {
        Pattern generator = Pattern.compile(
                "\\b(Random|SecureRandom|SplittableRandom|ThreadLocalRandom|RandomGenerator|Math\\.random)\\b");
        assertEquals(
                List.of(),
                offences((source, line) ->
                        generator.matcher(line).find() && !line.strip().startsWith("*")));
    }

    @Test
    void hasNoStateThatAllShare() throws IOException {
        Pattern field = Pattern.compile(
                "^\\s+(private |public |protected )?static (?!final|class|record|enum|interface)" + "[^(]*(=|;)");
        Pattern lock = Pattern.compile("\\b(synchronized|ThreadLocal|volatile)\\b");
        assertEquals(
                List.of(),
                offences((source, line) -> field.matcher(line).find()
                        || lock.matcher(line).find() && !line.strip().startsWith("*")));
    }

    @Test
    void doesNotPrint() throws IOException {
        assertEquals(
                List.of(),
                offences((source, line) -> line.contains("System.out")
                        || line.contains("System.err")
                        || line.contains("printStackTrace")));
    }

    @Test
    void everyPackageSaysWhatItIs() throws IOException {
        for (Path source : sources()) {
            assertTrue(
                    Files.exists(source.resolveSibling("package-info.java")),
                    source.getParent().toString());
        }
    }
}
