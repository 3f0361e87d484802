/**
 * Fits scaling, imputation of missing values and projections on the training split. What is fitted, and applies it, is {@link org.coinflip.model.transform.Transformation}; begin at {@link
 * org.coinflip.data.transform.TransformationFit}.
 */
package org.coinflip.data.transform;
