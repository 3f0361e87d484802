package org.coinflip.spark.sweep.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.coinflip.spark.sweep.trial.TrialRecord;
import org.coinflip.spark.sweep.trial.TrialStatus;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.tracking.MlflowClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run on an MLflow server for every trial and rung: axes as parameters, metrics, the learning curve by epoch. One thread tells the server;
 * what it has no time for, or the server does not take, is left out and counted.
 */
public final class MlflowTracking implements Tracking {
    private static final Logger LOG = LoggerFactory.getLogger(MlflowTracking.class);
    private static final int MOST_WAITING = 10_000;
    private static final int MOST_SECONDS_AT_THE_END = 20;
    /** MLflow refuses longer values of parameters. */
    private static final int LONGEST_VALUE = 500;
    /** And of tags. */
    private static final int LONGEST_TAG = 5000;
    /** MLflow refuses more metrics in a request, and more of all together. */
    private static final int MOST_METRICS = 1000;
    /** And more parameters. */
    private static final int MOST_PARAMETERS = 100;

    private final MlflowClient client;
    private final String experiment;
    private final ThreadPoolExecutor teller;
    private String experimentId;
    private long leftOut;
    private String firstProblem;

    /**
     * Does not touch the server yet.
     *
     * @param uri of the server, such as {@code http://host:5000}
     * @param experiment name of the experiment there; made if it is not there
     */
    public MlflowTracking(String uri, String experiment) {
        this.client = new MlflowClient(uri.replaceAll("/+$", ""));
        this.experiment = experiment;
        this.teller = new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), this::thread, (task, pool) -> {
                    leaveOut("the server is slower than the sweep");
                });
    }

    private Thread thread(Runnable task) {
        Thread thread = new Thread(task, "mlflow");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void ended(TrialRecord record, Map<String, Object> values) {
        teller.execute(() -> {
            try {
                tell(record, values);
            } catch (RuntimeException e) {
                leaveOut(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            }
        });
    }

    private void tell(TrialRecord record, Map<String, Object> values) {
        if (experimentId == null) {
            experimentId = client.getExperimentByName(experiment)
                    .map(found -> found.getExperimentId())
                    .orElseGet(() -> client.createExperiment(experiment));
        }
        RunInfo run = client.createRun(experimentId);
        RunStatus end = RunStatus.FAILED;
        try {
            log(run.getRunId(), record, values);
            if (record.status() == TrialStatus.DONE) {
                end = RunStatus.FINISHED;
            }
        } finally {
            // whatever happened: nothing there runs any more
            client.setTerminated(run.getRunId(), end);
        }
    }

    private void log(String run, TrialRecord record, Map<String, Object> values) {
        List<Metric> metrics = new ArrayList<>();
        long millis = record.startedMillis() + (long) (1000 * record.seconds());
        record.metrics().forEach((name, value) -> metrics.add(metric(name, value, millis, record.epochs())));
        for (TrialRecord.Point point : record.curve()) {
            metrics.add(metric("curve.train.loss", point.trainLoss(), millis, point.epoch()));
            metrics.add(metric("curve.valid.loss", point.validLoss(), millis, point.epoch()));
            metrics.add(metric("curve.valid.error", point.validError(), millis, point.epoch()));
        }
        metrics.removeIf(metric -> !Double.isFinite(metric.getValue()));
        List<Param> parameters = new ArrayList<>();
        values.forEach((name, value) -> parameters.add(Param.newBuilder()
                .setKey(name.replaceAll("[^\\w.\\- /]", "_"))
                .setValue(shortened(String.valueOf(value), LONGEST_VALUE))
                .build()));
        List<RunTag> tags = List.of(
                tag("mlflow.runName", "trial " + record.trial() + ", rung " + record.rung()),
                tag("status", record.status().name()),
                tag("reason", record.reason()),
                tag("parametersSha256", record.parametersSha256()));
        client.logBatch(run, List.of(), List.of(), tags);
        for (int from = 0; from < parameters.size(); from += MOST_PARAMETERS) {
            int to = Math.min(parameters.size(), from + MOST_PARAMETERS);
            client.logBatch(run, List.of(), parameters.subList(from, to), List.of());
        }
        for (int from = 0; from < metrics.size(); from += MOST_METRICS) {
            int to = Math.min(metrics.size(), from + MOST_METRICS);
            client.logBatch(run, metrics.subList(from, to), List.of(), List.of());
        }
    }

    private static Metric metric(String name, double value, long millis, long step) {
        return Metric.newBuilder()
                .setKey(name)
                .setValue(value)
                .setTimestamp(millis)
                .setStep(step)
                .build();
    }

    private static RunTag tag(String key, String value) {
        return RunTag.newBuilder()
                .setKey(key)
                .setValue(shortened(value, LONGEST_TAG))
                .build();
    }

    private static String shortened(String value, int most) {
        return value.length() <= most ? value : value.substring(0, most);
    }

    private synchronized void leaveOut(String problem) {
        leftOut++;
        if (firstProblem == null) {
            firstProblem = problem;
            LOG.info("tracking.mlflow: {}", problem);
        }
    }

    /** Gives the server some seconds to take the rest, and says on the terminal what it did not take. */
    @Override
    public void close() {
        teller.shutdown();
        try {
            if (!teller.awaitTermination(MOST_SECONDS_AT_THE_END, TimeUnit.SECONDS)) {
                teller.shutdownNow().forEach(task -> leaveOut("the server is slower than the sweep"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            teller.shutdownNow();
        }
        synchronized (this) {
            if (leftOut > 0) {
                System.err.println("tracking.mlflow.uri: the server did not take " + leftOut + " trials ("
                        + firstProblem + "); the sweep's own files have them all");
            }
        }
    }
}
