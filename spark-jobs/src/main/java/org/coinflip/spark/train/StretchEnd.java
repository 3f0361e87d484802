package org.coinflip.spark.train;

import java.io.Serializable;

/**
 * What a task leaves at the end of a stretch.
 *
 * @param end the round after the last that was run
 * @param left what the crew leaves; nothing from all tasks but its first
 */
record StretchEnd(int end, Left left) implements Serializable {}
