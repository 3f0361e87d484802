/** One thread's training and evaluation of a network: updaters, schedules, steps, scores. What averages several such is in spark-jobs. */
package org.coinflip.model.training;
