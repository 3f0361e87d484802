/**
 * All estimators by the names that experiment files use: {@link org.coinflip.model.estimator.registry.Estimators}; and {@code predicted}, which is made of others.
 */
package org.coinflip.model.estimator.registry;
