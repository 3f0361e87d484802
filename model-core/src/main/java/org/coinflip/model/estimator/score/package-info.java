/**
 * Estimators from losses alone, without a derivative through the sample: the score function with baselines and control variates, antithetic and other coupled draws, perturbations.
 */
package org.coinflip.model.estimator.score;
