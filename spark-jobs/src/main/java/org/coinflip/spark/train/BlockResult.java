package org.coinflip.spark.train;

import java.io.Serializable;

/**
 * What a task sends to the driver: all of its block's result but the state, and where that is.
 *
 * @param place null where there is no state
 * @param told the result without its state
 */
record BlockResult(StateBlocks.Place place, RoundResult told) implements Serializable {}
