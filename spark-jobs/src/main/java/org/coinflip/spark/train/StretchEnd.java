package org.coinflip.spark.train;

import java.io.Serializable;

/**
 * The result of one task of a stretch: how far it came, and where the driver fetches the final state.
 *
 * @param end the round after the last that was run
 * @param left what the crew leaves; nothing from all tasks but its first
 */
record StretchEnd(int end, Left left) implements Serializable {}
