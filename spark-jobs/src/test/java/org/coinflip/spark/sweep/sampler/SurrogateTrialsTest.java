package org.coinflip.spark.sweep.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Samplers on published surrogates, one trial after another in this process, where a folder of them is named: {@code -Dcoinflip.surrogates=FOLDER}.
 * {@code benchmarks/compare-samplers.sh} runs it beside a peer's samplers, which {@code benchmarks/optuna_trials.py} runs on the same.
 */
@EnabledIfSystemProperty(named = "coinflip.surrogates", matches = ".+")
class SurrogateTrialsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SURROGATES = Path.of(System.getProperty("coinflip.surrogates", "."));

    /** For each sampler, case and seed a line with the best accuracy so far after every trial. */
    @Test
    void writesTheBestSoFar() throws IOException, OrtException {
        JsonNode scenarios =
                JSON.readTree(Path.of("../benchmarks/yahpo.json").toFile()).path("scenarios");
        List<String> names = new ArrayList<>();
        scenarios.fieldNames().forEachRemaining(names::add);
        int written = 0;
        try (OrtEnvironment environment = OrtEnvironment.getEnvironment();
                OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                PrintStream out = SamplerTrials.out()) {
            options.setIntraOpNumThreads(1);
            for (String name : names) {
                Path folder = SURROGATES.resolve(name);
                try (OrtSession session =
                        environment.createSession(folder.resolve("model.onnx").toString(), options)) {
                    Surrogate surrogate = new Surrogate(
                            environment,
                            session,
                            scenarios.path(name),
                            JSON.readTree(folder.resolve("encoding.json").toFile()));
                    String space = space(
                            JSON.readTree(folder.resolve("config_space.json").toFile()), scenarios.path(name));
                    for (JsonNode instance : scenarios.path(name).path("instances")) {
                        List<double[]> all =
                                SamplerTrials.write(out, name + "/" + instance.asText(), space, settings -> {
                                    try {
                                        return surrogate.evaluate(instance.asText(), settings);
                                    } catch (OrtException e) {
                                        throw new IllegalStateException(e);
                                    }
                                });
                        // an accuracy, in per cent or not
                        assertTrue(all.stream().allMatch(best -> best[0] > 0 && best[best.length - 1] < 101), name);
                        written += all.size();
                    }
                }
            }
        }
        assertEquals(9 * SamplerTrials.RUNS, written);
    }

    /** The space of a scenario as a sweep's file has it: conditional axes stand in the options that bring them. */
    private static String space(JsonNode written, JsonNode scenario) {
        Map<String, String> axes = new LinkedHashMap<>();
        for (JsonNode axis : written.path("hyperparameters")) {
            String name = axis.path("name").asText();
            if (!scenario.path("fixed").has(name)
                    && !name.equals(scenario.path("instance").asText())) {
                axes.put(name, axis(axis));
            }
        }
        Map<String, Map<String, List<String>>> brought = new LinkedHashMap<>();
        for (JsonNode condition : written.path("conditions")) {
            Iterable<JsonNode> options =
                    condition.has("values") ? condition.path("values") : List.of(condition.path("value"));
            options.forEach(
                    option -> brought.computeIfAbsent(condition.path("parent").asText(), parent -> new HashMap<>())
                            .computeIfAbsent(option.asText(), value -> new ArrayList<>())
                            .add(condition.path("child").asText()));
        }
        StringBuilder text = new StringBuilder("space {\n");
        List<String> conditional = brought.values().stream()
                .flatMap(options -> options.values().stream())
                .flatMap(List::stream)
                .toList();
        for (JsonNode axis : written.path("hyperparameters")) {
            String name = axis.path("name").asText();
            if (brought.containsKey(name)) {
                text.append('"').append(name).append("\" { choice = [\n");
                for (JsonNode option : axis.path("choices")) {
                    text.append("{ type = \"").append(option.asText()).append("\"\n");
                    brought.get(name).getOrDefault(option.asText(), List.of()).forEach(child -> text.append('"')
                            .append(child)
                            .append("\" ")
                            .append(axes.get(child))
                            .append('\n'));
                    text.append("}\n");
                }
                text.append("] }\n");
            } else if (axes.containsKey(name) && !conditional.contains(name)) {
                text.append('"')
                        .append(name)
                        .append("\" ")
                        .append(axes.get(name))
                        .append('\n');
            }
        }
        return text.append("}").toString();
    }

    private static String axis(JsonNode axis) {
        String low = axis.path("lower").asText();
        String high = axis.path("upper").asText();
        boolean log = axis.path("log").asBoolean();
        return switch (axis.path("type").asText()) {
            case "uniform_float" -> "{ " + (log ? "log-uniform" : "uniform") + " = [" + low + ", " + high + "] }";
            case "uniform_int" -> "{ int = [" + low + ", " + high + "], log = " + log + " }";
            case "categorical" -> "{ choice = " + axis.path("choices") + " }";
            default -> throw new IllegalArgumentException("an axis of type " + axis.path("type"));
        };
    }

    /** A surrogate, whose inputs are the settings' values in an order of their own. */
    private record Surrogate(OrtEnvironment environment, OrtSession session, JsonNode scenario, JsonNode encoding) {
        double evaluate(String instance, Map<String, Object> settings) throws OrtException {
            Map<String, Object> values = new HashMap<>();
            settings.forEach((path, value) -> {
                String name = path.replace("\"", "");
                if (value instanceof Map<?, ?> section) {
                    section.forEach((key, inner) -> values.put(key.equals("type") ? name : (String) key, inner));
                } else {
                    values.put(name, value);
                }
            });
            values.put(scenario.path("instance").asText(), instance);
            scenario.path("fixed")
                    .fields()
                    .forEachRemaining(
                            fixed -> values.put(fixed.getKey(), fixed.getValue().asDouble()));
            JsonNode categorical = scenario.path("categorical");
            JsonNode continuous = scenario.path("continuous");
            // what is not there is coded so: an option of its own, and a zero
            int[] options = IntStream.range(0, categorical.size())
                    .map(i -> encoding.path(categorical.get(i).asText())
                            .path(values.getOrDefault(categorical.get(i).asText(), "#na#")
                                    .toString())
                            .asInt())
                    .toArray();
            float[] numbers = new float[continuous.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = ((Number) values.getOrDefault(continuous.get(i).asText(), 0)).floatValue();
            }
            try (OnnxTensor cat = OnnxTensor.createTensor(environment, new int[][] {options});
                    OnnxTensor cont = OnnxTensor.createTensor(environment, new float[][] {numbers});
                    OrtSession.Result result = session.run(Map.of("x_cat", cat, "x_cont", cont))) {
                return ((float[][]) result.get(0).getValue())
                        [0][scenario.path("output").asInt()];
            }
        }
    }
}
