package org.coinflip.model.layer.energy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.energy.EnergyGradient;
import org.coinflip.model.energy.EnergyGradients;
import org.coinflip.model.energy.EquilibriumPropagation;
import org.coinflip.model.energy.RelaxationNoise;
import org.coinflip.model.energy.RelaxationOrder;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.operation.FiringRate;
import org.coinflip.model.layer.Affine;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Initial;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.ReadOut;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * An energy-based network on a clamped input: hidden layers and an output layer, connected both ways, that relax from rest to a fixed
 * point of their energy, or, where the rule {@linkplain EnergyGradient#feedsForward feeds forward}, are made from below in one pass. Its prediction is the state of the output layer there, its loss {@code ½ ‖s_N − onehot(label)‖²}; or, with
 * cross-entropy, the hidden layers alone relax, and the outputs are a softmax that reads the topmost of them.
 *
 * <p>Bengio and Fischer (2015), arXiv 1510.02777; Scellier and Bengio (2017), arXiv 1602.05179; the softmax: Laborieux et al. (2021),
 * arXiv 2006.03824.
 *
 * @param hidden units of each hidden layer, bottom-up; may be none with squared error
 * @param units number of classes
 * @param objective squared error or cross-entropy
 * @param rho firing rate ρ
 * @param order which layers take a step of the relaxation at once
 * @param step ε of the relaxation, in (0, 1]
 * @param steps of the free phase
 * @param persistent whether a free phase of training begins at the example's fixed point of the epoch before, not at rest
 * @param stepsFromRest of a free phase that begins at rest
 * @param tolerance greatest residual of the free phase that is not refused; 0 for no look at it
 * @param noise of the relaxation in training
 * @param rule how the gradient is had
 * @param initialScale factor on the bound of the initial weights
 * @param rateScales factor on the learning rate of each layer's parameters, hidden + 1 of them
 */
public record EnergyLayer(
        List<Integer> hidden,
        int units,
        Objective objective,
        FiringRate rho,
        RelaxationOrder order,
        double step,
        int steps,
        boolean persistent,
        int stepsFromRest,
        double tolerance,
        RelaxationNoise noise,
        EnergyGradient rule,
        double initialScale,
        List<Double> rateScales)
        implements ReadOut {
    public static final String TYPE = "energy";

    /** Keys that say how a free phase relaxes. */
    private static final List<String> RELAXATION =
            List.of("order", "step", "steps", "persistent", "steps-from-rest", "tolerance", "noise");

    public EnergyLayer {
        hidden = List.copyOf(hidden);
        rateScales = List.copyOf(rateScales);
    }

    public static EnergyLayer read(Section section) {
        List<Integer> hidden = section.sizes("hidden");
        int units = section.integer("units", 1, Integer.MAX_VALUE);
        Objective objective = section.choice("objective", Objective.SQUARED_ERROR);
        if (!objective.isOfClasses()) {
            throw section.wrong("objective", "squared-error or cross-entropy: the outputs are classes");
        }
        if (objective == Objective.CROSS_ENTROPY && hidden.isEmpty()) {
            throw section.wrong("objective", "squared-error without hidden layers: a softmax reads one");
        }
        FiringRate rho = section.choice("rho", FiringRate.HARD_SIGMOID);
        RelaxationOrder order = section.choice("order", RelaxationOrder.SYNCHRONOUS);
        double step = section.number("step", order == RelaxationOrder.LAYERS ? 1 : 0.5, Range.UP_TO_ONE);
        int steps = section.integer("steps", 20, 1, Integer.MAX_VALUE);
        boolean persistent = section.flag("persistent", false);
        if (!persistent && section.has("steps-from-rest")) {
            throw section.wrong("steps-from-rest", "persistent = true beside it: otherwise all steps are from rest");
        }
        int stepsFromRest = section.integer("steps-from-rest", steps, 1, Integer.MAX_VALUE);
        double tolerance = section.number("tolerance", 0, Range.NOT_NEGATIVE);
        EnergyGradient rule = EnergyGradients.read(section.typed("gradient", EquilibriumPropagation.TYPE));
        if (objective == Objective.CROSS_ENTROPY && rule.clamps()) {
            throw section.wrong(
                    "objective",
                    "squared-error with " + rule.write().get("type")
                            + ": it clamps the outputs' states, and a softmax has none");
        }
        if (order != RelaxationOrder.SYNCHRONOUS && rule.followsTime()) {
            throw section.wrong(
                    "order",
                    "synchronous with " + rule.write().get("type")
                            + ": it learns from changes in time, in which all units move at once");
        }
        RelaxationNoise noise =
                section.has("noise") ? RelaxationNoise.read(section.section("noise")) : RelaxationNoise.NONE;
        if (noise.isFree() && tolerance > 0) {
            throw section.wrong("tolerance", "0 beside noise in the free phase, which does not come to rest");
        }
        if (noise.isNudged() && !rule.relaxes()) {
            throw section.wrong(
                    "noise",
                    "phases = free with " + rule.write().get("type") + ": it takes no steps of the relaxation");
        }
        for (String key : rule.feedsForward() ? RELAXATION : List.<String>of()) {
            if (section.has(key)) {
                throw section.wrong(
                        key, "it left out with " + rule.write().get("type") + ": its free state is one pass up");
            }
        }
        double initialScale = section.number("initial-scale", 1, Range.POSITIVE);
        List<Double> scales =
                section.numbers("learning-rate-scales", java.util.Collections.nCopies(hidden.size() + 1, 1.0));
        if (scales.size() != hidden.size() + 1 || scales.stream().anyMatch(scale -> scale < 0)) {
            throw section.wrong(
                    "learning-rate-scales",
                    (hidden.size() + 1) + " numbers that are not negative: one for each hidden layer and the outputs");
        }
        return new EnergyLayer(
                hidden,
                units,
                objective,
                rho,
                order,
                step,
                steps,
                persistent,
                stepsFromRest,
                tolerance,
                noise,
                rule,
                initialScale,
                scales);
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("hidden", hidden);
        keys.put("units", units);
        keys.put("objective", Section.name(objective));
        keys.put("rho", Section.name(rho));
        if (order != RelaxationOrder.SYNCHRONOUS) {
            keys.put("order", Section.name(order));
        }
        if (!rule.feedsForward()) {
            keys.put("step", step);
            keys.put("steps", steps);
        }
        if (persistent) {
            keys.put("persistent", true);
            keys.put("steps-from-rest", stepsFromRest);
        }
        if (!rule.feedsForward()) {
            keys.put("tolerance", tolerance);
        }
        if (noise.deviation() > 0) {
            keys.put("noise", noise.write());
        }
        keys.put("gradient", rule.write());
        keys.put("initial-scale", initialScale);
        keys.put("learning-rate-scales", rateScales);
        return keys;
    }

    @Override
    public Initial initial() {
        return new Initial(initialScale, 0, 1);
    }

    /** Layers that have parameters: the hidden ones and the outputs. */
    int layers() {
        return hidden.size() + 1;
    }

    /** Layers that relax, N, the lowest of all. */
    int relaxing() {
        return objective == Objective.CROSS_ENTROPY ? hidden.size() : layers();
    }

    @Override
    public int keptPerExample() {
        int sum = 0;
        for (int l = 0; persistent && l < relaxing(); l++) {
            sum += units(l);
        }
        return sum;
    }

    /** Units of the widest layer. */
    int widest() {
        int widest = units;
        for (int width : hidden) {
            widest = Math.max(widest, width);
        }
        return widest;
    }

    /** Units of a layer. */
    int units(int l) {
        return l < hidden.size() ? hidden.get(l) : units;
    }

    /** Name of the weights below layer l. */
    static String weights(int l) {
        return l == 0 ? Affine.WEIGHTS : Affine.WEIGHTS + l;
    }

    /** Name of the biases of layer l. */
    static String biases(int l) {
        return l == 0 ? Affine.BIASES : Affine.BIASES + l;
    }

    @Override
    public void check(int inputs, int classes) {
        requireClasses(classes);
    }

    @Override
    public void checkPlace(int index, List<Layer> layers) {
        for (Layer below : layers.subList(0, index)) {
            if (below.fanOut() > 1) {
                throw new UsageException("network.layers[" + index + "]: got an energy layer above one that makes "
                        + below.fanOut() + " samples of an example, expected one sample: take another estimator there");
            }
        }
    }

    @Override
    public int outputs(int inputs) {
        return units;
    }

    @Override
    public void declare(LayoutBuilder layout, int index, int inputs) {
        int below = inputs;
        for (int l = 0; l < layers(); l++) {
            double scale = rateScales.get(l);
            layout.add(Binding.segment(index, weights(l)), Segment.Role.WEIGHTS, below, units(l), scale);
            layout.add(Binding.segment(index, biases(l)), Segment.Role.BIASES, 1, units(l), scale);
            below = units(l);
        }
    }

    @Override
    public Stage bind(Binding binding) {
        return new EnergyStage(this, binding);
    }
}
