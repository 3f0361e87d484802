package org.coinflip.spark.tracking;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coinflip.spark.output.Redaction;
import org.coinflip.spark.tracking.MlflowServer.Point;
import org.mlflow.api.proto.Service.RunStatus;

/** A training as a run on an MLflow server: settings as parameters, what is measured at looks by steps done, the test's score at the end; or nothing, where no server is named. */
public final class TrainingTracking implements AutoCloseable {
    /** Of rounds. */
    private static final List<String> NUMBERS =
            List.of("epoch", "trainLoss", "learningRate", "examplesPerSecond", "examples", "meanReturn");

    /** Null where nobody is told. */
    private final MlflowServer server;

    private final MlflowServer.Run run;
    private RunStatus end = RunStatus.FAILED;
    /** Of the last round. */
    private long steps;

    /**
     * Begins a run.
     *
     * @param name of the run
     * @param settings of the training; credentials in them are not told
     */
    public TrainingTracking(Optional<MlflowSpec> spec, String name, Map<String, Object> settings) {
        server = spec.map(at -> new MlflowServer(at)).orElse(null);
        run = server == null ? null : server.run(name);
        if (server != null) {
            Map<String, Object> parameters = new LinkedHashMap<>();
            flatten("", Redaction.redact(settings), parameters);
            server.tell(() -> run.log(parameters, List.of(), Map.of()));
        }
    }

    private static void flatten(String path, Object value, Map<String, Object> out) {
        if (value instanceof Map<?, ?> section) {
            section.forEach((key, inner) -> flatten(path.isEmpty() ? "" + key : path + "." + key, inner, out));
        } else if (value instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Map) {
            for (int i = 0; i < list.size(); i++) {
                flatten(path + "." + i, list.get(i), out);
            }
        } else {
            out.put(path, value);
        }
    }

    /** Takes the line of a round; the server is told of those with a look. */
    public void line(Map<String, Object> line) {
        if (server == null) {
            return;
        }
        steps = line.get("steps") instanceof Number done ? done.longValue() : 0;
        if (!line.containsKey("valid")) {
            return;
        }
        List<Point> points = new ArrayList<>();
        NUMBERS.forEach(name -> add(points, name, line.get(name)));
        addScore(points, "valid", line);
        server.tell(() -> run.log(Map.of(), points, Map.of()));
    }

    private void addScore(List<Point> points, String split, Map<String, Object> said) {
        if (said.get(split) instanceof Map<?, ?> score) {
            score.forEach((name, value) -> add(points, split + "." + name, value));
        }
    }

    private void add(List<Point> points, String name, Object value) {
        if (value instanceof Number number) {
            points.add(new Point(name, number.doubleValue(), steps, System.currentTimeMillis()));
        }
    }

    /** Takes the summary of a training that has come to its end. */
    public void ended(Map<String, Object> summary) {
        if (server == null) {
            return;
        }
        List<Point> points = new ArrayList<>();
        addScore(points, "test", summary);
        Map<String, String> words = new LinkedHashMap<>();
        for (String key : List.of("status", "reason", "parametersSha256")) {
            if (summary.get(key) instanceof String text) {
                words.put(key, text);
            }
        }
        server.tell(() -> run.log(Map.of(), points, words));
        end = "done".equals(summary.get("status")) ? RunStatus.FINISHED : RunStatus.FAILED;
    }

    /** Ends the run, as failed where the training has not come to its end. */
    @Override
    public void close() {
        if (server != null) {
            server.close(() -> run.end(end));
        }
    }
}
