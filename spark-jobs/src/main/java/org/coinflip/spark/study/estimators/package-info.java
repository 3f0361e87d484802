/**
 * The study of estimators: every gradient estimator against the exact gradient of known functions of the units, and its claims; and their
 * training of one unit. What estimators are and how they are drawn is not here but in {@code org.coinflip.model.estimator}.
 */
package org.coinflip.spark.study.estimators;
