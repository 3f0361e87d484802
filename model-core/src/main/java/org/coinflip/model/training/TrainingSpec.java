package org.coinflip.model.training;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.updater.Schedule;
import org.coinflip.model.training.updater.UpdaterSpec;

/**
 * The {@code training} section of an experiment.
 *
 * @param batch examples a step, at least 1; an epoch's last batch may be smaller
 * @param epochs passes over a worker's examples, at least 1
 * @param updater how gradients change parameters
 * @param schedule factor on the learning rate
 * @param weightDecay λ of ½ λ ‖weights‖²
 * @param maxColumnNorm greatest Euclidean norm of a unit's incoming weights; 0 for no limit
 * @param clipNorm greatest Euclidean norm of a step's gradient, weight decay left out; a longer one is scaled back to it. 0 for no limit
 * @param ema β of the exponential average of the parameters over steps that is the result, see {@link Learner}; 0 for the last step's
 * @param maxSeconds time after which no further round, or step, is begun; 0 for no limit. Where a training ends by it depends on the machine
 */
public record TrainingSpec(
        int batch,
        int epochs,
        UpdaterSpec updater,
        Schedule schedule,
        double weightDecay,
        double maxColumnNorm,
        double clipNorm,
        double ema,
        double maxSeconds) {
    /** The key of {@link #maxSeconds}: no bits depend on it but those of the training's end. */
    public static final String MAX_SECONDS = "max-seconds";

    /** Without clipping, for as long as it takes. */
    public TrainingSpec(
            int batch, int epochs, UpdaterSpec updater, Schedule schedule, double weightDecay, double maxColumnNorm) {
        this(batch, epochs, updater, schedule, weightDecay, maxColumnNorm, 0, 0, 0);
    }

    public static TrainingSpec read(Section section) {
        TrainingSpec spec = new TrainingSpec(
                section.integer("batch", 32, 1, 1 << 20),
                section.integer("epochs", 20, 1, Integer.MAX_VALUE),
                UpdaterSpec.read(section.section("updater")),
                Schedule.read(section.typed("schedule", null)),
                section.number("weight-decay", 0, Range.NOT_NEGATIVE),
                section.number("max-column-norm", 0, Range.NOT_NEGATIVE),
                section.number("clip-norm", 0, Range.NOT_NEGATIVE),
                section.number("ema", 0, Range.BELOW_ONE),
                section.number(MAX_SECONDS, 0, Range.NOT_NEGATIVE));
        section.finish();
        return spec;
    }

    /** The same training with other batches. */
    public TrainingSpec withBatch(int examples) {
        return new TrainingSpec(
                examples, epochs, updater, schedule, weightDecay, maxColumnNorm, clipNorm, ema, maxSeconds);
    }

    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("batch", batch);
        keys.put("epochs", epochs);
        keys.put("updater", updater.write());
        keys.put("schedule", schedule.write());
        keys.put("weight-decay", weightDecay);
        keys.put("max-column-norm", maxColumnNorm);
        if (clipNorm != 0) {
            keys.put("clip-norm", clipNorm);
        }
        if (ema != 0) {
            keys.put("ema", ema);
        }
        if (maxSeconds != 0) {
            keys.put(MAX_SECONDS, maxSeconds);
        }
        return keys;
    }
}
