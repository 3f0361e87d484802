/**
 * One thread's training and evaluation of a network: optimizers, learning rate schedules, steps, scores. Begin at {@link org.coinflip.model.training.Learner}, which takes steps, and {@link
 * org.coinflip.model.training.Evaluator}, which scores; where layers' gradients are measured, at {@link org.coinflip.model.training.Measurement}. {@link org.coinflip.Trainer} loops over epochs with
 * them; averaging over workers is in spark-jobs.
 */
package org.coinflip.model.training;
