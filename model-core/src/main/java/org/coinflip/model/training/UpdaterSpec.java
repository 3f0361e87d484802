package org.coinflip.model.training;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.State;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * How gradients change parameters, by the names and with the formulas of ND4J's {@link IUpdater}s; {@code Momentum} (v ← μv + g,
 * w ← w − ηv) and {@code AdamW} (Adam, weights decaying by ηλw beside it: Loshchilov, Hutter, arXiv 1711.05101), which ND4J lacks, are PyTorch's; {@code Muon}, {@link MuonStep}.
 *
 * @param kind which one
 * @param learningRate η
 * @param momentum μ of Momentum, Nesterovs and Muon, in [0, 1)
 * @param beta1 decay of Adam's mean, and of RmsProp's square
 * @param beta2 decay of Adam's square
 * @param epsilon what keeps denominators from zero
 */
public record UpdaterSpec(Kind kind, double learningRate, double momentum, double beta1, double beta2, double epsilon) {
    /** Updaters, named as experiment files name them. */
    public enum Kind {
        Sgd(0),
        Momentum(1),
        Nesterovs(1),
        Adam(2),
        AdamW(2),
        RmsProp(1),
        Muon(1);

        private final int memory;

        Kind(int memory) {
            this.memory = memory;
        }
    }

    static UpdaterSpec read(Section section) {
        List<String> names = Arrays.stream(Kind.values()).map(Kind::name).toList();
        Kind kind = Kind.valueOf(section.named("type", "an updater", names, Kind.Sgd.name()));
        double usual =
                switch (kind) {
                    case Adam, AdamW -> 1e-3;
                    case Muon -> 0.02;
                    case Sgd, Momentum, Nesterovs, RmsProp -> 0.1;
                };
        double rate = section.number("learning-rate", usual, Range.POSITIVE);
        UpdaterSpec spec =
                switch (kind) {
                    case Sgd -> sgd(rate);
                    case Momentum, Nesterovs -> new UpdaterSpec(
                            kind, rate, section.number("momentum", 0.9, Range.BELOW_ONE), 0, 0, 0);
                    case Adam, AdamW -> new UpdaterSpec(
                            kind,
                            rate,
                            0,
                            section.number("beta1", 0.9, Range.BELOW_ONE),
                            section.number("beta2", 0.999, Range.BELOW_ONE),
                            section.number("epsilon", 1e-8, Range.POSITIVE));
                    case RmsProp -> new UpdaterSpec(
                            kind,
                            rate,
                            0,
                            section.number("decay", 0.95, Range.BELOW_ONE),
                            0,
                            section.number("epsilon", 1e-8, Range.POSITIVE));
                    case Muon -> new UpdaterSpec(
                            kind, rate, section.number("momentum", 0.95, Range.BELOW_ONE), 0, 0, 0);
                };
        section.finish();
        return spec;
    }

    /** Plain stochastic gradient descent. */
    public static UpdaterSpec sgd(double learningRate) {
        return new UpdaterSpec(Kind.Sgd, learningRate, 0, 0, 0, 0);
    }

    /** The same updater as one of ND4J's. */
    public static UpdaterSpec of(IUpdater updater) {
        if (updater instanceof Sgd sgd) {
            return sgd(sgd.getLearningRate());
        }
        if (updater instanceof Nesterovs nesterovs) {
            return new UpdaterSpec(Kind.Nesterovs, nesterovs.getLearningRate(), nesterovs.getMomentum(), 0, 0, 0);
        }
        if (updater instanceof Adam adam) {
            return new UpdaterSpec(
                    Kind.Adam, adam.getLearningRate(), 0, adam.getBeta1(), adam.getBeta2(), adam.getEpsilon());
        }
        if (updater instanceof RmsProp rmsProp) {
            return new UpdaterSpec(
                    Kind.RmsProp, rmsProp.getLearningRate(), 0, rmsProp.getRmsDecay(), 0, rmsProp.getEpsilon());
        }
        throw new org.coinflip.model.error.UsageException(
                "updater: got " + updater.getClass().getSimpleName() + ", expected Sgd, Nesterovs, Adam or RmsProp");
    }

    /** The keys and values that it is read from. */
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", kind.name());
        keys.put("learning-rate", learningRate);
        switch (kind) {
            case Sgd -> {}
            case Momentum, Nesterovs, Muon -> keys.put("momentum", momentum);
            case Adam, AdamW -> {
                keys.put("beta1", beta1);
                keys.put("beta2", beta2);
                keys.put("epsilon", epsilon);
            }
            case RmsProp -> {
                keys.put("decay", beta1);
                keys.put("epsilon", epsilon);
            }
        }
        return keys;
    }

    /** Vectors as long as the parameters that it keeps in the state. */
    public int memory() {
        return kind.memory;
    }

    /**
     * Sets to work on a state whose layout has this updater's memory.
     *
     * @param l2 weight decay λ: the gradient of ½ λ ‖weights‖², for AdamW and Muon ηλ of the weights a step; biases left alone
     * @param mostNorm limit on the norm of the weights of a unit where they lie side by side, for those updaters that take the step while they
     *     accumulate; 0 for none
     * @param clipNorm greatest norm of a step's gradient; 0 for none
     */
    public Updater bind(State state, Backend backend, Schedule schedule, double l2, float mostNorm, double clipNorm) {
        if (clipNorm > 0) {
            return new GradientUpdater(this, state, backend, schedule, l2, clipNorm);
        }
        return switch (kind) {
            case Sgd -> new SgdUpdater(this, state, schedule, l2, mostNorm);
            case Momentum -> new MomentumUpdater(this, state, backend, schedule, l2, mostNorm);
            case Nesterovs, Adam, AdamW, RmsProp, Muon -> new GradientUpdater(this, state, backend, schedule, l2, 0);
        };
    }
}
