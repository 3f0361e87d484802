package org.coinflip.spark.sweep.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.coinflip.spark.sweep.trial.TrialRecord;
import org.coinflip.spark.sweep.trial.TrialStatus;
import org.coinflip.spark.tracking.MlflowSpec;
import org.coinflip.spark.tracking.TrackingSpec;
import org.coinflip.spark.tracking.TrainingTracking;
import org.junit.jupiter.api.Test;

class MlflowTrackingTest {
    private static final TrialRecord RECORD = new TrialRecord(
            7,
            1,
            "key",
            TrialStatus.DONE,
            "",
            4,
            Map.of("valid.error", 0.25, "valid.loss", Double.NaN),
            List.of(new TrialRecord.Point(4, 0.5, 0.6, 0.25)),
            "abc",
            2.5,
            1000,
            "here");

    /** Metrics that the server takes in a request. */
    private static final int MOST_METRICS = 1000;

    private record Request(String path, JsonNode body) {}

    private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
    /** A request that the server answers with an error, whatever it says. */
    private String refused = "none";
    /** Batches at which the server fails before it is well. */
    private int failures;

    /** What the server of MLflow answers to these requests, as its REST interface is documented. */
    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().replaceAll("^/api/2.0/mlflow/", "");
        byte[] body = exchange.getRequestBody().readAllBytes();
        JsonNode read = body.length == 0 ? MissingNode.getInstance() : new ObjectMapper().readTree(body);
        requests.add(new Request(path, read));
        String json =
                switch (path) {
                    case "experiments/get-by-name" -> "{\"error_code\": \"RESOURCE_DOES_NOT_EXIST\", \"message\": \"no\"}";
                    case "experiments/create" -> "{\"experiment_id\": \"3\"}";
                    case "runs/create" -> {
                        String id = "r" + bodies("runs/create").size();
                        yield "{\"run\": {\"info\": {\"run_id\": \"" + id + "\", \"run_uuid\": \"" + id
                                + "\", \"experiment_id\": \"3\"}}}";
                    }
                    default -> "{}";
                };
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        boolean bad = path.equals(refused) || read.path("metrics").size() > MOST_METRICS;
        boolean ill = path.equals("runs/log-batch") && failures-- > 0;
        exchange.sendResponseHeaders(
                path.equals("experiments/get-by-name") ? 404 : bad ? 400 : ill ? 503 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void track(TrialRecord record, String path) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        try (Tracking tracking = new MlflowTracking(
                new MlflowSpec("http://127.0.0.1:" + server.getAddress().getPort() + path, "digits"), "a sweep")) {
            tracking.ended(record, Map.of("training.updater.learning-rate", 0.1));
        } finally {
            server.stop(0);
        }
    }

    private List<JsonNode> bodies(String path) {
        return requests.stream()
                .filter(request -> request.path().equals(path))
                .map(Request::body)
                .toList();
    }

    /** All of one kind that the server was told in batches. */
    private List<JsonNode> logged(String kind) {
        List<JsonNode> all = new ArrayList<>();
        bodies("runs/log-batch").forEach(batch -> batch.path(kind).forEach(all::add));
        return all;
    }

    @Test
    void aTrialBecomesARunWithItsAxesAndMetrics() throws Exception {
        track(RECORD, "");
        assertEquals("digits", bodies("experiments/create").get(0).path("name").asText());
        assertEquals(
                "training.updater.learning-rate",
                logged("params").get(0).path("key").asText());
        assertEquals("0.1", logged("params").get(0).path("value").asText());
        Map<String, Double> metrics = new LinkedHashMap<>();
        logged("metrics")
                .forEach(metric -> metrics.put(
                        metric.path("key").asText(), metric.path("value").asDouble()));
        assertEquals(
                Map.of(
                        "valid.error",
                        0.25,
                        "curve.train.loss",
                        0.5,
                        "curve.valid.loss",
                        0.6,
                        "curve.valid.error",
                        0.25),
                metrics);
        assertEquals("FINISHED", bodies("runs/update").get(0).path("status").asText());
    }

    @Test
    void aSlashAtTheEndOfTheAddressIsNoPath() throws Exception {
        track(RECORD, "//");
        assertEquals("FINISHED", bodies("runs/update").get(0).path("status").asText());
    }

    @Test
    void manyMetricsGoInRequestsThatTheServerTakes() throws Exception {
        List<TrialRecord.Point> curve = IntStream.rangeClosed(1, 403)
                .mapToObj(epoch -> new TrialRecord.Point(epoch, 0.5, 0.6, 0.25))
                .toList();
        track(new TrialRecord(7, 1, "key", TrialStatus.DONE, "", 403, Map.of(), curve, "abc", 2.5, 1000, "here"), "");
        assertEquals(3 * 403, logged("metrics").size());
        assertEquals("FINISHED", bodies("runs/update").get(0).path("status").asText());
    }

    @Test
    void aRunWhoseMetricsAreRefusedDoesNotStayRunning() throws Exception {
        refused = "runs/log-batch";
        track(RECORD, "");
        assertEquals("FAILED", bodies("runs/update").get(0).path("status").asText());
    }

