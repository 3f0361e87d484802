package org.coinflip.spark.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.tracking.TrainingTracking;
import org.junit.jupiter.api.Test;
import scala.collection.JavaConverters;

class TrainingGaugesTest {
    private static Object value(TrainingGauges gauges, String name) {
        return gauges.metricRegistry().getGauges().get(name).getValue();
    }

    @Test
    void haveTheLatestRoundAndLook() {
        TrainingGauges gauges = new TrainingGauges();
        assertEquals(Double.NaN, value(gauges, "trainLoss"));
        gauges.take(Map.of("round", 3, "trainLoss", 0.5, "valid", Map.of("loss", 0.25, "error", 0.125)));
        gauges.take(Map.of("round", 4, "trainLoss", 0.375));
        assertEquals(4.0, value(gauges, "round"));
        assertEquals(0.375, value(gauges, "trainLoss"));
        assertEquals(0.25, value(gauges, "validLoss"));
        assertEquals(0.125, value(gauges, "validError"));
    }

    @Test
    void areSparksWhileItTrains() {
        try (LocalSpark spark = new LocalSpark(1)) {
            try (TrainingProgress progress = new TrainingProgress(spark.context(), 5, new TrainingTracking())) {
                progress.rounds(0, 5);
                assertEquals("rounds 1 to 5 of 5", spark.context().sc().getLocalProperty("spark.job.description"));
                assertEquals(1, sources().size());
            }
            assertTrue(sources().isEmpty());
        }
    }

    private static List<?> sources() {
        return JavaConverters.seqAsJavaList(
                SparkEnv.get().metricsSystem().getSourcesByName("coinflip").toSeq());
    }
}
