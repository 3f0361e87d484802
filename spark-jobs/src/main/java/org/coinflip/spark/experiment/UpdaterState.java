package org.coinflip.spark.experiment;

/** What becomes of the memory of the workers' updaters (momentum, Adam's moments) between rounds. */
public enum UpdaterState {
    /** Averaged like the parameters. */
    AVERAGE,
    /** Zero at the start of every round; Adam's correction of its bias starts again too. */
    RESTART
}