    @Test
    void trialsArePartsOfTheSweepsRunWhichEndsAsItDid() throws Exception {
        track(RECORD, "");
        assertEquals(2, bodies("runs/create").size());
        List<String> tags = new ArrayList<>();
        bodies("runs/create").forEach(run -> run.path("tags")
                .forEach(tag -> tags.add(
                        tag.path("key").asText() + " " + tag.path("value").asText())));
        assertEquals(
                List.of("mlflow.runName a sweep", "mlflow.runName trial 7, rung 1", "mlflow.parentRunId r1"), tags);
        // closed without a word that it is whole
        assertEquals("FAILED", bodies("runs/update").get(1).path("status").asText());
    }

    /** The first run is the sweep's, the second the trial's. */
    @Test
    void eachRunIsToldWhatIsIts() throws Exception {
        track(RECORD, "");
        assertTrue(bodies("runs/log-batch").stream()
                .allMatch(batch -> batch.path("run_id").asText().equals("r2")));
        assertEquals(
                List.of("r2 FINISHED", "r1 FAILED"),
                bodies("runs/update").stream()
                        .map(update -> update.path("run_id").asText() + " "
                                + update.path("status").asText())
                        .toList());
    }

    @Test
    void aServerThatIsNotWellIsToldAgain() throws Exception {
        failures = 1;
        track(RECORD, "");
        assertEquals("FINISHED", bodies("runs/update").get(0).path("status").asText());
        assertEquals(4, logged("metrics").size());
    }

    /** What a server was told that was away for some seconds is told again. */
    @Test
    void nothingIsLostWhileTheServerIsAway() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        HttpServer server = null;
        try (Tracking tracking = new MlflowTracking(new MlflowSpec("http://127.0.0.1:" + port, "digits"), "a sweep")) {
            tracking.ended(RECORD, Map.of());
            tracking.ended(RECORD, Map.of());
            tracking.whole();
            Thread.sleep(700);
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            server.createContext("/", this::answer);
            server.start();
        } finally {
            if (server != null) {
                server.stop(0);
            }
        }
        assertEquals(
                List.of("FINISHED", "FINISHED", "FINISHED"),
                bodies("runs/update").stream()
                        .map(update -> update.path("status").asText())
                        .toList());
    }

    @Test
    void aTrainingBecomesARunWithItsSettingsAndLooks() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        MlflowSpec spec =
                new MlflowSpec("http://127.0.0.1:" + server.getAddress().getPort(), "digits");
        try (TrainingTracking tracking = new TrainingTracking(
                new TrackingSpec(Optional.of(spec), false),
                "mine",
                Map.of("training", Map.of("batch", 32), "layers", List.of(Map.of("units", 5))),
                null,
                List.of())) {
            tracking.line(Map.of("steps", 40L, "epoch", 1.0, "trainLoss", 0.75));
            tracking.line(Map.of("steps", 80L, "epoch", 2.0, "trainLoss", 0.5, "valid", Map.of("error", 0.25)));
            tracking.ended(Map.of("status", "done", "test", Map.of("error", 0.125), "parametersSha256", "ab"));
        } finally {
            server.stop(0);
        }
        List<String> said = new ArrayList<>();
        logged("params")
                .forEach(one -> said.add(
                        one.path("key").asText() + "=" + one.path("value").asText()));
        logged("metrics")
                .forEach(one -> said.add(one.path("key").asText() + "="
                        + one.path("value").asDouble() + "@" + one.path("step").asInt()));
        assertEquals(
                List.of(
                        "epoch=2.0@80",
                        "layers.0.units=5",
                        "test.error=0.125@80",
                        "trainLoss=0.5@80",
                        "training.batch=32",
                        "valid.error=0.25@80"),
                said.stream().sorted().toList());
        assertEquals("FINISHED", bodies("runs/update").get(0).path("status").asText());
    }

    /** It takes connections and says nothing: the client waits for ever, who closes does not. */
    @Test
    void aServerThatHangsHangsNobody() throws Exception {
        Instant began = Instant.now();
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Tracking tracking = new MlflowTracking(
                        new MlflowSpec("http://127.0.0.1:" + silent.getLocalPort(), "digits"), "a sweep")) {
            tracking.ended(RECORD, Map.of());
            tracking.ended(RECORD, Map.of());
        }
        assertTrue(Duration.between(began, Instant.now()).toSeconds() < 30);
    }

    /** Nobody listens there: nothing is thrown, and no one waits longer than some seconds. */
    @Test
    void aServerThatIsNotThereFailsNothing() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Instant began = Instant.now();
        try (Tracking tracking = new MlflowTracking(new MlflowSpec("http://127.0.0.1:" + port, "digits"), "a sweep")) {
            for (int i = 0; i < 20_000; i++) {
                tracking.ended(RECORD, Map.of());
            }
        }
        assertTrue(Duration.between(began, Instant.now()).toSeconds() < 60);
    }
}
