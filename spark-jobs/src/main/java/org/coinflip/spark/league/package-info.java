/**
 * The league of gradient estimators: every one that serves a kind of units, on every data set, with the same search of its learning rate, told apart
 * with one error rate. Its trials are sweeps' ({@link org.coinflip.spark.sweep}); what an estimator's mean and variance are is the certificate's to
 * say ({@link org.coinflip.spark.study.estimators}).
 */
package org.coinflip.spark.league;
