package org.coinflip.spark.round;

import java.io.Serializable;

/**
 * A round as the driver saw it.
 *
 * @param number 0 and up
 * @param result the merged result
 * @param times where its time went
 */
public record Round(int number, RoundResult result, RoundTimes times) implements Serializable {}
