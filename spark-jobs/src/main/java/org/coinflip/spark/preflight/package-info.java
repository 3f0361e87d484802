/** What is looked at before a job spends time: slots, memory, threads, settings of Spark. Nothing here changes what a job computes. */
package org.coinflip.spark.preflight;
