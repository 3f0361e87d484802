package org.coinflip.model.estimator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.stochastic.StochasticStage;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;
import org.coinflip.model.oracle.Draw;
import org.coinflip.model.oracle.Networks;
import org.coinflip.model.oracle.Rounding;
import org.coinflip.model.training.GradientSink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numerical")
class BeliefContinuationTest {
    /** At the sample itself the continuation is the loss, and does not depend on what else is evaluated with it. */
    @Test
    void continuationAtTheSampleIsTheLossInABeliefNetwork() {
        Network network = Networks.of(
                3,
                "{ type = stochastic, units = 3, prior = conditional, estimator { type = local-expectation, block = 2 } }",
                "{ type = stochastic, units = 2, prior = learned, estimator { type = local-expectation, block = 2 } }",
                "{ type = likelihood, of = 0, units = 3 }",
                "{ type = output, units = 3, objective = bernoulli-reconstruction }");
        State state = Networks.state(network, 23, 0.8);
        Examples examples = Networks.random(5, 3, 2, 9);
        Pass pass = network.bind(state, new GradientSink(network.layout()), Backend.detect(), 5);
        Draw.step(pass, examples, 0);
        for (StochasticStage site : pass.stochasticStages()) {
            for (int copies : new int[] {1, 2}) {
                for (int copy = 0; copy < copies; copy++) {
                    site.continuation().points().setRows(copy * 5, site.samples(), 0, 5);
                }
                site.continuation().evaluate(copies);
                for (int r = 0; r < 5 * copies; r++) {
                    float loss = site.losses()[r % 5];
                    double bound = 2 * Rounding.of(Rounding.forward(3, 3, 2, 3, 3), 1 + loss);
                    assertEquals(loss, site.continuation().losses()[r], bound, copies + " copies, row " + r);
                }
            }
        }
    }
}
