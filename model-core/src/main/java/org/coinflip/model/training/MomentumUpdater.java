package org.coinflip.model.training;

import java.util.List;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.Updating;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;

/**
 * v ← μ v + g, taken by the products that compute g; then w ← w − η v. Weights that lie unit by unit, and do not decay, take their steps
 * when they are used: {@link LazyMomentum}.
 */
final class MomentumUpdater extends Updater {
    private final Updating kernels;
    private final Floats velocity;
    private final List<Segment> segments;
    private final Floats[] weights;
    private final Floats[] velocities;
    /** By segment; null where a segment's steps are taken at once. */
    private final LazyMomentum[] lazy;

    MomentumUpdater(UpdaterSpec spec, State state, Backend backend, Schedule schedule, double l2, float mostNorm) {
        super(spec, schedule, l2);
        kernels = backend.updating();
        velocity = state.view("updater0");
        segments =
                state.layout().segments().stream().filter(Segment::isParameter).toList();
        weights = segments.stream().map(state::view).toArray(Floats[]::new);
        velocities = segments.stream().map(this::target).toArray(Floats[]::new);
        lazy = segments.stream()
                .map(s -> s.role() == Segment.Role.WEIGHTS_BY_UNIT && l2 == 0
                        ? new LazyMomentum(
                                state.matrix(s), targetMatrix(s), spec.momentum(), mostNorm, backend.gating())
                        : null)
                .toArray(LazyMomentum[]::new);
    }

    private LazyMomentum lazy(Segment segment) {
        return lazy[segments.indexOf(segment)];
    }

    @Override
    public Floats target() {
        return velocity;
    }

    @Override
    public float carry(Segment segment) {
        return lazy(segment) == null ? (float) spec().momentum() : 1f;
    }

    @Override
    public float scale(Segment segment, int examples) {
        return 1f / examples;
    }

    @Override
    boolean limits(Segment segment) {
        return lazy(segment) != null;
    }

    @Override
    public void use(Segment segment, int[] open, int rows) {
        LazyMomentum units = lazy(segment);
        if (units != null) {
            units.use(open, rows);
        }
    }

    @Override
    public void finish() {
        for (int i = 0; i < weights.length; i++) {
            Segment segment = segments.get(i);
            if (lazy[i] != null) {
                lazy[i].step(rate(segment));
            } else {
                kernels.momentum(weights[i], velocities[i], (float) rate(segment), (float) l2(segment));
            }
        }
    }

    @Override
    public void rest() {
        for (LazyMomentum units : lazy) {
            if (units != null) {
                units.use(null, 0);
            }
        }
    }
}
