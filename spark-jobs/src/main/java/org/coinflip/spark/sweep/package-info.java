/**
 * Hyperparameter search: many trials of an experiment as parallel Spark tasks. What is tried, in which order and with which result is a function of the sweep's file alone, whatever the cluster and
 * however often it was stopped.
 *
 * <p>Begin at {@link org.coinflip.spark.sweep.Sweep}: {@code prepare} checks the sweep, and its {@code goesOn} decides whether the output is resumed; {@code SweepRun} is the driver's loop and {@code Planner} the order of steps. The parts are packages of their own: {@code space} (what
 * may vary), {@code sampler} (which configuration comes next), {@code scheduler} (how long it is trained), {@code trial} (what runs in a task), {@code journal} (results on disk), {@code result} (tables, intervals, tests), {@code report}, {@code tracking}
 * (what MLflow is told of trials; the server itself is {@link org.coinflip.spark.tracking}'s).
 */
package org.coinflip.spark.sweep;
