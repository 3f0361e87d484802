/** The jobs: one small main each. What all share (options, settings, exit codes) is {@code JobCommand}; begin at {@link org.coinflip.spark.job.TrainJob}. What a job does is in the package of its subject. */
package org.coinflip.spark.job;
