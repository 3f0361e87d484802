package org.coinflip.model.training.updater;

import java.util.List;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Updating;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.State;

/**
 * Updaters that need the gradient whole, and all where it is clipped: it is accumulated in a vector of its own, then one fused pass takes the
 * step. Clipping: g ← g min(1, c / ‖g‖), over all parameters (Pascanu, Mikolov, Bengio, arXiv 1211.5063).
 */
final class GradientUpdater extends Updater {
    private final Updating kernels;
    private final Floats gradient;
    private final List<Segment> segments;
    private final Floats[] weights;
    private final Floats[] gradients;
    private final Floats[] first;
    private final Floats[] second;
    /** Of each matrix of each segment. */
    private final MuonStep[][] muon;

    private final double clipNorm;
    private final double[] sums = new double[Updating.SUMS];
    private double adamCorrection;

    /** @param clipNorm c; 0 for none */
    GradientUpdater(UpdaterSpec spec, State state, Backend backend, Schedule schedule, double l2, double clipNorm) {
        super(spec, schedule, l2);
        this.kernels = backend.updating();
        this.clipNorm = clipNorm;
        gradient = Floats.allocate(state.layout().parameters());
        segments =
                state.layout().segments().stream().filter(Segment::isParameter).toList();
        weights = segments.stream().map(state::view).toArray(Floats[]::new);
        gradients = views(gradient);
        first = spec.memory() > 0 ? views(state.view("updater0")) : null;
        second = spec.memory() > 1 ? views(state.view("updater1")) : null;
        muon = spec.kind() == UpdaterSpec.Kind.Muon ? muon(backend) : null;
    }

    private MuonStep[][] muon(Backend backend) {
        MuonStep[][] steps = new MuonStep[weights.length][];
        for (int i = 0; i < steps.length; i++) {
            Segment segment = segments.get(i);
            steps[i] = new MuonStep[segment.blocks()];
            for (int b = 0; b < segment.blocks(); b++) {
                Segment block = segment.block(b);
                int from = block.offset() - segment.offset();
                steps[i][b] = new MuonStep(
                        block,
                        weights[i].view(from, block.length()),
                        gradients[i].view(from, block.length()),
                        first[i].view(from, block.length()),
                        backend);
            }
        }
        return steps;
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

    /** What the gradient is multiplied by. */
    private double clipping() {
        double norm = clipNorm == 0 ? 0 : Math.sqrt(kernels.squaredNorm(gradient, sums));
        return norm <= clipNorm ? 1 : clipNorm / norm;
    }

    @Override
    public void finish() {
        double clipping = clipping();
        if (clipping != 1) {
            kernels.mean(gradient, clipping, gradient, 0);
        }
        UpdaterSpec spec = spec();
        for (int i = 0; i < weights.length; i++) {
            Segment segment = segments.get(i);
            float rate = (float) rate(segment);
            float l2 = (float) l2(segment);
            switch (spec.kind()) {
                case Sgd -> kernels.mean(weights[i], 1 - (double) rate * l2, gradients[i], -rate);
                case Momentum -> {
                    kernels.mean(first[i], momentum(), gradients[i], 1);
                    kernels.momentum(weights[i], first[i], rate, l2);
                }
                case Nesterovs -> kernels.nesterov(weights[i], gradients[i], first[i], rate, (float) momentum(), l2);
                case Adam, AdamW -> {
                    boolean isBeside = spec.kind() == UpdaterSpec.Kind.AdamW;
                    if (isBeside && l2 != 0) {
                        kernels.mean(weights[i], 1 - (double) rate * l2, weights[i], 0);
                    }
                    kernels.adam(
                            weights[i],
                            gradients[i],
                            first[i],
                            second[i],
                            (float) (rate * adamCorrection),
                            (float) spec.beta1(),
                            (float) spec.beta2(),
                            (float) spec.epsilon(),
                            isBeside ? 0 : l2);
                }
                case Muon -> {
                    for (MuonStep step : muon[i]) {
                        step.take(rate, momentum(), l2);
                    }
                }
                case RmsProp -> kernels.rmsProp(
                        weights[i], gradients[i], first[i], rate, (float) spec.beta1(), (float) spec.epsilon(), l2);
            }
        }
    }
}
