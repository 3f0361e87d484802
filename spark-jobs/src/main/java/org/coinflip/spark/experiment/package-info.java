/** Experiment files of trainings, conversions and preparations, read and checked before anything is done: begin at {@link org.coinflip.spark.experiment.Experiment}. Sections of data and network are read in data-prep and model-core. */
package org.coinflip.spark.experiment;
