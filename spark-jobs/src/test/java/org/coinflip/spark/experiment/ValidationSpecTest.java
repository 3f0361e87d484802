package org.coinflip.spark.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.settings.Section;
import org.junit.jupiter.api.Test;

class ValidationSpecTest {
    private static ValidationSpec spec(String written) {
        return ValidationSpec.read(Section.root(ConfigFactory.parseString(written)));
    }

    private static Experiment experiment(String metric, String output) {
        return Experiment.read(ConfigFactory.parseString(
                "network.layers = [ { type = output, " + output + " } ], validation.metric = " + metric));
    }

    private static void refused(String metric, String output, String part) {
        Experiment experiment = experiment(metric, output);
        UsageException e =
                assertThrows(UsageException.class, () -> experiment.validation().plan(experiment.networkSpec(3)));
        assertTrue(e.getMessage().startsWith("validation.metric: got " + metric), e.getMessage());
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    @Test
    void watchesTheLossUnlessToldOtherwise() {
        assertEquals("loss", spec("").write().get("metric"));
        Experiment plain = experiment("loss", "units = 4");
        assertTrue(plain.validation().plan(plain.networkSpec(3)).isEmpty());
        Experiment measured = experiment("average-precision", "units = 4");
        assertFalse(measured.validation().plan(measured.networkSpec(3)).isEmpty());
    }

    @Test
    void lessIsBetterOfWhateverIsWatched() {
        Map<String, Object> score =
                Map.of("loss", 3.0, "error", 0.25, "measures", Map.of("auc", 0.75, "balancedError", 0.5));
        assertEquals(3.0, spec("metric = loss").value(score));
        assertEquals(0.25, spec("metric = error").value(score));
        assertEquals(0.5, spec("metric = balanced-error").value(score));
        assertEquals(-0.75, spec("metric = auc").value(score));
        assertTrue(Double.isNaN(spec("metric = f1").value(score)));
        assertEquals(0.5, spec("metric = error").value(Map.of("loss", 1.0, "squaredError", 0.5)));
    }

    @Test
    void refusesWhatTheNetworkDoesNotHave() {
        refused("r2", "units = 4", "expected one of loss, error, balanced-error");
        refused("top-5-error", "units = 4", "top-3-error, auc");
        refused("ece", "units = 3, objective = gaussian-reconstruction", "expected one of loss, error, mae, rmse, r2");
        refused("log-loss", "units = 4, objective = squared-error", "rejection-area, mae");
        UsageException e = assertThrows(UsageException.class, () -> spec("metric = balanced-eror"));
        assertTrue(e.getMessage().contains("did you mean balanced-error?"), e.getMessage());
    }
}
