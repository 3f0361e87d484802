/**
 * Estimators that differentiate the loss at the sample, or at what stands for it: pathwise where the unit is a smooth function of noise, else straight-through and its kin, most of them biased.
 */
package org.coinflip.model.estimator.pathwise;
