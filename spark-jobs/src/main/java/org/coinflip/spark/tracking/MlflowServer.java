package org.coinflip.spark.tracking;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowHttpException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An MLflow server. One thread tells it; while it cannot be reached, does not answer or is not well, it is tried again and what is to be told waits, at most {@value #MOST_WAITING} messages. What
 * there is no room for, or the server refuses, is left out and counted.
 */
public final class MlflowServer {
    private static final Logger LOG = LoggerFactory.getLogger(MlflowServer.class);
    private static final int MOST_WAITING = 10_000;
    /** Less than a job has when it is asked to end. */
    private static final int MOST_SECONDS_AT_THE_END = 10;

    private static final int ANSWER_SECONDS = 30;
    private static final int FIRST_PAUSE_MILLIS = 500;
    private static final int LONGEST_PAUSE_MILLIS = 600_000;
    /** Of a message that the server fails at. */
    private static final int MOST_FAILURES = 6;
    /** MLflow refuses longer values of parameters. */
    private static final int LONGEST_VALUE = 500;
    /** And of tags. */
    private static final int LONGEST_TAG = 5000;
    /** MLflow refuses more metrics in a request, and more of all together. */
    private static final int MOST_METRICS = 1000;
    /** And more parameters. */
    private static final int MOST_PARAMETERS = 100;

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private final MlflowClient client;
    private final String experiment;
    private final ThreadPoolExecutor teller;
    /** The client itself waits for an answer without end. */
    private final ExecutorService callers = Executors.newCachedThreadPool(this::thread);

    private final CountDownLatch closing = new CountDownLatch(1);
    /** Whether it was not there when there was no more time. Of the thread that tells it. */
    private boolean isGone;

    private String experimentId;
    private long leftOut;
    private String firstProblem;

    /** Does not touch the server yet. */
    public MlflowServer(MlflowSpec spec) {
        this.client = new MlflowClient(spec.uri().replaceAll("/+$", ""));
        this.experiment = spec.experiment();
        this.teller = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::thread);
    }

    private Thread thread(Runnable task) {
        Thread thread = new Thread(task, "mlflow");
        thread.setDaemon(true);
        return thread;
    }

    /** A run there. Belongs to the thread that tells the server; what is said twice is as if it were said once. */
    public final class Run {
        private final String name;
        private final Run parent;
        private String id;

        private Run(String name, Run parent) {
            this.name = name;
            this.parent = parent;
        }

        private String id() {
            if (id == null) {
                if (experimentId == null) {
                    experimentId = experimentId();
                }
                CreateRun.Builder run = CreateRun.newBuilder()
                        .setExperimentId(experimentId)
                        .setStartTime(System.currentTimeMillis())
                        .addTags(tag("mlflow.runName", name));
                if (parent != null) {
                    run.addTags(tag("mlflow.parentRunId", parent.id()));
                }
                id = client.createRun(run.build()).getRunId();
            }
            return id;
        }

        /** Says what was set, what it came to, and in which words. */
        public void log(Map<String, ?> parameters, List<Point> points, Map<String, ?> words) {
            List<RunTag> tags = new ArrayList<>();
            words.forEach((key, value) -> tags.add(tag(key, String.valueOf(value))));
            client.logBatch(id(), List.of(), List.of(), tags);
            List<Param> params = new ArrayList<>();
            parameters.forEach((key, value) -> params.add(Param.newBuilder()
                    .setKey(key(key))
                    .setValue(shortened(String.valueOf(value), LONGEST_VALUE))
                    .build()));
            inParts(params, MOST_PARAMETERS, some -> client.logBatch(id(), List.of(), some, List.of()));
            List<Metric> metrics = points.stream()
                    .filter(point -> Double.isFinite(point.value()))
                    .map(point -> Metric.newBuilder()
                            .setKey(key(point.name()))
                            .setValue(point.value())
                            .setStep(point.step())
                            .setTimestamp(point.millis())
                            .build())
                    .toList();
            inParts(metrics, MOST_METRICS, some -> client.logBatch(id(), some, List.of(), List.of()));
        }

        /** Says how it ended. */
        public void end(RunStatus how) {
            if (id != null) {
                client.setTerminated(id, how);
            }
        }
    }

    /** A run that the server has not heard of yet. */
    public Run run(String name) {
        return new Run(name, null);
    }

    /** A run that is part of another. */
    public Run run(String name, Run parent) {
        return new Run(name, parent);
    }

    private static <T> void inParts(List<T> all, int most, Consumer<List<T>> part) {
        for (int from = 0; from < all.size(); from += most) {
            part.accept(all.subList(from, Math.min(all.size(), from + most)));
        }
    }

    /** A name of letters that MLflow takes. */
    private static String key(String name) {
        return name.replaceAll("[^\\w.\\- /]", "_");
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

    private String experimentId() {
        Optional<Experiment> found = client.getExperimentByName(experiment);
        if (found.isPresent()) {
            return found.get().getExperimentId();
        }
        try {
            return client.createExperiment(experiment);
        } catch (MlflowHttpException e) {
            // another job made it in between
            return client.getExperimentByName(experiment).orElseThrow(() -> e).getExperimentId();
        }
    }

    /** Has the server told, when its thread comes to it; never waits and never fails. What a message says is said again where the server could not be reached. */
    public void tell(Runnable message) {
        tell(message, () -> {});
    }

    /**
     * As the other.
     *
     * @param refused what else it is told where it refuses
     */
    public void tell(Runnable message, Runnable refused) {
        if (teller.getQueue().size() >= MOST_WAITING) {
            leaveOut("the server is slower than what it is told");
        } else {
            teller.execute(() -> tellUntilTold(message, refused));
        }
    }

    private void tellUntilTold(Runnable message, Runnable refused) {
        int failures = 0;
        for (int pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(LONGEST_PAUSE_MILLIS, 2 * pause)) {
            if (isGone) {
                leaveOut("it could not be reached");
                return;
            }
            try {
                answered(message);
                return;
            } catch (MlflowHttpException e) {
                boolean isIll = e.getStatusCode() >= SERVER_ERROR || e.getStatusCode() == TOO_MANY_REQUESTS;
                if (!isIll || ++failures == MOST_FAILURES) {
                    leaveOut(firstLine(e));
                    quietly(refused);
                    return;
                }
            } catch (IOException | TimeoutException e) {
                LOG.debug("tracking.mlflow: {}", e.getMessage());
            } catch (InterruptedException e) {
                isGone = true;
                continue;
            } catch (RuntimeException e) {
                leaveOut(firstLine(e));
                return;
            }
            pauseBeforeNext(pause);
        }
    }

    /** Once more when all is closed, and that is the last try. */
    private void pauseBeforeNext(int pause) {
        try {
            isGone = closing.getCount() == 0;
            boolean isLast = !isGone && closing.await(pause, TimeUnit.MILLISECONDS);
            LOG.debug("tracking.mlflow: tried again, {}", isLast ? "for the last time" : "after a pause");
        } catch (InterruptedException e) {
            isGone = true;
        }
    }

    private void answered(Runnable message) throws IOException, TimeoutException, InterruptedException {
        Future<?> answer = callers.submit(message);
        try {
            answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause().getCause() instanceof IOException outage) {
                throw outage;
            }
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    private void quietly(Runnable message) {
        try {
            answered(message);
        } catch (IOException | TimeoutException | InterruptedException | RuntimeException e) {
            LOG.info("tracking.mlflow: {}", e.getMessage());
        }
    }

    private static String firstLine(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private synchronized void leaveOut(String problem) {
        leftOut++;
        if (firstProblem == null) {
            firstProblem = problem;
            LOG.info("tracking.mlflow: {}", problem);
        }
    }

    /**
     * Gives the server some seconds to take the rest, and says on the terminal what it did not take.
     *
     * @param last what is told last, for which there is always room
     */
    public void close(Runnable last) {
        teller.execute(() -> tellUntilTold(last, () -> {}));
        closing.countDown();
        teller.shutdown();
        try {
            if (!teller.awaitTermination(MOST_SECONDS_AT_THE_END, TimeUnit.SECONDS)) {
                teller.shutdownNow().forEach(message -> leaveOut("the server is slower than what it is told"));
                // the one that is under way counts itself
                teller.awaitTermination(1, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            teller.shutdownNow().forEach(message -> leaveOut("the job was interrupted"));
        }
        callers.shutdownNow();
        synchronized (this) {
            if (leftOut > 0) {
                System.err.println("tracking.mlflow.uri: the server did not take " + leftOut + " messages ("
                        + firstProblem + "); the job's own files have all");
            }
        }
    }
}
