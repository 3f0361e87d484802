/**
 * Networks of stochastic neurons as stages of Spark ML: estimators and models for {@code Pipeline}, {@code CrossValidator} and their files.
 * Training is the averaging trainer's, on the rows where they are. The Scala sources beside hold what Java cannot: uids that are there
 * before Spark's constructors ask for them.
 */
package org.coinflip.spark.ml;
