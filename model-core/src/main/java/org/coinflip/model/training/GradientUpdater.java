package org.coinflip.model.training;

import java.util.List;
import org.coinflip.model.kernel.Updating;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;

/** Updaters that need the gradient whole: it is accumulated in a vector of its own, then one fused pass takes the step. */
final class GradientUpdater extends Updater {
    private final Updating kernels;
    private final Floats gradient;
    private final List<Segment> segments;
    private final Floats[] weights;
    private final Floats[] gradients;
    private final Floats[] first;
    private final Floats[] second;
    private double adamCorrection;

    GradientUpdater(UpdaterSpec spec, State state, Updating kernels, Schedule schedule, double l2) {
        super(spec, schedule, l2);
        this.kernels = kernels;
        gradient = Floats.allocate(state.layout().parameters());
        segments =
                state.layout().segments().stream().filter(Segment::isParameter).toList();
        weights = segments.stream().map(state::view).toArray(Floats[]::new);
        gradients = views(gradient);
        first = views(state.view("updater0"));
        second = spec.memory() > 1 ? views(state.view("updater1")) : null;
    }

    private Floats[] views(Floats vector) {
        return segments.stream().map(s -> vector.view(s.offset(), s.length())).toArray(Floats[]::new);
    }

    @Override
    public void begin(Progress progress) {
        super.begin(progress);
        double t = progress.updaterSteps() + 1;
        adamCorrection = Math.sqrt(1 - StrictMath.pow(spec().beta2(), t)) / (1 - StrictMath.pow(spec().beta1(), t));
    }

    @Override
    public Floats target() {
        return gradient;
    }

    @Override
    public float carry(Segment segment) {
        return 0f;
    }

    @Override
    public float scale(Segment segment, int examples) {
        return 1f / examples;
    }

    @Override
    public void finish() {
        UpdaterSpec spec = spec();
        for (int i = 0; i < weights.length; i++) {
            Segment segment = segments.get(i);
            float rate = (float) rate(segment);
            float l2 = (float) l2(segment);
            switch (spec.kind()) {
                case Nesterovs -> kernels.nesterov(
                        weights[i], gradients[i], first[i], rate, (float) spec.momentum(), l2);
                case Adam -> kernels.adam(
                        weights[i],
                        gradients[i],
                        first[i],
                        second[i],
                        (float) (rate * adamCorrection),
                        (float) spec.beta1(),
                        (float) spec.beta2(),
                        (float) spec.epsilon(),
                        l2);
                case RmsProp -> kernels.rmsProp(
                        weights[i], gradients[i], first[i], rate, (float) spec.beta1(), (float) spec.epsilon(), l2);
                default -> throw new IllegalStateException(spec.kind() + " needs no gradient vector");
            }
        }
    }
}
