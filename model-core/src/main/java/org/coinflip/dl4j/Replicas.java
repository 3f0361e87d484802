package org.coinflip.dl4j;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** Numbers for networks that start from one configuration and train on different examples at the same time. */
public final class Replicas {
    private Replicas() {}

    /**
     * Gives a network noise of its own: replicas with different numbers draw independently at the same iteration and row. A network that
     * was not numbered is replica 0.
     *
     * @param replica 0 and up
     */
    public static void number(MultiLayerNetwork network, int replica) {
        for (Layer layer : network.getLayers()) {
            if (layer instanceof StochasticDense stochastic) {
                stochastic.setReplica(replica);
            }
        }
    }
}
