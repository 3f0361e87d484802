/**
 * The noise microscope: what became of one example in one step of a training, recomputed from the seed and a checkpoint. Begin at {@link
 * org.coinflip.spark.explanation.Explaining}; what is seen is {@code model.explanation}'s, how a step is come to {@link org.coinflip.spark.train.Replay}'s.
 */
package org.coinflip.spark.explanation;
