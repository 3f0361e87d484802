/** Checkpoints: files of states, the folder that keeps them, and the signal that asks a job to stop. What is in a state is the trainer's ({@link org.coinflip.spark.train}). */
package org.coinflip.spark.checkpoint;
