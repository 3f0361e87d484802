package org.coinflip.model.training.updater;

import java.util.List;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Blas;
import org.coinflip.model.kernel.operation.Updating;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;

/**
 * v ← μ v + g, taken by the products that compute g; then w ← w − η v. Weights that lie unit by unit, or expert by expert, and do not decay, take
 * their steps when they are used, where μ is constant: {@link LazyMomentum}.
 */
final class MomentumUpdater extends Updater {
    /**
     * Steps from one flushing of the velocity to the next, by their number. Where it only decays at μ = 0.9, it takes 170 steps from
     * {@link Updating#FLUSH} to the least normal number; in between, a step reads it and need not write it.
     */
    private static final int FLUSH_STEPS = 64;

    private final Updating kernels;
    private final Blas blas;
    private boolean flushes;
    private final Floats velocity;
    private final List<Segment> segments;
    private final Floats[] weights;
    private final Floats[] velocities;
    /** By segment; null where a segment's steps are taken at once. */
    private final LazyMomentum[] lazy;

    MomentumUpdater(UpdaterSpec spec, State state, Backend backend, Schedule schedule, double l2, float mostNorm) {
        super(spec, schedule, l2);
        kernels = backend.updating();
        blas = backend.blas();
        velocity = state.view("updater0");
        segments =
                state.layout().segments().stream().filter(Segment::isParameter).toList();
        weights = segments.stream().map(state::view).toArray(Floats[]::new);
        velocities = segments.stream().map(this::target).toArray(Floats[]::new);
        lazy = segments.stream()
                .map(s -> spec.rise() == null && isLazy(s, l2, mostNorm)
                        ? new LazyMomentum(
                                inParts(s, state.view(s)),
                                inParts(s, target(s)),
                                spec.momentum(),
                                mostNorm,
                                backend.gating())
                        : null)
                .toArray(LazyMomentum[]::new);
    }

    /** The columns of an expert's matrix have their norms limited at once, so that its steps cannot wait. */
    private static boolean isLazy(Segment segment, double l2, float mostNorm) {
        return l2 == 0 && (segment.role() == Segment.Role.WEIGHTS_BY_UNIT || segment.blocks() > 1 && mostNorm == 0);
    }

    /** What takes its steps together, as rows: the weights of a unit, or all those of an expert. */
    private static Matrix inParts(Segment segment, Floats numbers) {
        return segment.blocks() > 1
                ? Matrix.dense(numbers, segment.blocks(), segment.length() / segment.blocks())
                : Matrix.of(segment, numbers);
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
        return lazy(segment) == null ? (float) momentum() : 1f;
    }

    @Override
    public float scale(Segment segment, int examples) {
        return 1f / examples;
    }

    @Override
    public boolean limits(Segment segment) {
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
    public void use(Segment segment, int[] first, int count, int rows) {
        LazyMomentum units = lazy(segment);
        if (units != null) {
            units.use(first, count, rows);
        }
    }

    /** With decay the velocity changes too, and is flushed on the way. */
    private void step(int i, float rate, float l2) {
        if (flushes || l2 != 0) {
            kernels.momentum(weights[i], velocities[i], rate, l2);
        } else {
            blas.axpy(-rate, velocities[i], weights[i]);
        }
    }

    @Override
    public void begin(Progress progress) {
        super.begin(progress);
        flushes = progress.step() % FLUSH_STEPS == 0;
    }

    @Override
    public void finish() {
        for (int i = 0; i < weights.length; i++) {
            Segment segment = segments.get(i);
            if (lazy[i] != null) {
                lazy[i].step(rate(segment));
            } else {
                step(i, (float) rate(segment), (float) l2(segment));
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
