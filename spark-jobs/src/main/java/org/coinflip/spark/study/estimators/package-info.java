/**
 * The certificate: every gradient estimator's bias and variance against the exact gradient of known functions of the units, and training curves of one unit. Estimators themselves are in {@link org.coinflip.model.estimator},
 * trainings with each of them in {@link org.coinflip.spark.league}.
 */
package org.coinflip.spark.study.estimators;
