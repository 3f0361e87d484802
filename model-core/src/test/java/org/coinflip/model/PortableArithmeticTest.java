package org.coinflip.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the sources of all modules leave to no processor. */
class PortableArithmeticTest {
    private static final List<String> MODULES = List.of("model-core", "data-prep", "spark-jobs", "benchmarks");

    private static List<String> offences(Pattern pattern, Path except) throws IOException {
        List<String> offences = new ArrayList<>();
        for (String module : MODULES) {
            List<Path> sources;
            try (Stream<Path> paths = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                sources =
                        paths.filter(path -> path.toString().endsWith(".java")).toList();
            }
            assertTrue(sources.size() > 3, "found the sources of " + module);
            for (Path source : sources) {
                List<String> lines = source.endsWith(except) ? List.of() : Files.readAllLines(source);
                for (int i = 0; i < lines.size(); i++) {
                    if (pattern.matcher(lines.get(i)).find()
                            && !lines.get(i).strip().startsWith("*")
                            && !lines.get(i).strip().startsWith("/**")) {
                        offences.add(
                                source + ":" + (i + 1) + ": " + lines.get(i).strip());
                    }
                }
            }
        }
        return offences;
    }

    @Test
    void elementaryFunctionsAreStrict() throws IOException {
        Pattern loose = Pattern.compile("(?<![A-Za-z])Math(\\.|::)(sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh"
                + "|exp|expm1|log|log10|log1p|pow|cbrt|hypot)\\b|import static java\\.lang\\.Math\\b");
        assertEquals(
                List.of(),
                offences(loose, Path.of("none")),
                "HotSpot replaces these by instructions that differ between processors, and between its interpreter and compilers:"
                        + " call StrictMath's, or in kernels ScalarMath's and VectorMath's");
    }

    @Test
    void multiplyAddsAreFusedByTheKernels() throws IOException {
        assertEquals(
                List.of(),
                offences(Pattern.compile("(?<![A-Za-z])Math(\\.|::)fma\\b"), Path.of("operation", "ScalarMath.java")),
                "Where a processor has no such instruction, Math.fma takes a thousand times as long: call ScalarMath.fma");
    }
}
