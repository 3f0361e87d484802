package org.coinflip.data.transform;

import org.coinflip.data.raw.RawExamples;

/** The training examples of a data set, wherever they lie: in memory, or in parts on other machines. */
public interface TrainingExamples {
    /** How many there are, at least one. */
    int size();

    /** Features an example. */
    int width();

    /** The greatest value that a byte may have; 0 where features are no bytes. */
    int byteMaximum();

    /** A pass over all of them in the order of their ids: what it is afterwards. */
    <P extends Pass> P after(P pass);

    /** A pass over all of them in any order, parts of which may be seen at once. */
    default <P extends AnyOrder<P>> P together(P pass) {
        return after(pass);
    }

    /**
     * Those of examples in memory.
     *
     * @param training places, ascending, at least one
     */
    static TrainingExamples of(RawExamples raw, int[] training) {
        return new TrainingExamples() {
            @Override
            public int size() {
                return training.length;
            }

            @Override
            public int width() {
                return raw.width();
            }

            @Override
            public int byteMaximum() {
                return raw.byteMaximum();
            }

            @Override
            public <P extends Pass> P after(P pass) {
                pass.see(raw, training);
                return pass;
            }
        };
    }
}
