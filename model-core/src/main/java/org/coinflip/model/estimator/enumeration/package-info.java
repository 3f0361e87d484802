/**
 * Estimators that sum over values of units instead of drawing them: exactly over all, unit by unit, or bit flips.
 */
package org.coinflip.model.estimator.enumeration;
