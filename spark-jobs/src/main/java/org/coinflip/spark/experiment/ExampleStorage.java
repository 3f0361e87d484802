package org.coinflip.spark.experiment;

/** Where executors keep the examples that they train on. Does not change the result. */
public enum ExampleStorage {
    /** In memory where they take less than a quarter of what executors have for storage, in files otherwise. */
    AUTO,
    /** On the heap. */
    MEMORY,
    /** In files of the executors' local folders, from which every batch is read. */
    FILE
}
