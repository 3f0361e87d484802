package org.coinflip.model.training.updater;

/**
 * When a training ends early: after so many looks at a validation split in a row that were no better than the best before.
 *
 * <p>Prechelt (1998), "Early stopping – but when?": the criterion UP counted in looks.
 */
public final class Patience {
    private final int looks;
    private double best = Double.POSITIVE_INFINITY;
    private int since;

    /** @param looks 0 for no end to it */
    public Patience(int looks) {
        this.looks = looks;
    }

    /** Takes a look's score, less being better, and gives whether it is better than all before; one that is NaN is not. */
    public boolean isBest(double score) {
        boolean better = score < best;
        since = better ? 0 : since + 1;
        best = better ? score : best;
        return better;
    }

    /** The same from now on, with the best so far. */
    Patience again() {
        Patience anew = new Patience(looks);
        anew.best = best;
        return anew;
    }

    /** Whether it never ends. */
    public boolean isEndless() {
        return looks == 0;
    }

    /** Whether it has ended. */
    public boolean isOver() {
        return !isEndless() && since >= looks;
    }
}
