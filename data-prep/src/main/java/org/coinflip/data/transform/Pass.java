package org.coinflip.data.transform;

import java.io.Serializable;
import org.coinflip.model.transform.RawFeatures;

/** Something that is found out of the training examples by seeing each once, in the order of their ids: a sum, a range. It goes from one part of the data to the next, wherever they lie. */
public interface Pass extends Serializable {
    /**
     * Sees more training examples.
     *
     * @param raw examples, not modified
     * @param training places of the training examples among them, ascending
     */
    void see(RawFeatures raw, int[] training);
}
