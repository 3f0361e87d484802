package org.coinflip.model.explanation;

import java.util.List;
import org.coinflip.model.layer.stochastic.StochasticLayer;

/**
 * A stochastic layer, as one example went through it.
 *
 * @param layer the layer's number, from 0
 * @param specification its law and its estimator
 * @param rows one; or one for each of the samples that layers below draw of the example
 * @param reference what {@link Moments#reference} of the rows is; {@link Reference#NONE} where there is none
 */
public record ExplainedLayer(int layer, StochasticLayer specification, List<ExplainedRow> rows, Reference reference) {
    /** What an estimate is held against. */
    public enum Reference {
        /** There is none: the units are not bits, no draws were asked for, or more than the example's row enters the estimate. */
        NONE,
        /** The sum over all values of the layer's units, exact given the noise of the layers above. */
        ENUMERATION,
        /** The local expectation gradient, which is unbiased. */
        LOCAL_EXPECTATION
    }

    /** Units whose sample is not zero, in the first sample of the first row. */
    public int unitsOn() {
        int on = 0;
        for (float value : rows.get(0).samples().get(0).values()) {
            on += value != 0 ? 1 : 0;
        }
        return on;
    }

    /** Units, as columns. */
    public int units() {
        return rows.get(0).logits().length;
    }
}
