package org.coinflip.spark.averaging;

import java.io.Serializable;

/**
 * The result of one task of a span: how far it came, and where the driver fetches the final state.
 *
 * @param end the round after the last that was run
 * @param left what the process leaves; nothing from all tasks but its first
 */
record SpanEnd(int end, SnapshotPart left) implements Serializable {}
