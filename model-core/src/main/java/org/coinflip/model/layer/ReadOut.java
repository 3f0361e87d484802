package org.coinflip.model.layer;

import org.coinflip.model.error.UsageException;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.settings.Section;

/** A top layer whose outputs are of use: they are predictions once the objective has seen to them. */
public interface ReadOut extends TopLayer {
    /** Columns of the output: the classes, the features of a reconstruction, the values, or the classes of every step. */
    int units();

    /** How many values of an example the outputs are held against; 0 where it is something else. */
    default int targets() {
        return objective().isOfValues() ? units() : 0;
    }

    /** What the outputs are held against, and how. */
    Objective objective();

    /** Refuses data of other classes, or of none. */
    default void requireClasses(int classes) {
        if (classes == 0) {
            throw new UsageException("network.layers: got objective = " + Section.name(objective())
                    + " for data that has no classes, expected labelled examples: give their labels (data.labels of"
                    + " idx, data.label-column, data.label-variable, data.labelled), or another objective");
        }
        if (units() != classes) {
            throw new UsageException("network.layers: got an output layer of " + units() + " units for data of "
                    + classes + " classes, expected units = " + classes);
        }
    }

    /** Refuses data of classes, for an objective that is of values. */
    default void requireValues(int classes) {
        if (classes != 0) {
            throw new UsageException("network.layers: got objective = " + Section.name(objective()) + " for data of "
                    + classes + " classes, expected examples with values: give data.label-type = values, or another"
                    + " objective");
        }
    }
}
