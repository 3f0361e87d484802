package org.coinflip.spark.train;

import java.io.Serializable;

/**
 * A round as the driver saw it.
 *
 * @param number 0 and up
 * @param result the merged result
 * @param times where its time went
 */
record Round(int number, RoundResult result, RoundTimes times) implements Serializable {}
