package org.coinflip.model.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.settings.Section;

/**
 * Hidden units with transformed nonlinearities, {@code f(u) = γ (φ(u) + α u + β), u = Σ_m X_m W_m + b}, beside which the layer above
 * also reads, by shortcut connections, all that this layer reads: it and the layers of its kind right below it, and what the lowest
 * of them is given. Shortcuts start from 0. α, β and γ are not learned by gradients: each training step estimates them from its
 * batch, so that the nonlinear units have no mean and no mean slope and what is linear is left to the shortcuts, and takes a gradient
 * step with them held fixed.
 *
 * <p>α, β, γ do not change what a network computes, for the weights above can always make up for them. They are coordinates in which
 * descent takes its step. What is kept, computed with, averaged and written are the weights in one fixed system of coordinates, those of
 * plain units, α = β = 0, γ = 1; {@link TransformedStep} takes in them the step of the others.
 *
 * <p>Raiko, Valpola, LeCun (2012), "Deep learning made easier by linear transformations in perceptrons"; Vatanen, Raiko, Valpola,
 * LeCun (2013), "Pushing stochastic gradient towards second-order methods", arXiv 1301.3476.
 *
 * @param units columns of the output
 * @param nonlinearity φ, and which of α, β, γ are estimated; with none, a layer with shortcuts
 * @param initial initial weights from the layer below and biases, rate scale
 */
public record TransformedLayer(int units, Nonlinearity nonlinearity, Initial initial) implements Affine.Owner {
    public static final String TYPE = "transformed";
    static final String ALPHA = "alpha";
    static final String BETA = "beta";
    static final String GAMMA = "gamma";

    public static TransformedLayer read(Section section) {
        int units = section.integer("units", 1, Integer.MAX_VALUE);
        return new TransformedLayer(units, Nonlinearity.read(section), Initial.read(section));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("units", units);
        nonlinearity.write(keys);
        initial.write(keys);
        return keys;
    }

    @Override
    public List<Integer> reach(List<Integer> below) {
        List<Integer> all = new ArrayList<>(below);
        all.add(units);
        return all;
    }

    @Override
    public List<Statistic> statistics(int inputs) {
        return List.of(
                Statistic.vector(ALPHA, units, 0), Statistic.vector(BETA, units, 0), Statistic.vector(GAMMA, units, 1));
    }

    @Override
    public void checkPlace(int index, List<Layer> layers) {
        Layer above = layers.get(index + 1);
        if (!(above instanceof TransformedLayer || above instanceof DenseLayer || above instanceof OutputLayer)) {
            throw new UsageException("network.layers[" + (index + 1) + "]: got "
                    + above.write().get("type") + " above a transformed layer, expected one of transformed, dense,"
                    + " output: only their weights step by transformed units");
        }
    }

    @Override
    public Stage bind(Binding binding) {
        return new TransformedStage(this, binding);
    }
}
