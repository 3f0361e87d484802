package org.coinflip.spark.sweep.trial;

/** How a trial ended. */
public enum TrialStatus {
    /** To the end of its rung. */
    DONE,
    /** A loss or a parameter was no longer finite. */
    DIVERGED,
    /** It threw something, a lack of memory or stack included. */
    FAILED,
    /** It took longer than {@code trial-seconds}. */
    TIMED_OUT,
    /** The process it ran in ended, as often as it was tried. */
    LOST_EXECUTOR
}
