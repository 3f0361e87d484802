package org.coinflip.model.training.updater;

import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;

/** w ← (1 − ηλ) w − η g, taken by the products that compute g: there is no gradient vector. */
final class SgdUpdater extends Updater {
    private final Floats parameters;
    private final float mostNorm;

    SgdUpdater(UpdaterSpec spec, State state, Schedule schedule, double l2, float mostNorm) {
        super(spec, schedule, l2);
        parameters = state.parameters();
        this.mostNorm = mostNorm;
    }

    @Override
    public Floats target() {
        return parameters;
    }

    @Override
    public float carry(Segment segment) {
        return (float) (1 - rate(segment) * l2(segment));
    }

    @Override
    public float scale(Segment segment, int examples) {
        return (float) (-rate(segment) / examples);
    }

    @Override
    public float mostNorm(Segment segment) {
        return segment.role() == Segment.Role.WEIGHTS_BY_UNIT || segment.blocks() > 1 ? mostNorm : 0f;
    }

    @Override
    public void finish() {}
}
