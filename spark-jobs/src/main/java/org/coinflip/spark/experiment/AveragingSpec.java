package org.coinflip.spark.experiment;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.TrainingSpec;

/**
 * The {@code averaging} section.
 *
 * @param workers logical replicas, K: a part of the experiment, whatever the cluster
 * @param stepsPerRound steps that a worker takes between two averagings; {@link #AUTO} where the cluster is to be asked
 * @param growth factor on the steps of a round from each epoch to the next; 1 for rounds that stay alike
 * @param quadratic c of the quadratic synchronisation rule: rounds have at least ⌊(c / η)²⌋ steps, η the learning rate at their epoch's
 *     start (Gu, Lyu, Arora, Zhang, Huang, arXiv 2310.14423); 0 for none
 * @param localAfter epochs in which workers are averaged after every step, before those of rounds (post-local descent: Lin, Stich, Patel,
 *     Jaggi, arXiv 1808.07217)
 * @param outer what is done with the averaged step
 * @param updaterState what becomes of the updaters' memory
 * @param partitions partitions in which the examples are read; 0 for as many as there are slots. Does not change the result
 * @param storage where executors keep the examples. Does not change the result
 */
public record AveragingSpec(
        int workers,
        int stepsPerRound,
        double growth,
        double quadratic,
        int localAfter,
        OuterSpec outer,
        UpdaterState updaterState,
        int partitions,
        ExampleStorage storage) {
    private static final Range AT_LEAST_ONE = new Range(1, true, 1e6, true);

    /** Asks for a number of steps to be proposed: no training has it, for its result would be another on every cluster. */
    public static final int AUTO = 0;

    static AveragingSpec read(Section section) {
        boolean auto = section.is("steps-per-round", "auto");
        AveragingSpec spec = new AveragingSpec(
                section.integer("workers", 2, 1, 1 << 20),
                auto ? AUTO : section.integer("steps-per-round", 50, 1, Integer.MAX_VALUE),
                section.number("growth", 1, AT_LEAST_ONE),
                section.number("quadratic", 0, Range.NOT_NEGATIVE),
                section.integer("local-after", 0, 0, Integer.MAX_VALUE),
                OuterSpec.read(section.section("outer")),
                section.choice("updater-state", UpdaterState.AVERAGE),
                section.integer("partitions", 0, 0, 1 << 20),
                section.choice("storage", ExampleStorage.AUTO));
        section.finish();
        return spec;
    }

    /** The mean as it is, after so many steps. */
    public static AveragingSpec plain(int workers, int stepsPerRound) {
        return new AveragingSpec(
                workers, stepsPerRound, 1, 0, 0, OuterSpec.NONE, UpdaterState.AVERAGE, 0, ExampleStorage.AUTO);
    }

    /** The section of a training whose rounds have steps of their own number. */
    static AveragingSpec readOneStep(Section section) {
        if (section.integer("steps-per-round", 1, 1, Integer.MAX_VALUE) != 1) {
            throw section.wrong(
                    "steps-per-round",
                    "1: after a round's steps, what was played is another policy's; training.reuse.steps says how many"
                            + " they are");
        }
        AveragingSpec spec = new AveragingSpec(
                section.integer("workers", 2, 1, 1 << 20),
                1,
                1,
                0,
                0,
                OuterSpec.NONE,
                UpdaterState.AVERAGE,
                section.integer("partitions", 0, 0, 1 << 20),
                ExampleStorage.AUTO);
        section.finish();
        return spec;
    }

    /**
     * Refuses a training that does not go with this.
     *
     * @throws UsageException in a line
     */
    void check(TrainingSpec training) {
        if (training.ema() > 0 && outer.kind() != OuterSpec.Kind.NONE) {
            throw new UsageException("averaging.outer: got " + Section.name(outer.kind())
                    + " beside training.ema, expected one of them: its step would be taken with the average");
        }
        if (quadratic > 0 && training.schedule().isDecidedByLooks()) {
            throw new UsageException("averaging.quadratic: got " + quadratic
                    + " beside training.schedule.type = plateau, expected a schedule that is known before: rounds are as long"
                    + " as its learning rates say");
        }
    }

    /** Whether {@link #stepsPerRound} is to be proposed. */
    public boolean isAuto() {
        return stepsPerRound == AUTO;
    }

    /** @throws UsageException where it is {@link #AUTO} */
    public int stepsPerRound() {
        if (isAuto()) {
            throw new UsageException(
                    "averaging.steps-per-round: got auto, expected a number, for the result depends on it:"
                            + " train.sh --preflight says which this cluster wants");
        }
        return stepsPerRound;
    }

    /**
     * The most steps that a round of an epoch has: 1 in the first {@code localAfter} epochs, then {@code max(⌊H gᵉ⌋, ⌊(c / η)²⌋)}.
     *
     * @param training whose learning rate and schedule η is of
     */
    public int stepsPerRound(int epoch, TrainingSpec training) {
        int least = stepsPerRound();
        if (epoch < localAfter) {
            return 1;
        }
        double grown = Math.floor(least * StrictMath.pow(growth, epoch));
        double rate = training.updater().learningRate() * training.schedule().factor(epoch, training.epochs());
        double squared = quadratic == 0 ? 0 : Math.floor(quadratic / rate * (quadratic / rate));
        return (int) Math.min(Integer.MAX_VALUE, Math.max(grown, squared));
    }

    /** Whether a round's result is the mean of all that its workers have, and nothing else. */
    public boolean isPlain() {
        return outer.kind() == OuterSpec.Kind.NONE && updaterState == UpdaterState.AVERAGE;
    }

    Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("workers", workers);
        keys.put("steps-per-round", isAuto() ? "auto" : stepsPerRound);
        // what is as it was before these keys were there reads in older versions too
        if (growth != 1) {
            keys.put("growth", growth);
        }
        if (quadratic != 0) {
            keys.put("quadratic", quadratic);
        }
        if (localAfter != 0) {
            keys.put("local-after", localAfter);
        }
        if (!isPlain()) {
            keys.put("outer", outer.write());
            keys.put("updater-state", Section.name(updaterState));
        }
        keys.put("partitions", partitions);
        if (storage != ExampleStorage.AUTO) {
            keys.put("storage", Section.name(storage));
        }
        return keys;
    }
}
