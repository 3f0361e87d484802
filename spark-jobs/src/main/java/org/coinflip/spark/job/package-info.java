/** The jobs: one small main each, and the contract they share (settings, output, exit codes). */
package org.coinflip.spark.job;
