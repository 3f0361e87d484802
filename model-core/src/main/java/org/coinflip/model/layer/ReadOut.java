package org.coinflip.model.layer;

import org.coinflip.model.objective.Objective;

/** A top layer whose outputs are of use: they are predictions once the objective has seen to them. */
public interface ReadOut extends TopLayer {
    /** Number of classes; for a reconstruction, of features. */
    int units();

    /** What the outputs are held against, and how. */
    Objective objective();
}
