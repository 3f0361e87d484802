package org.coinflip.spark.record;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.metrics.source.Source;

/**
 * The latest round and look of a training as a source of Spark's metrics, for whatever sink Spark has: {@code coinflip.round}, {@code epoch},
 * {@code examples}, {@code trainLoss}, {@code learningRate}, {@code examplesPerSecond}, and of the validation split {@code validLoss} and {@code
 * validError}. What was not measured yet is no number.
 */
final class TrainingGauges implements Source {
    private static final List<String> OF_ROUNDS =
            List.of("round", "epoch", "examples", "trainLoss", "learningRate", "examplesPerSecond");
    private static final List<String> OF_LOOKS = List.of("loss", "error");

    private final MetricRegistry registry = new MetricRegistry();
    private final Map<String, Double> values = new ConcurrentHashMap<>();

    TrainingGauges() {
        OF_ROUNDS.forEach(this::register);
        OF_LOOKS.forEach(name -> register(ofLook(name)));
    }

    private void register(String name) {
        Gauge<Double> gauge = () -> values.getOrDefault(name, Double.NaN);
        registry.register(name, gauge);
    }

    private static String ofLook(String name) {
        return "valid" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    /** Takes the line of a round. */
    void take(Map<String, Object> line) {
        OF_ROUNDS.forEach(name -> put(name, line.get(name)));
        if (line.get("valid") instanceof Map<?, ?> look) {
            OF_LOOKS.forEach(name -> put(ofLook(name), look.get(name)));
        }
    }

    private void put(String name, Object value) {
        if (value instanceof Number number) {
            values.put(name, number.doubleValue());
        }
    }

    @Override
    public String sourceName() {
        return "coinflip";
    }

    @Override
    public MetricRegistry metricRegistry() {
        return registry;
    }
}
