package org.coinflip.spark.sweep.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Samplers on functions of BBOB, where {@code -Dcoinflip.bbob=true} asks for it, as {@code benchmarks/compare-samplers.sh --bbob} does; and the functions themselves, by the values that {@code
 * benchmarks/bbob.py} has for them.
 */
class BbobTest {
    private static final int DIMENSION = 5;
    /** Less is none. */
    private static final double LEAST = 1e-12;

    private static JsonNode cases;

    @BeforeAll
    static void read() throws IOException {
        cases = new ObjectMapper().readTree(Path.of("../benchmarks/bbob.json").toFile());
    }

    @Test
    void valuesAreThoseOfTheDefinitions() {
        double[] point = vector(cases.path("point"));
        int checked = 0;
        for (Iterator<Map.Entry<String, JsonNode>> all = cases.path("functions").fields(); all.hasNext(); checked++) {
            Map.Entry<String, JsonNode> one = all.next();
            JsonNode instance = one.getValue();
            double value = instance.path("value").asDouble();
            assertEquals(value, value(one.getKey(), instance, point), 1e-9 * value, one.getKey());
            assertEquals(0, value(one.getKey(), instance, vector(instance.path("least"))), 1e-12, one.getKey());
        }
        assertEquals(8, checked);
    }

    /** For each sampler, function and seed a line with the best so far after every trial: minus the logarithm of the value. */
    @Test
    @EnabledIfSystemProperty(named = "coinflip.bbob", matches = "true")
    void writesTheBestSoFar() throws IOException {
        String space = IntStream.rangeClosed(1, DIMENSION)
                .mapToObj(j -> "x" + j + " { uniform = [-5, 5] }")
                .collect(Collectors.joining("\n", "space {\n", "\n}"));
        int written = 0;
        try (PrintStream out = SamplerTrials.out()) {
            for (Iterator<Map.Entry<String, JsonNode>> all =
                            cases.path("functions").fields();
                    all.hasNext(); ) {
                Map.Entry<String, JsonNode> one = all.next();
                written += SamplerTrials.write(out, one.getKey(), space, settings -> {
                            double[] x = IntStream.rangeClosed(1, DIMENSION)
                                    .mapToDouble(j -> ((Number) settings.get("x" + j)).doubleValue())
                                    .toArray();
                            return -Math.log10(Math.max(value(one.getKey(), one.getValue(), x), LEAST));
                        })
                        .size();
            }
        }
        assertEquals(8 * SamplerTrials.RUNS, written);
    }

    private static double value(String name, JsonNode instance, double[] point) {
        double[] least = vector(instance.path("least"));
        double[] x = IntStream.range(0, DIMENSION)
                .mapToDouble(i -> point[i] - least[i])
                .toArray();
        JsonNode r = instance.path("rotation");
        return switch (name) {
            case "f1-sphere" -> square(x);
            case "f2-ellipsoid" -> ellipsoid(oscillated(x));
            case "f3-rastrigin" -> rastrigin(conditioned(asymmetric(oscillated(x))));
            case "f8-rosenbrock" -> rosenbrock(x);
            case "f10-ellipsoid-rotated" -> ellipsoid(oscillated(times(r, x)));
            case "f11-discus" -> {
                double[] z = oscillated(times(r, x));
                yield square(z) + (1e6 - 1) * z[0] * z[0];
            }
            case "f14-different-powers" -> {
                double[] z = times(r, x);
                yield Math.sqrt(IntStream.range(0, DIMENSION)
                        .mapToDouble(i -> Math.pow(Math.abs(z[i]), 2 + 4 * place(i)))
                        .sum());
            }
            case "f15-rastrigin-rotated" -> {
                double[] z = times(instance.path("second"), asymmetric(oscillated(times(r, x))));
                yield rastrigin(times(r, conditioned(z)));
            }
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static double square(double[] z) {
        return IntStream.range(0, DIMENSION).mapToDouble(i -> z[i] * z[i]).sum();
    }

    private static double ellipsoid(double[] z) {
        return IntStream.range(0, DIMENSION)
                .mapToDouble(i -> Math.pow(10, 6 * place(i)) * z[i] * z[i])
                .sum();
    }

    private static double rastrigin(double[] z) {
        double waves = IntStream.range(0, DIMENSION)
                .mapToDouble(i -> Math.cos(2 * Math.PI * z[i]))
                .sum();
        return 10 * (DIMENSION - waves) + square(z);
    }

    private static double rosenbrock(double[] x) {
        double sum = 0;
        for (int i = 0; i + 1 < DIMENSION; i++) {
            double z = x[i] + 1;
            double next = x[i + 1] + 1;
            sum += 100 * (z * z - next) * (z * z - next) + (z - 1) * (z - 1);
        }
        return sum;
    }

    /** The report's T_osz. */
    private static double[] oscillated(double[] x) {
        double[] z = new double[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            double log = x[i] == 0 ? 0 : Math.log(Math.abs(x[i]));
            double wave = Math.sin((x[i] > 0 ? 10 : 5.5) * log) + Math.sin((x[i] > 0 ? 7.9 : 3.1) * log);
            z[i] = Math.signum(x[i]) * Math.exp(log + 0.049 * wave);
        }
        return z;
    }

    /** T_asy with β = 0.2. */
    private static double[] asymmetric(double[] x) {
        return IntStream.range(0, DIMENSION)
                .mapToDouble(i -> x[i] > 0 ? Math.pow(x[i], 1 + 0.2 * place(i) * Math.sqrt(x[i])) : x[i])
                .toArray();
    }

    /** Λ to the 10. */
    private static double[] conditioned(double[] x) {
        return IntStream.range(0, DIMENSION)
                .mapToDouble(i -> Math.pow(10, place(i) / 2) * x[i])
                .toArray();
    }

    private static double place(int i) {
        return i / (DIMENSION - 1.0);
    }

    private static double[] times(JsonNode matrix, double[] x) {
        return IntStream.range(0, DIMENSION)
                .mapToDouble(i -> IntStream.range(0, DIMENSION)
                        .mapToDouble(j -> matrix.path(i).path(j).asDouble() * x[j])
                        .sum())
                .toArray();
    }

    private static double[] vector(JsonNode numbers) {
        return IntStream.range(0, numbers.size())
                .mapToDouble(i -> numbers.path(i).asDouble())
                .toArray();
    }
}
