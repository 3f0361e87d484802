package org.coinflip.spark.experiment;

/** What takes the steps and averages them; the key {@code backend}. */
public enum TrainingBackend {
    /** This project's engine and averaging. */
    COINFLIP,
    /** A DL4J network and DL4J's parameter averaging. */
    DL4J
}
