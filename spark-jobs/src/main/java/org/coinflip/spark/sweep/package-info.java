/**
 * Sweeps: many trials of an experiment as parallel Spark tasks. What is tried, in which order and with which result is a function of
 * the sweep's file alone, whatever the cluster and however often it was stopped. The parts are packages of their own: {@code space} (what
 * may vary), {@code sampler} (what is tried next), {@code scheduler} (how far), {@code trial} (what runs in a task), {@code journal}, {@code
 * result} (tables and intervals), {@code report}.
 */
package org.coinflip.spark.sweep;
