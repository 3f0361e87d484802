package org.coinflip.spark.sweep.trial;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.coinflip.spark.output.Json;
import org.coinflip.spark.sweep.space.NameMap;

/**
 * What became of a trial at a rung: a line of the journal. All but the last three parts is a function of the settings.
 *
 * @param trial its number: configuration · replicates + replicate
 * @param rung how far it was taken
 * @param key checksum of what it was given
 * @param status how it ended
 * @param reason why not well, in a line; empty where it did
 * @param epochs epochs done, those of lower rungs too
 * @param metrics by name, such as valid.error
 * @param curve points of the learning curve in this rung
 * @param parametersSha256 of the trained parameters; empty where there are none
 * @param seconds it took
 * @param startedMillis when it began, since 1970
 * @param host where it ran
 */
public record TrialRecord(
        int trial,
        int rung,
        String key,
        TrialStatus status,
        String reason,
        int epochs,
        Map<String, Double> metrics,
        List<Point> curve,
        String parametersSha256,
        double seconds,
        long startedMillis,
        String host) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A look during training.
     *
     * @param epoch epochs done
     * @param trainLoss mean training loss since the look before
     * @param validLoss on the validation split
     * @param validError on the validation split
     */
    public record Point(int epoch, double trainLoss, double validLoss, double validError) {}

    /** A record of something that has no results. */
    public static TrialRecord failure(
            TrialRequest request, TrialStatus status, String reason, double seconds, long startedMillis, String host) {
        return new TrialRecord(
                request.trial(),
                request.rung(),
                request.key(),
                status,
                reason,
                request.from(),
                Map.of(),
                List.of(),
                "",
                seconds,
                startedMillis,
                host);
    }

    /** The line of the journal. */
    public String line() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("trial", trial);
        keys.put("rung", rung);
        keys.put("key", key);
        keys.put("status", status.name());
        if (!reason.isEmpty()) {
            keys.put("reason", reason);
        }
        keys.put("epochs", epochs);
        keys.put("metrics", metrics);
        if (!curve.isEmpty()) {
            keys.put(
                    "curve",
                    curve.stream()
                            .map(p -> List.of(p.epoch, p.trainLoss, p.validLoss, p.validError))
                            .toList());
        }
        if (!parametersSha256.isEmpty()) {
            keys.put("parametersSha256", parametersSha256);
        }
        keys.put("seconds", seconds);
        keys.put("started", startedMillis);
        keys.put("host", host);
        return Json.line(keys);
    }

    /** Reads what {@link #line} wrote. */
    public static TrialRecord parse(String line) throws JsonProcessingException {
        JsonNode json = JSON.readTree(line);
        Map<String, Double> metrics = new TreeMap<>();
        json.path("metrics").fields().forEachRemaining(e -> metrics.put(e.getKey(), number(e.getValue())));
        List<Point> curve = new ArrayList<>();
        json.path("curve")
                .forEach(p -> curve.add(
                        new Point(p.path(0).asInt(), number(p.path(1)), number(p.path(2)), number(p.path(3)))));
        return new TrialRecord(
                json.required("trial").asInt(),
                json.required("rung").asInt(),
                json.required("key").asText(),
                TrialStatus.valueOf(json.required("status").asText()),
                json.path("reason").asText(""),
                json.required("epochs").asInt(),
                NameMap.of(metrics),
                List.copyOf(curve),
                json.path("parametersSha256").asText(""),
                number(json.required("seconds")),
                json.path("started").asLong(),
                json.path("host").asText("").intern());
    }

    /** Reads a line that a task of this program wrote. */
    public static TrialRecord ofTask(String line) {
        try {
            return parse(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a task's record cannot be read: " + line, e);
        }
    }

    /** JSON has no numbers that are not finite: they are text. */
    private static double number(JsonNode node) {
        return node.isNumber() ? node.doubleValue() : Double.parseDouble(node.asText("NaN"));
    }
}
