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
import java.util.stream.IntStream;
import org.coinflip.spark.sweep.trial.TrialRecord;
import org.coinflip.spark.sweep.trial.TrialStatus;
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
                    case "runs/create" -> "{\"run\": {\"info\": {\"run_id\": \"r1\", \"run_uuid\": \"r1\","
                            + " \"experiment_id\": \"3\"}}}";
                    default -> "{}";
                };
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        boolean bad = path.equals(refused) || read.path("metrics").size() > MOST_METRICS;
        exchange.sendResponseHeaders(path.equals("experiments/get-by-name") ? 404 : bad ? 400 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void track(TrialRecord record, String path) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        try (Tracking tracking =
                new MlflowTracking("http://127.0.0.1:" + server.getAddress().getPort() + path, "digits")) {
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

    /** Nobody listens there: nothing is thrown, and no one waits longer than some seconds. */
    @Test
    void aServerThatIsNotThereFailsNothing() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Instant began = Instant.now();
        try (Tracking tracking = new MlflowTracking("http://127.0.0.1:" + port, "digits")) {
            for (int i = 0; i < 20_000; i++) {
                tracking.ended(RECORD, Map.of());
            }
        }
        assertTrue(Duration.between(began, Instant.now()).toSeconds() < 60);
    }
}
