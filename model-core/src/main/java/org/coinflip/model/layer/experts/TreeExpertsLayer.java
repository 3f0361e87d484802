package org.coinflip.model.layer.experts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.registry.Estimators;
import org.coinflip.model.estimator.score.LeaveOneOut;
import org.coinflip.model.estimator.score.Reinforce;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.Affine;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Initial;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.layer.TopLayer;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Bernoulli;

/**
 * Experts at the leaves of a binary tree, of which an example computes one: a path goes down from the root, at an inner node v to the right with the
 * probability {@code σ(w_v · x + c_v)}; the leaf ℓ where it ends gives {@code y = f(V_ℓ x + b_ℓ)}. Of 2ᴰ experts an example computes D nodes and one leaf,
 * forward and backward: O(D) rows of weights, the gater's included.
 *
 * <p>{@code p(path) = Π_v p_v(b_v)}, so that with the score of the nodes on the path alone {@code ∂E[L]/∂θ = E[∂L/∂θ + Σ_v (L − L̄) ∂log p_v(b_v)/∂θ]}: the
 * estimators that need no more than the loss of a sample are as unbiased here as they are at a layer of D units. A derivative of the output with respect to a
 * decision would need what the other child gives, which is not computed; estimators that want it are refused.
 *
 * <p>Conditional computation: Bengio, Léonard, Courville (2013), arXiv 1308.3432, section 5; trees of gates: Jordan and Jacobs (1994), "Hierarchical mixtures of
 * experts and the EM algorithm", whose gates are not drawn.
 *
 * @param depth D
 * @param units of each leaf, the columns of the output
 * @param activation f
 * @param estimator how the gradient with respect to the decisions' logits is obtained
 * @param initial initial weights, the leaves' initial biases, rate scale
 */
public record TreeExpertsLayer(
        int depth, int units, Activation activation, GradientEstimator estimator, Initial initial) implements Layer {
    public static final String TYPE = "tree-experts";

    /** What the names of the decisions' segments begin with. */
    static final String DECISIONS = "decisions.";

    /** Where nothing is drawn and no branch taken for others, all leaves are computed: of trees of this depth at most. */
    static final int MOST_DEPTH_OF_MEANS = 12;

    private static final int MOST_DEPTH = 28;

    public static TreeExpertsLayer read(Section section) {
        int depth = section.integer("depth", 1, MOST_DEPTH);
        int units = section.integer("units", 1, 1, Integer.MAX_VALUE);
        if ((long) units << depth > Integer.MAX_VALUE) {
            throw section.wrong("units", "fewer: 2^depth leaves of so many units are more than 2^31");
        }
        GradientEstimator estimator = Estimators.read(section.typed("estimator", Reinforce.TYPE));
        if (!isServedBy(estimator, depth)) {
            throw section.wrong(
                    "estimator",
                    "one of " + String.join(", ", Estimators.takingGivenLosses()) + ", " + LeaveOneOut.TYPE
                            + ": the others want what the branches give that a path does not take");
        }
        return new TreeExpertsLayer(
                depth, units, section.choice("activation", Activation.LINEAR), estimator, Initial.read(section));
    }

    private static boolean isServedBy(GradientEstimator estimator, int depth) {
        return estimator.suits(new Bernoulli())
                && (estimator.takesGivenLoss(depth) || estimator instanceof LeaveOneOut);
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("depth", depth);
        keys.put("units", units);
        keys.put("activation", Section.name(activation));
        keys.put("estimator", estimator.write());
        initial.write(keys);
        return keys;
    }

    /** Experts, N. */
    public int leaves() {
        return 1 << depth;
    }

    @Override
    public int outputs(int inputs) {
        return units;
    }

    @Override
    public int fanOut() {
        return estimator.samplesPerRow();
    }

    @Override
    public void declare(LayoutBuilder layout, int index, int inputs) {
        declare(layout, index, DECISIONS, leaves() - 1, inputs);
        declare(layout, index, "", leaves() * units, inputs);
    }

    private void declare(LayoutBuilder layout, int index, String of, int rows, int inputs) {
        String weights = Binding.segment(index, of + Affine.WEIGHTS);
        layout.add(weights, Segment.Role.WEIGHTS_BY_UNIT, rows, inputs, initial.rateScale());
        layout.add(Binding.segment(index, of + Affine.BIASES), Segment.Role.BIASES, 1, rows, initial.rateScale());
    }

    /** Each node and each leaf is a layer of its own to Glorot's bound. */
    @Override
    public double initialWeightBound(String name, int rows, int inputs) {
        return initial.bound((double) inputs + (name.startsWith(DECISIONS) ? 1 : units));
    }

    /** Trees begin balanced. */
    @Override
    public double initialBias(String name) {
        return name.startsWith(DECISIONS) ? 0 : initial.bias();
    }

    @Override
    public List<Statistic> statistics(int inputs) {
        return new ArrayList<>(estimator.statistics(inputs, depth));
    }

    @Override
    public boolean isStochastic() {
        return true;
    }

    @Override
    public boolean readsLosses() {
        return estimator.readsLosses();
    }

    @Override
    public boolean takesWeights() {
        return true;
    }

    @Override
    public void checkPlace(int index, List<Layer> layers) {
        boolean given = layers.get(layers.size() - 1) instanceof TopLayer top && top.isGiven();
        if (given && !estimator.takesGivenLoss(depth)) {
            throw new UsageException("network.layers[" + index + "].estimator: got "
                    + estimator.write().get("type")
                    + " below a loss that is earned, not computed, expected one that needs the loss of its one sample only: "
                    + String.join(", ", Estimators.takingGivenLosses()));
        }
    }

    @Override
    public void checkUse(int index, Mode mode) {
        if (mode == Mode.MEANS && depth > MOST_DEPTH_OF_MEANS) {
            throw new UsageException("evaluation.mode: got means with the " + leaves() + " leaves of network.layers["
                    + index + "], all of which it computes, expected samples or thresholds above a depth of "
                    + MOST_DEPTH_OF_MEANS);
        }
    }

    @Override
    public Stage bind(Binding binding) {
        return new TreeExpertsStage(this, binding);
    }
}
