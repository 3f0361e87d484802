package org.coinflip.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the sources of no module may have. */
class SourceRulesTest {
    private static final Path PROJECT = Path.of("..");

    /** Everything that formats by the user's locale where it is given none: in some, digits are not those of file names and JSON. */
    private static final Pattern FORMATTING =
            Pattern.compile("(String\\.format|\\.printf|\\.formatted)\\(\\s*(.{0,40})", Pattern.DOTALL);

    /** A path from one text, in which a colon is taken for the end of a scheme. */
    private static final Pattern PARSED_PATH = Pattern.compile("new Path\\([^,()]*\\)");

    @Test
    void textIsFormattedTheSameInEveryLocale() throws IOException {
        assertEquals(List.of(), offences(FORMATTING, matcher -> !matcher.group(2)
                .matches("(?s)(java\\.util\\.)?Locale\\.ROOT.*")));
    }

    @Test
    void pathsOfUsersAreMadeInOnePlace() throws IOException {
        List<String> offences = offences(PARSED_PATH, matcher -> true);
        offences.removeIf(offence -> offence.contains("StoredBytes.java"));
        assertEquals(List.of(), offences);
    }

    private interface Offence {
        boolean is(Matcher matcher);
    }

    private static List<String> offences(Pattern pattern, Offence offence) throws IOException {
        List<String> offences = new ArrayList<>();
        int sources = 0;
        for (String module : List.of("model-core", "data-prep", "spark-jobs", "benchmarks")) {
            try (Stream<Path> files = Files.walk(PROJECT.resolve(module).resolve("src/main/java"))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    sources++;
                    Matcher matcher = pattern.matcher(Files.readString(file));
                    while (matcher.find()) {
                        if (offence.is(matcher)) {
                            offences.add(file + ": " + matcher.group());
                        }
                    }
                }
            }
        }
        assertTrue(sources > 300, "found the sources: " + sources);
        return offences;
    }
}
