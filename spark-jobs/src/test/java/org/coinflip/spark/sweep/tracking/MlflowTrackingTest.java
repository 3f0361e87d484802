package org.coinflip.spark.sweep.tracking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private final Map<String, JsonNode> requests = Collections.synchronizedMap(new LinkedHashMap<>());

    /** What the server of MLflow answers to these requests, as its REST interface is documented. */
    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().replaceAll(".*/mlflow/", "");
        byte[] body = exchange.getRequestBody().readAllBytes();
        requests.put(path, body.length == 0 ? null : new ObjectMapper().readTree(body));
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
        exchange.sendResponseHeaders(path.equals("experiments/get-by-name") ? 404 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void aTrialBecomesARunWithItsAxesAndMetrics() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        try (Tracking tracking =
                new MlflowTracking("http://127.0.0.1:" + server.getAddress().getPort(), "digits")) {
            tracking.ended(RECORD, Map.of("training.updater.learning-rate", 0.1));
        } finally {
            server.stop(0);
        }
        assertEquals("digits", requests.get("experiments/create").path("name").asText());
        JsonNode batch = requests.get("runs/log-batch");
        assertEquals(
                "training.updater.learning-rate",
                batch.path("params").get(0).path("key").asText());
        assertEquals("0.1", batch.path("params").get(0).path("value").asText());
        Map<String, Double> metrics = new LinkedHashMap<>();
        batch.path("metrics")
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
        assertEquals("FINISHED", requests.get("runs/update").path("status").asText());
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
