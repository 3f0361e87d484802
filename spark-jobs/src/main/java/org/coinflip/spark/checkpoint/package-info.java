/**
 * What a training leaves so that it can go on after it was stopped, to the same bits: files of states, the folder that keeps them, the
 * request to stop. Knows nothing of what is trained.
 */
package org.coinflip.spark.checkpoint;
