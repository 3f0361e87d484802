package org.coinflip.spark.train;

/**
 * A round as the driver saw it.
 *
 * @param number 0 and up
 * @param result the merged result
 * @param broadcastNanos handing the state to Spark
 * @param tasksNanos from submitting the tasks to the last result
 * @param mergeNanos merging on the driver, within the time of the tasks
 * @param wallNanos all of it
 */
record Round(int number, RoundResult result, long broadcastNanos, long tasksNanos, long mergeNanos, long wallNanos) {}
