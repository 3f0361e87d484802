/**
 * How gradients change parameters: updaters ({@link org.coinflip.model.training.updater.UpdaterSpec}), and their learning rate over the training
 * ({@link org.coinflip.model.training.updater.Schedule}). Steps of averaging are not here.
 */
package org.coinflip.model.training.updater;
