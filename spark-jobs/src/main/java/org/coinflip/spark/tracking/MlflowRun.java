package org.coinflip.spark.tracking;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mlflow.api.proto.Service.RunStatus;

/** A training as a run on an MLflow server: settings as parameters, what is measured at looks by steps done, the test's score at the end. It is failed where the training has not come to its end. */
final class MlflowRun implements Watcher {
    private final MlflowServer server;
    private final MlflowServer.Run run;
    private RunStatus end = RunStatus.FAILED;

    MlflowRun(MlflowServer server, String name, Map<String, Object> settings) {
        this.server = server;
        this.run = server.run(name);
        Map<String, Object> parameters = new LinkedHashMap<>();
        flatten("", settings, parameters);
        server.tell(() -> run.log(parameters, List.of(), Map.of()));
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

    @Override
    public void take(List<Point> points) {
        server.tell(() -> run.log(Map.of(), points, Map.of()));
    }

    @Override
    public void ended(List<Point> points, Map<String, String> words) {
        server.tell(() -> run.log(Map.of(), points, words));
        end = "done".equals(words.get("status")) ? RunStatus.FINISHED : RunStatus.FAILED;
    }

    @Override
    public void close() {
        server.close(() -> run.end(end));
    }
}
