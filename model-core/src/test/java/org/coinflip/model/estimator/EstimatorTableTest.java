package org.coinflip.model.estimator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.coinflip.model.estimator.registry.Estimators;
import org.coinflip.model.oracle.Networks;
import org.junit.jupiter.api.Test;

/**
 * The table of docs/estimators.md is what the registered estimators claim of themselves with their defaults. Where it is not, {@code
 * mvn -pl model-core test -Dtest=EstimatorTableTest -Dcoinflip.write-docs=true} writes it.
 */
class EstimatorTableTest {
    private static final Path DOCUMENT = Path.of("../docs/estimators.md");
    private static final String BEGIN = "<!-- written by EstimatorTableTest: begin -->\n";
    private static final String END = "<!-- written by EstimatorTableTest: end -->\n";

    private static String table() {
        StringBuilder table = new StringBuilder();
        append(table, List.of("estimator", "g", "bias", "evaluations", "gradients", "units", "when", "source"));
        append(table, List.of("---", "---", "---", "---", "---", "---", "---", "---"));
        for (String name : Estimators.names()) {
            GradientEstimator estimator = Networks.estimator(name);
            Claims claims = estimator.claims();
            append(
                    table,
                    List.of(
                            "`" + name + "`",
                            claims.formula(),
                            claims.bias().words(),
                            claims.cost().formula(),
                            String.valueOf(claims.cost().gradients()),
                            estimator.serves(),
                            claims.use(),
                            claims.source()));
        }
        return table.toString();
    }

    private static void append(StringBuilder table, List<String> cells) {
        table.append('|');
        cells.forEach(cell -> table.append(' ')
                .append(cell.replace("|", "\\|").replace("*", "\\*"))
                .append(" |"));
        table.append('\n');
    }

    @Test
    void documentSaysWhatTheEstimatorsClaim() throws IOException {
        String document = Files.readString(DOCUMENT);
        int from = document.indexOf(BEGIN) + BEGIN.length();
        int to = document.indexOf(END);
        if (Boolean.getBoolean("coinflip.write-docs")) {
            document = document.substring(0, from) + table() + document.substring(to);
            Files.writeString(DOCUMENT, document);
            to = document.indexOf(END);
        }
        assertEquals(
                table(),
                document.substring(from, to),
                "docs/estimators.md: mvn -pl model-core test -Dtest=EstimatorTableTest -Dcoinflip.write-docs=true");
    }
}
