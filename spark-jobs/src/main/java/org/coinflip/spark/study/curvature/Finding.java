package org.coinflip.spark.study.curvature;

/**
 * What was found of one network.
 *
 * @param weights how many it has
 * @param loss mean loss of the examples that the Hessian is of
 * @param testError part of the test split that is classified wrongly
 * @param curvature of its Hessian
 * @param disagreement of the Hessian and exact products
 * @param fisher what groups of weights share
 */
record Finding(
        Variant variant,
        int weights,
        double loss,
        double testError,
        Curvature curvature,
        double disagreement,
        FisherBlocks fisher) {}
