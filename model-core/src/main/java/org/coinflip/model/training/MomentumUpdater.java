package org.coinflip.model.training;

import java.util.List;
import org.coinflip.model.kernel.Updating;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;

/** v ← μ v + g, taken by the products that compute g; then w ← w − η v. */
final class MomentumUpdater extends Updater {
    private final Updating kernels;
    private final Floats velocity;
    private final List<Segment> segments;
    private final Floats[] weights;
    private final Floats[] velocities;

    MomentumUpdater(UpdaterSpec spec, State state, Updating kernels, Schedule schedule, double l2) {
        super(spec, schedule, l2);
        this.kernels = kernels;
        velocity = state.view("updater0");
        segments =
                state.layout().segments().stream().filter(Segment::isParameter).toList();
        weights = segments.stream().map(state::view).toArray(Floats[]::new);
        velocities = segments.stream()
                .map(s -> velocity.view(s.offset(), s.length()))
                .toArray(Floats[]::new);
    }

    @Override
    public Floats target() {
        return velocity;
    }

    @Override
    public float carry(Segment segment) {
        return (float) spec().momentum();
    }

    @Override
    public float scale(Segment segment, int examples) {
        return 1f / examples;
    }

    @Override
    public void finish() {
        for (int i = 0; i < weights.length; i++) {
            Segment segment = segments.get(i);
            kernels.momentum(weights[i], velocities[i], (float) rate(segment), (float) l2(segment));
        }
    }
}
