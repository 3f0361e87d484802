package org.coinflip.model.explanation;

import java.util.List;

/**
 * What a step makes of one of its examples. The noise is a function of (seed, epoch, example, layer, unit, draw), all else of it and the parameters.
 *
 * @param id of the example
 * @param label class of the example; -1 where it has none
 * @param seed of the noise
 * @param epoch of the noise, from 0
 * @param draw of the noise; training has 0
 * @param batch examples of the batch that it is in
 * @param loss of the example under these coins, what layers cost included; a mean over samples where layers draw several
 * @param meanLoss of the batch, examples counting what they weigh
 * @param weight of the example
 * @param layers the stochastic layers, bottom-up
 */
public record Explanation(
        long id,
        int label,
        long seed,
        int epoch,
        int draw,
        int batch,
        double loss,
        double meanLoss,
        double weight,
        List<ExplainedLayer> layers) {}
