package org.coinflip.model.training.updater;

/**
 * The factor on the learning rate that looks at a validation split decide: after so many in a row that were no better than the best before
 * it is multiplied by {@link Schedule#rate}. Always 1 for other schedules than {@link Schedule.Kind#PLATEAU}.
 */
public final class Plateau {
    private final Schedule schedule;
    private Patience patience;
    private double factor = 1;

    public Plateau(Schedule schedule) {
        this.schedule = schedule;
        this.patience = new Patience(schedule.looks());
    }

    /** Takes a look's score, less being better. */
    public void look(double score) {
        patience.isBest(score);
        if (patience.isOver()) {
            factor *= schedule.rate();
            patience = patience.again();
        }
    }

    /** The factor now. */
    public double factor() {
        return factor;
    }
}
