/**
 * How far each configuration is taken: rungs of epochs at which configurations are compared, and which of them go on. Decisions are
 * functions of the results observed, in the order in which their steps were decided, never of who was faster.
 */
package org.coinflip.spark.sweep.scheduler;
