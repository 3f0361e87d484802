package org.coinflip.model.training.updater;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * The factor on the learning rate as a function of the epochs done, t, of T; in the first w epochs times {@code (t + a step) / w}, so that
 * it rises from near 0.
 *
 * @param kind the function
 * @param rate decay of the kinds that have one, in (0, 1]; below 1 for {@link Kind#PLATEAU}
 * @param every epochs between two steps, for {@link Kind#STEP}; validations in a row without a better one before a step, for {@link Kind#PLATEAU} ({@code patience})
 * @param hold part of the training at the full rate, for {@link Kind#LINEAR}; epochs at it, h, for {@link Kind#EXPONENTIAL} and {@link Kind#STEP} ({@code after})
 * @param warmUp w, epochs in which the rate rises; 0 for none
 */
public record Schedule(Kind kind, double rate, double every, double hold, double warmUp) {
    /** Always 1. */
    public static final Schedule CONSTANT = new Schedule(Kind.CONSTANT, 1, 1, 0);

    /** Without a warm-up. */
    public Schedule(Kind kind, double rate, double every, double hold) {
        this(kind, rate, every, hold, 0);
    }

    /** Schedules. */
    public enum Kind {
        /** 1. */
        CONSTANT,
        /** rate^max(0, t − h). */
        EXPONENTIAL,
        /** rate^⌊max(0, t − h) / every⌋. */
        STEP,
        /** 1 up to t = hold · T, then linearly to 0 at T. */
        LINEAR,
        /** ½ (1 + cos πt/T). */
        COSINE,
        /** rateⁿ after n times so many validations in a row that were no better than the best: {@link Plateau}. */
        PLATEAU
    }

    public static Schedule read(Section section) {
        Kind kind = section.choice("type", Kind.CONSTANT);
        Schedule schedule =
                switch (kind) {
                    case CONSTANT, COSINE -> new Schedule(kind, 1, 1, 0);
                    case EXPONENTIAL -> new Schedule(kind, section.number("rate", Range.UP_TO_ONE), 1, after(section));
                    case STEP -> new Schedule(
                            kind,
                            section.number("rate", Range.UP_TO_ONE),
                            section.number("every", Range.POSITIVE),
                            after(section));
                    case LINEAR -> new Schedule(kind, 1, 1, section.number("hold", 0.5, Range.BELOW_ONE));
                    case PLATEAU -> new Schedule(
                            kind,
                            section.number("rate", 0.1, Range.FRACTION),
                            section.integer("patience", 10, 1, Integer.MAX_VALUE),
                            0);
                };
        schedule = schedule.withWarmUp(section.number("warm-up", 0, Range.NOT_NEGATIVE));
        section.finish();
        return schedule;
    }

    private static double after(Section section) {
        return section.number("after", 0, Range.NOT_NEGATIVE);
    }

    /** The same after a rise of so many epochs. */
    public Schedule withWarmUp(double epochs) {
        return new Schedule(kind, rate, every, hold, epochs);
    }

    /** The keys and values that it is read from. */
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", Section.name(kind));
        switch (kind) {
            case CONSTANT, COSINE -> {}
            case EXPONENTIAL -> keys.put("rate", rate);
            case STEP -> {
                keys.put("rate", rate);
                keys.put("every", every);
            }
            case LINEAR -> keys.put("hold", hold);
            case PLATEAU -> {
                keys.put("rate", rate);
                keys.put("patience", looks());
            }
        }
        if (hold != 0 && kind != Kind.LINEAR) {
            keys.put("after", hold);
        }
        if (warmUp != 0) {
            keys.put("warm-up", warmUp);
        }
        return keys;
    }

    /** Whether looks at the validation split decide: then the learning rate is not known before they are made. */
    public boolean isDecidedByLooks() {
        return kind == Kind.PLATEAU;
    }

    /** Looks in a row without a better one before a step; 0 where none decide. */
    int looks() {
        return isDecidedByLooks() ? (int) every : 0;
    }

    /** The factor of a step. */
    public double factor(Progress progress) {
        double rise = warmUp == 0 ? 1 : Math.min(1, progress.epochsAfter() / warmUp);
        return rise * progress.rateFactor() * factor(progress.epochsDone(), progress.epochs());
    }

    /** The factor after {@code done} of {@code all} epochs, fractions of an epoch included, where it has risen and no look decides. */
    public double factor(double done, double all) {
        return switch (kind) {
            case CONSTANT, PLATEAU -> 1;
            case EXPONENTIAL -> StrictMath.pow(rate, Math.max(0, done - hold));
            case STEP -> StrictMath.pow(rate, Math.floor(Math.max(0, done - hold) / every));
            case LINEAR -> done <= hold * all ? 1 : Math.max(0, (1 - done / all) / (1 - hold));
            case COSINE -> 0.5 * (1 + StrictMath.cos(Math.PI * Math.min(1, done / all)));
        };
    }
}
