package org.coinflip.dl4j;

import java.util.Locale;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.updater.Progress;
import org.coinflip.model.training.updater.Schedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Coinflip's learning rate as DL4J asks for it: η times the schedule's factor, epochs being iterations over steps an epoch. */
public final class EpochSchedule implements ISchedule {
    private static final long serialVersionUID = 1L;

    @JsonProperty
    private double rate;

    @JsonProperty
    private String kind;

    @JsonProperty
    private double decay;

    @JsonProperty
    private double every;

    @JsonProperty
    private double hold;

    @JsonProperty
    private int stepsPerEpoch;

    @JsonProperty
    private double warmUp;

    @JsonProperty
    private int epochs;

    /** For DL4J's reading of JSON. */
    EpochSchedule() {}

    EpochSchedule(double rate, TrainingSpec training, int stepsPerEpoch) {
        this.rate = rate;
        this.kind = training.schedule().kind().name().toLowerCase(Locale.ROOT);
        this.decay = training.schedule().rate();
        this.every = training.schedule().every();
        this.hold = training.schedule().hold();
        this.warmUp = training.schedule().warmUp();
        this.stepsPerEpoch = stepsPerEpoch;
        this.epochs = training.epochs();
    }

    /** The learning rate of an iteration; DL4J's count of epochs is not asked, for averaging masters count rounds with it. */
    @Override
    public double valueAt(int iteration, int epoch) {
        Schedule schedule =
                new Schedule(Schedule.Kind.valueOf(kind.toUpperCase(Locale.ROOT)), decay, every, hold, warmUp);
        return rate * schedule.factor(new Progress(stepsPerEpoch, epochs).at(iteration));
    }

    @Override
    public ISchedule clone() {
        try {
            return (ISchedule) super.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("a schedule is cloneable", e);
        }
    }
}
