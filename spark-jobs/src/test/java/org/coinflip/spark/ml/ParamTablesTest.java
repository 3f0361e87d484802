package org.coinflip.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.Param;
import org.junit.jupiter.api.Test;

/**
 * The tables of Params in docs/spark-ml.md are those of the code. With {@code -Dcoinflip.write-tables=true} they are written.
 */
class ParamTablesTest {
    private static final Path DOCUMENT = Path.of("../docs/spark-ml.md");
    private static final String BEGIN = "<!-- params: begin -->\n";
    private static final String END = "<!-- params: end -->\n";

    @Test
    void documentsHaveTheParamsOfTheCode() throws IOException {
        String document = Files.readString(DOCUMENT);
        int from = document.indexOf(BEGIN) + BEGIN.length();
        int to = document.indexOf(END);
        String tables = List.of(new StochasticNetworkClassifier("stage"), new StochasticEncoder("stage")).stream()
                .map(ParamTablesTest::table)
                .collect(Collectors.joining("\n"));
        if (Boolean.getBoolean("coinflip.write-tables")) {
            Files.writeString(DOCUMENT, document.substring(0, from) + tables + document.substring(to));
        } else {
            assertEquals(tables, document.substring(from, to));
        }
    }

    private static String table(PipelineStage stage) {
        StringBuilder table = new StringBuilder(
                "### " + stage.getClass().getSimpleName() + "\n| Param | default | is |\n|---|---|---|\n");
        for (Param<?> param : stage.params()) {
            String value = stage.hasDefault(param)
                    ? String.valueOf(stage.getDefault(param).get())
                    : "–";
            table.append("| `").append(param.name()).append("` | ");
            table.append(value.isEmpty() ? "empty" : "`" + value + "`").append(" | ");
            table.append(param.doc().replace("|", "\\|")).append(" |\n");
        }
        return table.toString();
    }
}
