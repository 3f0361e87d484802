/**
 * A network's state as it travels: whole ({@link org.coinflip.spark.state.StateVector}), as blocks of Spark's block managers ({@link org.coinflip.spark.state.StateBlocks}), and the memory of an
 * executor that holds several ({@link org.coinflip.spark.state.StatePool}). What a state consists of is {@link org.coinflip.model.memory}'s, its file {@link org.coinflip.spark.checkpoint}'s.
 */
package org.coinflip.spark.state;
