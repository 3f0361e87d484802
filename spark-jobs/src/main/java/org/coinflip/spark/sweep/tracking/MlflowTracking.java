package org.coinflip.spark.sweep.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.coinflip.spark.output.Redaction;
import org.coinflip.spark.sweep.trial.TrialRecord;
import org.coinflip.spark.sweep.trial.TrialStatus;
import org.coinflip.spark.tracking.MlflowServer;
import org.coinflip.spark.tracking.MlflowSpec;
import org.coinflip.spark.tracking.Point;
import org.mlflow.api.proto.Service.RunStatus;

/** A sweep as a run on an MLflow server, and in it a run for every trial and rung: axes as parameters, metrics, the learning curve by epoch. */
public final class MlflowTracking implements Tracking {
    private final MlflowServer server;
    private final MlflowServer.Run sweep;
    private RunStatus end = RunStatus.FAILED;

    /** @param name of the sweep */
    public MlflowTracking(MlflowSpec spec, String name) {
        server = new MlflowServer(spec);
        sweep = server.run(name);
    }

    @Override
    public void ended(TrialRecord record, Map<String, Object> values) {
        MlflowServer.Run run = server.run("trial " + record.trial() + ", rung " + record.rung(), sweep);
        Map<String, Object> parameters = Redaction.redact(values);
        RunStatus how = record.status() == TrialStatus.DONE ? RunStatus.FINISHED : RunStatus.FAILED;
        // whatever happens: nothing there runs any more
        server.tell(
                () -> {
                    run.log(parameters, points(record), words(record));
                    run.end(how);
                },
                () -> run.end(RunStatus.FAILED));
    }

    private static List<Point> points(TrialRecord record) {
        List<Point> points = new ArrayList<>();
        long millis = record.startedMillis() + (long) (1000 * record.seconds());
        record.metrics().forEach((name, value) -> points.add(new Point(name, value, record.epochs(), millis)));
        for (TrialRecord.Point point : record.curve()) {
            points.add(new Point("curve.train.loss", point.trainLoss(), point.epoch(), millis));
            points.add(new Point("curve.valid.loss", point.validLoss(), point.epoch(), millis));
            points.add(new Point("curve.valid.error", point.validError(), point.epoch(), millis));
        }
        return points;
    }

    private static Map<String, Object> words(TrialRecord record) {
        return Redaction.redact(Map.of(
                "status",
                record.status().name(),
                "reason",
                record.reason(),
                "parametersSha256",
                record.parametersSha256()));
    }

    @Override
    public void whole() {
        end = RunStatus.FINISHED;
    }

    @Override
    public void close() {
        server.close(() -> sweep.end(end));
    }
}
