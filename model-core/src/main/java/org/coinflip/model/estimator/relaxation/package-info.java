/**
 * Unbiased estimators with a control variate through a continuous relaxation of the units: REBAR and RELAX. What biased ones do with a relaxation is in {@code pathwise}.
 */
package org.coinflip.model.estimator.relaxation;
