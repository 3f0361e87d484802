package org.coinflip.model.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.estimator.Estimators;
import org.coinflip.model.estimator.Fini;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.Pathwise;
import org.coinflip.model.estimator.Simple;
import org.coinflip.model.estimator.StraightThrough;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Bernoulli;
import org.coinflip.model.unit.CountLaw;
import org.coinflip.model.unit.KOfN;
import org.coinflip.model.unit.UnitLaw;
import org.coinflip.model.unit.UnitLaws;

/**
 * Stochastic units: {@code a = x W + b}, h drawn from the unit law given a; the gradient with respect to a is the estimator's, what is
 * below a is ordinary back-propagation.
 *
 * @param units columns of the output
 * @param law how h is drawn
 * @param estimator how ∂L/∂a is obtained
 * @param prior where the units are latent variables of a variational autoencoder
 * @param sparsity what keeps most units at zero, where they are gates
 * @param initial initial weights and biases, rate scale
 */
public record StochasticLayer(
        int units,
        UnitLaw law,
        GradientEstimator estimator,
        Optional<Prior> prior,
        Optional<Sparsity> sparsity,
        Initial initial)
        implements Layer {
    public static final String TYPE = "stochastic";

    public static StochasticLayer read(Section section) {
        return read(section, section.integer("units", 1, Integer.MAX_VALUE), section);
    }

    /**
     * Reads a layer of so many units.
     *
     * @param around where its sparsity is written
     */
    static StochasticLayer read(Section section, int units, Section around) {
        UnitLaw law = UnitLaws.read(section.typed("law", Bernoulli.TYPE));
        Section chosen = section.typed("estimator", defaultEstimator(law));
        GradientEstimator estimator = Estimators.read(chosen);
        if (!estimator.suits(law)) {
            throw section.wrong(
                    "estimator",
                    "an estimator for " + law.write().get("type") + " units: this one is for " + estimator.serves());
        }
        if (units % law.columnsPerUnit() != 0) {
            throw section.wrong(
                    "units", "a multiple of " + law.columnsPerUnit() + ": every category of a unit is a column");
        }
        if (units > estimator.mostUnits(law)) {
            throw section.wrong("units", "at most " + estimator.mostUnits(law) + " with this estimator");
        }
        Optional<Prior> prior =
                section.has("prior") ? Optional.of(Prior.read(section.typed("prior", null))) : Optional.empty();
        if (prior.isPresent() && !law.isBinary() && !law.isRelaxedBinary()) {
            throw section.wrong("prior", "none: a prior is for bernoulli or concrete units");
        }
        return new StochasticLayer(
                units, law, estimator, prior, sparsity(around, law, estimator), Initial.read(section));
    }

    private static String defaultEstimator(UnitLaw law) {
        if (law instanceof CountLaw) {
            return Fini.TYPE;
        }
        if (law instanceof KOfN) {
            return Simple.TYPE;
        }
        return law.isDiscrete() ? StraightThrough.TYPE : Pathwise.TYPE;
    }

    private static Optional<Sparsity> sparsity(Section section, UnitLaw law, GradientEstimator estimator) {
        if (!section.has("sparsity")) {
            return Optional.empty();
        }
        boolean rectified = law.pathwise() == UnitLaw.Pathwise.WHERE_POSITIVE;
        Sparsity sparsity = Sparsity.read(section.section("sparsity"), rectified);
        if (sparsity.term() == Sparsity.Term.L1 && !rectified) {
            throw section.wrong("sparsity", "term = cross-entropy: l1 is for noisy-rectifier units");
        }
        if (sparsity.term() == Sparsity.Term.CROSS_ENTROPY && law.openingPower().isEmpty()) {
            throw section.wrong(
                    "sparsity",
                    "none, or term = l1 for noisy-rectifier units: the cross-entropy is for bernoulli and"
                            + " stochastic-times-smooth units");
        }
        if (estimator.samplesPerRow() > 1) {
            throw section.wrong("sparsity", "an estimator of one sample beside it");
        }
        return Optional.of(sparsity);
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("units", units);
        keys.put("law", law.write());
        keys.put("estimator", estimator.write());
        prior.ifPresent(p -> keys.put("prior", p.write()));
        sparsity.ifPresent(s -> keys.put("sparsity", s.write()));
        initial.write(keys);
        return keys;
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
        Affine.declare(layout, index, inputs, units, initial.rateScale());
        prior.filter(Prior::isLearned)
                .ifPresent(p ->
                        layout.add(Binding.segment(index, Prior.LOGITS), Segment.Role.BIASES, 1, units, p.rateScale()));
    }

    @Override
    public double initialBias(String name) {
        return name.equals(Affine.BIASES) ? initial.bias() : 0;
    }

    @Override
    public List<Statistic> statistics(int inputs) {
        List<Statistic> statistics = new ArrayList<>(estimator.statistics(inputs, units));
        sparsity.filter(s -> s.term() == Sparsity.Term.L1)
                .ifPresent(s -> statistics.add(Statistic.vector(Sparsity.WEIGHT, 1, (float) s.weight())));
        return statistics;
    }

    @Override
    public boolean isStochastic() {
        return true;
    }

    @Override
    public void checkPlace(int index, List<Layer> layers) {
        String place = "network.layers[" + index + "].estimator: got "
                + estimator.write().get("type") + " below ";
        if (estimator.combinesSamples()
                && layers.subList(index + 1, layers.size()).stream().anyMatch(Layer::isStochastic)) {
            throw new UsageException(
                    place + "another layer that draws noise, expected it on the topmost: its bound combines"
                            + " the samples of one layer");
        }
        if (layers.get(layers.size() - 1) instanceof TopLayer top
                && top.isGiven()
                && !estimator.takesGivenLoss(units)) {
            throw new UsageException(place
                    + "a loss that is earned, not computed, expected one that needs the loss of its one sample only: "
                    + String.join(", ", Estimators.takingGivenLosses()));
        }
    }

    /** The same units with the local expectation gradient, which is unbiased, to hold their estimator against. */
    public StochasticLayer withReferenceEstimator() {
        return new StochasticLayer(units, law, Estimators.reference(), prior, sparsity, initial);
    }

    @Override
    public boolean takesWeights() {
        return sparsity.isEmpty();
    }

    @Override
    public Stage bind(Binding binding) {
        return new StochasticStage(this, binding);
    }
}
