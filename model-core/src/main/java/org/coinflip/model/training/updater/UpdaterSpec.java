package org.coinflip.model.training.updater;

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
 * @param rise how μ rises at first; null where it is constant
 */
public record UpdaterSpec(
        Kind kind,
        double learningRate,
        double momentum,
        double beta1,
        double beta2,
        double epsilon,
        MomentumRise rise) {
    /** With a constant μ. */
    public UpdaterSpec(Kind kind, double learningRate, double momentum, double beta1, double beta2, double epsilon) {
        this(kind, learningRate, momentum, beta1, beta2, epsilon, null);
    }

    /**
     * Momentum that goes from μ to another value in a line over the first epochs, and is μ again after them, as arXiv 1301.3476's classifiers are trained.
     *
     * @param to the value at the end, in [0, 1)
     * @param epochs how long it takes, &gt; 0
     */
    public record MomentumRise(double to, double epochs) {
        private static MomentumRise read(Section section) {
            MomentumRise rise =
                    new MomentumRise(section.number("to", Range.BELOW_ONE), section.number("epochs", Range.POSITIVE));
            section.finish();
            return rise;
        }

        private double at(double from, double done) {
            return done < epochs ? from + (to - from) * done / epochs : from;
        }
    }

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

    public static UpdaterSpec read(Section section) {
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
                    case Momentum, Nesterovs -> withMomentum(kind, rate, 0.9, section);
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
                    case Muon -> withMomentum(kind, rate, 0.95, section);
                };
        section.finish();
        return spec;
    }

    private static UpdaterSpec withMomentum(Kind kind, double rate, double usual, Section section) {
        double momentum = section.number("momentum", usual, Range.BELOW_ONE);
        MomentumRise rise = section.has("rise") ? MomentumRise.read(section.section("rise")) : null;
        return new UpdaterSpec(kind, rate, momentum, 0, 0, 0, rise);
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
            case Momentum, Nesterovs, Muon -> {
                keys.put("momentum", momentum);
                if (rise != null) {
                    keys.put("rise", Map.of("to", rise.to(), "epochs", rise.epochs()));
                }
            }
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

    /** μ of a step. */
    double momentum(Progress progress) {
        return rise == null ? momentum : rise.at(momentum, progress.epochsDone());
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
