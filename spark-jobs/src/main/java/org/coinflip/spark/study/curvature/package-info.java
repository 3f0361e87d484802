/**
 * The curvature study of arXiv 1301.3476, section 4.1: Hessian and Fisher matrices of a small network in the coordinates that training
 * takes its steps in, with and without transformed nonlinearities.
 */
package org.coinflip.spark.study.curvature;
