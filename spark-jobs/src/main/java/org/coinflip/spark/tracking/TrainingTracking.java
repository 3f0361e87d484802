package org.coinflip.spark.tracking;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.spark.output.Redaction;
import org.coinflip.spark.output.RunDirectory;

/** Tells those who watch a training of what is measured at looks, by steps done, and of how it ended; or nobody. */
public final class TrainingTracking implements AutoCloseable {
    /** Of rounds. */
    private static final List<String> NUMBERS =
            List.of("epoch", "trainLoss", "learningRate", "examplesPerSecond", "examples", "meanReturn");

    private static final List<String> NOT_FINITE = List.of("NaN", "Infinity", "-Infinity");

    /** What is written to a training's folder. */
    public static final String FILE = TensorBoardFile.NAME;

    private final List<Watcher> watchers = new ArrayList<>();
    /** Of the last round. */
    private long steps;

    /** Of a training that nobody watches. */
    public TrainingTracking() {}

    /**
     * Begins.
     *
     * @param name of the run
     * @param settings of the training; credentials in them are not told
     * @param folder of the training
     * @param earlier lines of rounds that were done before it was stopped
     */
    public TrainingTracking(
            TrackingSpec spec,
            String name,
            Map<String, Object> settings,
            RunDirectory folder,
            List<Map<String, Object>> earlier) {
        if (spec.tensorboard()) {
            watchers.add(new TensorBoardFile(folder));
        }
        earlier.forEach(this::line);
        // which is told of what comes, in a run of its own
        spec.mlflow()
                .ifPresent(server ->
                        watchers.add(new MlflowRun(new MlflowServer(server), name, Redaction.redact(settings))));
    }

    /** Takes the line of a round; those who watch are told of those with a look. */
    public void line(Map<String, Object> line) {
        steps = line.get("steps") instanceof Number done ? done.longValue() : 0;
        if (watchers.isEmpty() || !line.containsKey("valid")) {
            return;
        }
        List<Point> points = new ArrayList<>();
        NUMBERS.forEach(name -> add(points, name, line.get(name)));
        addAll(points, "valid", line.get("valid"));
        if (line.get("layers") instanceof List<?> layers) {
            for (int i = 0; i < layers.size(); i++) {
                addAll(points, "layers." + i, layers.get(i));
            }
        }
        watchers.forEach(watcher -> watcher.take(points));
    }

    private void addAll(List<Point> points, String prefix, Object measured) {
        if (measured instanceof Map<?, ?> numbers) {
            numbers.forEach((name, value) -> add(points, prefix + "." + name, value));
        }
    }

    private void add(List<Point> points, String name, Object value) {
        // numbers that are not finite are text where they were read from a file
        Double number = value instanceof Number known
                ? Double.valueOf(known.doubleValue())
                : value instanceof String text && NOT_FINITE.contains(text) ? Double.valueOf(text) : null;
        if (number != null) {
            points.add(new Point(name, number, steps, System.currentTimeMillis()));
        }
    }

    /** Takes the summary of a training that has come to its end. */
    public void ended(Map<String, Object> summary) {
        List<Point> points = new ArrayList<>();
        addAll(points, "test", summary.get("test"));
        Map<String, String> words = new LinkedHashMap<>();
        for (String key : List.of("status", "reason", "parametersSha256")) {
            if (summary.get(key) instanceof String text) {
                words.put(key, text);
            }
        }
        watchers.forEach(watcher -> watcher.ended(points, words));
    }

    @Override
    public void close() {
        watchers.forEach(Watcher::close);
    }
}
