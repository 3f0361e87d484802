/** Experiment files: what a job is asked to do, read and checked before anything is done. */
package org.coinflip.spark.experiment;
