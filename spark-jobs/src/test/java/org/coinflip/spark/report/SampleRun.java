package org.coinflip.spark.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A run that looks like one: losses that fall, layers that settle, rounds that take their time. */
final class SampleRun {
    private static final int EXAMPLES_PER_ROUND = 6400;
    private static final int TRAINING_EXAMPLES = 50_000;
    private static final int ROUNDS_PER_VALIDATION = 8;

    private SampleRun() {}

    static Map<String, Object> summary() {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("job", "train");
        summary.put("name", "mnist-bernoulli-disarm");
        summary.put("status", "done");
        summary.put("seed", 7);
        summary.put("started", "2025-11-22T19:56:01.123Z");
        summary.put("workers", 4);
        summary.put("wallSeconds", 754.31);
        summary.put("examplesPerSecondOfSteps", 42318.7);
        summary.put("examplesPerSecondOfRun", 31234.5);
        summary.put("parameters", 478410);
        summary.put("parametersSha256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
        summary.put("valid", Map.of("loss", 0.0712, "error", 0.0213, "errors", 213, "examples", 10000));
        summary.put("test", Map.of("loss", 0.0689, "error", 0.0201, "errors", 201, "examples", 10000));
        summary.put(
                "layers",
                List.of(layer(1, "bernoulli", 400, 0.312, 2.1e-4), layer(2, "bernoulli", 200, 0.187, 6.4e-5)));
        summary.put("confusion", confusion(10, 1000));
        summary.put("firingRates", List.of(rates(400, 0.312), rates(200, 0.187)));
        summary.put("image", Map.of("rows", 28, "columns", 28));
        summary.put("mistakes", mistakes(24, 28, 28));
        summary.put("config", config());
        summary.put(
                "versions",
                Map.of("coinflip", "0.1.0-SNAPSHOT", "spark", "3.5.7", "nd4j", "1.0.0-M2", "java", "17.0.15"));
        return summary;
    }

    static List<Map<String, Object>> rounds(int count) {
        Random random = new Random(42);
        List<Map<String, Object>> rounds = new ArrayList<>();
        double seconds = 0;
        for (int i = 1; i <= count; i++) {
            double progress = 50.0 * i / count;
            double driver = 3 + 2 * random.nextDouble() + (random.nextInt(40) == 0 ? 60 : 0);
            double compute = 120 + 12 * random.nextGaussian() + (i < 4 ? 300.0 / i : 0);
            double took = (driver + compute + 22) / 1000;
            seconds += took;
            Map<String, Object> round = new LinkedHashMap<>();
            round.put("round", i);
            round.put("epoch", (double) i * EXAMPLES_PER_ROUND / TRAINING_EXAMPLES);
            round.put("steps", 50L * i);
            round.put("examples", (long) EXAMPLES_PER_ROUND * i);
            round.put(
                    "trainLoss",
                    0.04
                            + 2.2 * Math.exp(-progress / 3) * (1 + 0.05 * random.nextGaussian())
                            + 0.01 * random.nextDouble());
            round.put("learningRate", 0.1 * Math.pow(0.97, Math.floor(progress)));
            round.put("examplesPerSecond", EXAMPLES_PER_ROUND / took);
            round.put("seconds", seconds);
            round.put(
                    "phases",
                    Map.of(
                            "broadcastMillis",
                            8 + random.nextInt(4),
                            "computeMillis",
                            compute,
                            "combineMillis",
                            12,
                            "driverMillis",
                            driver,
                            "idleMillis",
                            compute * 0.08));
            if (i % ROUNDS_PER_VALIDATION == 0) {
                double loss = 0.07 + 1.9 * Math.exp(-progress / 3) + 0.0006 * progress;
                round.put("valid", Map.of("loss", loss, "error", 0.021 + 0.3 * loss * Math.exp(-progress / 6)));
                round.put(
                        "layers",
                        List.of(statistics(1, 0.31, progress, random), statistics(2, 0.19, progress, random)));
            }
            rounds.add(round);
        }
        return rounds;
    }

    /** As many examples of each class; a few of each are taken for a neighbour, the classes being on a line. */
    static long[][] confusion(int classes, int examples) {
        Random random = new Random(43);
        long[][] confusion = new long[classes][classes];
        for (int label = 0; label < classes; label++) {
            for (int i = 0; i < examples; i++) {
                long off = random.nextInt(10) == 0 ? Math.round(3 * random.nextGaussian()) : 0;
                confusion[label][(int) Math.floorMod(label + off, (long) classes)]++;
            }
        }
        return confusion;
    }

    /** Rates of units about a mean, some of which never or always fire. */
    static List<Double> rates(int units, double mean) {
        Random random = new Random(44);
        List<Double> rates = new ArrayList<>();
        for (int i = 0; i < units; i++) {
            rates.add(Math.min(1, Math.max(0, mean + 0.25 * random.nextGaussian())));
        }
        return rates;
    }

    /** Rings that are taken for something else. */
    static List<Map<String, Object>> mistakes(int count, int rows, int columns) {
        List<Map<String, Object>> mistakes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] features = new float[rows * columns];
            for (int pixel = 0; pixel < features.length; pixel++) {
                int row = pixel / columns;
                double y = 2.0 * row / rows - 1;
                double x = 2.0 * (pixel % columns) / columns - 1;
                double fromRing = Math.hypot(x, y) - 0.3 - 0.02 * i;
                features[pixel] = (float) Math.exp(-40 * fromRing * fromRing);
            }
            mistakes.add(Map.of(
                    "id",
                    7000L + i,
                    "label",
                    i % 10,
                    "predicted",
                    (i + 3) % 10,
                    "probability",
                    0.0004 * Math.pow(1.35, i),
                    "features",
                    features));
        }
        return mistakes;
    }

    private static Map<String, Object> config() {
        return Map.of(
                "name", "mnist-bernoulli-disarm",
                "seed", 7,
                "output", "out/mnist-bernoulli-disarm",
                "data", Map.of("source", "mnist", "split", Map.of("train", 50000, "valid", 10000), "scale", "unit"),
                "network",
                        Map.of(
                                "layers",
                                List.of(
                                        Map.of(
                                                "type",
                                                "stochastic",
                                                "units",
                                                400,
                                                "law",
                                                "bernoulli",
                                                "estimator",
                                                Map.of("type", "disarm")),
                                        Map.of(
                                                "type",
                                                "stochastic",
                                                "units",
                                                200,
                                                "law",
                                                "bernoulli",
                                                "estimator",
                                                Map.of("type", "disarm")),
                                        Map.of("type", "output", "units", 10, "objective", "cross-entropy"))),
                "training", Map.of("batch", 32, "epochs", 50, "updater", Map.of("type", "Sgd", "learning-rate", 0.1)),
                "averaging", Map.of("workers", 4, "steps-per-round", 50));
    }

    private static Map<String, Object> layer(int number, String law, int units, double rate, double variance) {
        return Map.of(
                "layer",
                number,
                "law",
                law,
                "estimator",
                "disarm",
                "units",
                units,
                "firingRate",
                rate,
                "gradientVariance",
                variance);
    }

    private static Map<String, Object> statistics(int layer, double rate, double progress, Random random) {
        return Map.of(
                "layer",
                layer,
                "firingRate",
                rate + 0.2 * Math.exp(-progress / 4) + 0.003 * random.nextGaussian(),
                "gradientVariance",
                1e-4 / layer * (1 + 200 * Math.exp(-progress / 3)) * Math.exp(0.15 * random.nextGaussian()));
    }
}
