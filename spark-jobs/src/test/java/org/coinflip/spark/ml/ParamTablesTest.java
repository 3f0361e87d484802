package org.coinflip.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;
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
        String tables = Stream.of(
                        new StochasticNetworkClassifier("stage"),
                        new StochasticNetworkRegressor("stage"),
                        new StochasticEncoder("stage"))
                .map(ParamTablesTest::table)
                .collect(Collectors.joining("\n"));
        if (Boolean.getBoolean("coinflip.write-tables")) {
            Files.writeString(DOCUMENT, document.substring(0, from) + tables + document.substring(to));
        } else {
            assertEquals(tables, document.substring(from, to));
        }
    }

    private static final Path PYTHON = Path.of("../spark-jobs/src/main/python/coinflip_ml/_params.py");

    /** The Params of the Python side are those of the JVM's: names, types, defaults, words. */
    @Test
    void pythonHasTheParamsOfTheCode() throws IOException {
        StringBuilder module =
                new StringBuilder("# Written by ParamTablesTest from the JVM's stages: do not change by hand.\n"
                        + "# stage: [(name, type, words, default or None)]\nPARAMS = {\n");
        for (PipelineStage stage : stages()) {
            module.append("    \"").append(stage.getClass().getSimpleName()).append("\": [\n");
            for (Param<?> param : stage.params()) {
                Object value = stage.hasDefault(param) ? stage.getDefault(param).get() : null;
                module.append("        (")
                        .append(python(param.name()))
                        .append(", \"")
                        .append(type(param))
                        .append("\", ")
                        .append(python(param.doc()))
                        .append(", ")
                        .append(python(value))
                        .append("),\n");
            }
            module.append("    ],\n");
        }
        module.append("}\n");
        if (Boolean.getBoolean("coinflip.write-tables")) {
            Files.writeString(PYTHON, module);
        } else {
            assertEquals(module.toString(), Files.readString(PYTHON));
        }
    }

    private static PipelineStage[] stages() {
        return new PipelineStage[] {
            new StochasticNetworkClassifier("stage"),
            new StochasticNetworkClassificationModel("stage"),
            new StochasticNetworkRegressor("stage"),
            new StochasticNetworkRegressionModel("stage"),
            new StochasticEncoder("stage"),
            new StochasticEncoderModel("stage")
        };
    }

    /** The name of one of pyspark's TypeConverters. */
    private static String type(Param<?> param) {
        if (param instanceof IntParam) {
            return "toInt";
        }
        if (param instanceof LongParam) {
            return "toInt";
        }
        if (param instanceof DoubleParam) {
            return "toFloat";
        }
        if (param instanceof DoubleArrayParam) {
            return "toListFloat";
        }
        return param instanceof StringArrayParam ? "toListString" : "toString";
    }

    private static String python(Object value) {
        if (value == null) {
            return "None";
        }
        return value instanceof Number
                ? String.format(Locale.ROOT, "%s", value)
                : "\"" + value.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
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
