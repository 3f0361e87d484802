package org.coinflip.model.layer.stochastic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.bound.SharedParticles;
import org.coinflip.model.estimator.pathwise.Fini;
import org.coinflip.model.estimator.pathwise.Pathwise;
import org.coinflip.model.estimator.pathwise.Simple;
import org.coinflip.model.estimator.pathwise.StraightThrough;
import org.coinflip.model.estimator.registry.Auto;
import org.coinflip.model.estimator.registry.Estimators;
import org.coinflip.model.estimator.registry.Predicted;
import org.coinflip.model.layer.Affine;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.layer.Initial;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.layer.TopLayer;
import org.coinflip.model.layer.convolution.Connectivity;
import org.coinflip.model.layer.convolution.Convolution;
import org.coinflip.model.layer.convolution.FullConnectivity;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Segment;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Bernoulli;
import org.coinflip.model.unit.CountLaw;
import org.coinflip.model.unit.Gaussian;
import org.coinflip.model.unit.KOfN;
import org.coinflip.model.unit.NoisyTopK;
import org.coinflip.model.unit.UnitLaw;
import org.coinflip.model.unit.UnitLaws;

/**
 * Stochastic units: {@code a = x W + b}, or a convolution, h drawn from the unit law given a; the gradient with respect to a is the estimator's, what is
 * below a is ordinary back-propagation.
 *
 * @param connectivity which columns below the units read: all, or each a window
 * @param law how h is drawn
 * @param estimator how ∂L/∂a is obtained
 * @param prior where the units are latent variables of a variational autoencoder
 * @param sparsity what keeps most units at zero, where they are gates
 * @param rateFloor what brings units back that do not fire
 * @param thresholdRate how many are on without noise
 * @param initial initial weights and biases, rate scale
 */
public record StochasticLayer(
        Connectivity connectivity,
        UnitLaw law,
        GradientEstimator estimator,
        Optional<Prior> prior,
        Optional<Sparsity> sparsity,
        Optional<RateFloor> rateFloor,
        Optional<ThresholdRate> thresholdRate,
        Initial initial)
        implements Layer {
    public static final String TYPE = "stochastic";

    /** Units that read every column below. */
    public StochasticLayer(
            int units,
            UnitLaw law,
            GradientEstimator estimator,
            Optional<Prior> prior,
            Optional<Sparsity> sparsity,
            Initial initial) {
        this(new FullConnectivity(units), law, estimator, prior, sparsity, Optional.empty(), Optional.empty(), initial);
    }

    public static StochasticLayer read(Section section) {
        return read(section, new FullConnectivity(section.integer("units", 1, Integer.MAX_VALUE)), section);
    }

    /**
     * Reads a layer of so many units.
     *
     * @param around where its sparsity is written
     */
    public static StochasticLayer read(Section section, Connectivity connectivity, Section around) {
        int units = connectivity.units();
        UnitLaw law = UnitLaws.read(section.typed("law", Bernoulli.TYPE));
        GradientEstimator estimator =
                suited(section, Estimators.readOrChoose(section.typed("estimator", defaultEstimator(law)), law), law);
        if (connectivity.neighbours() % law.columnsPerUnit() != 0) {
            throw section.wrong(
                    connectivity.neighboursKey(),
                    "a multiple of " + law.columnsPerUnit() + ": every category of a unit is a column");
        }
        if (units > estimator.mostUnits(law)) {
            throw section.wrong(
                    connectivity.neighboursKey(),
                    "at most " + estimator.mostUnits(law) + (connectivity instanceof Convolution ? " units" : "")
                            + " with this estimator");
        }
        if (section.has("prior") && Prior.types(law).isEmpty()) {
            throw section.wrong(
                    "prior", "none: a prior is for bernoulli, concrete, categorical or gaussian units, or counts");
        }
        Optional<Prior> prior =
                section.has("prior") ? Optional.of(Prior.read(section.typed("prior", null), law)) : Optional.empty();
        // units of a convolution share their biases
        Optional<RateFloor> rateFloor = connectivity instanceof FullConnectivity && section.has("rate-floor")
                ? Optional.of(RateFloor.read(section.section("rate-floor")))
                : Optional.empty();
        if (rateFloor.isPresent() && !law.isOftenZero()) {
            throw section.wrong(
                    "rate-floor", "none: units of law " + law.write().get("type") + " are never 0");
        }
        return new StochasticLayer(
                connectivity,
                law,
                estimator,
                prior,
                sparsity(around, law, estimator),
                rateFloor,
                ThresholdRate.read(section, law),
                Initial.read(section));
    }

    /** The estimator of units of a law: one that suits it, where none is written one that is its usual. */
    public static GradientEstimator readEstimator(Section section, UnitLaw law) {
        return suited(section, Estimators.read(section.typed("estimator", defaultEstimator(law))), law);
    }

    private static GradientEstimator suited(Section section, GradientEstimator estimator, UnitLaw law) {
        if (!estimator.suits(law)) {
            throw section.wrong(
                    "estimator",
                    "an estimator for " + law.write().get("type") + " units: this one is for " + estimator.serves());
        }
        return estimator;
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
        Sparsity.Term usual = rectified
                ? Sparsity.Term.L1
                : law instanceof NoisyTopK ? Sparsity.Term.IMPORTANCE : Sparsity.Term.CROSS_ENTROPY;
        Sparsity sparsity = Sparsity.read(section.section("sparsity"), usual);
        if (sparsity.term() == Sparsity.Term.IMPORTANCE
                && !candidates(estimator).stream().allMatch(StochasticLayer::passesOn)) {
            throw section.wrong(
                    "sparsity", "another term: importance is for estimators that pass on a gradient of the samples");
        }
        if (sparsity.term() == Sparsity.Term.L1 && !rectified) {
            throw section.wrong("sparsity", "term = cross-entropy: l1 is for noisy-rectifier units");
        }
        if (sparsity.term() == Sparsity.Term.CROSS_ENTROPY && law.openingPower().isEmpty()) {
            throw section.wrong(
                    "sparsity",
                    "none, term = l1 for noisy-rectifier units, or term = importance: the cross-entropy is for bernoulli"
                            + " and stochastic-times-smooth units");
        }
        if (candidates(estimator).stream().anyMatch(candidate -> candidate.samplesPerRow() > 1)) {
            throw section.wrong("sparsity", "an estimator of one sample beside it");
        }
        return Optional.of(sparsity);
    }

    private static List<GradientEstimator> candidates(GradientEstimator estimator) {
        return estimator instanceof Auto auto ? auto.among() : List.of(estimator);
    }

    /** Whether a gradient of the samples becomes one of the logits: not where it is a control variate, or what a prediction is made of. */
    private static boolean passesOn(GradientEstimator estimator) {
        return estimator.needsGradient() && estimator.claims().bias() != Bias.NONE && !(estimator instanceof Predicted);
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        connectivity.write(keys);
        keys.put("law", law.write());
        keys.put("estimator", estimator.write());
        prior.ifPresent(p -> keys.put("prior", p.write()));
        sparsity.ifPresent(s -> keys.put("sparsity", s.write()));
        rateFloor.ifPresent(f -> keys.put("rate-floor", f.write()));
        thresholdRate.ifPresent(t -> keys.put(ThresholdRate.KEY, t.rate()));
        initial.write(keys);
        return keys;
    }

    /** Columns of the output. */
    public int units() {
        return connectivity.units();
    }

    @Override
    public int outputs(int inputs) {
        return units();
    }

    @Override
    public FeatureShape shape(FeatureShape below) {
        return connectivity.shape();
    }

    @Override
    public int uses() {
        return connectivity.units() / connectivity.neighbours();
    }

    @Override
    public int fanOut() {
        return estimator.samplesPerRow();
    }

    @Override
    public void declare(LayoutBuilder layout, int index, int inputs) {
        connectivity.declare(layout, index, List.of(inputs), initial.rateScale());
        prior.filter(Prior::isLearned)
                .ifPresent(p -> layout.add(
                        Binding.segment(index, Prior.LOGITS), Segment.Role.BIASES, 1, units(), p.rateScale()));
        if (law instanceof Gaussian units) {
            layout.add(
                    Binding.segment(index, Gaussian.LOG_DEVIATIONS),
                    Segment.Role.BIASES,
                    1,
                    units(),
                    units.rateScale() * initial.rateScale());
        }
    }

    @Override
    public double initialWeightBound(int inputs, int columns) {
        return initial.bound(connectivity.fanInAndOut(inputs, columns));
    }

    @Override
    public double initialBias(String name) {
        if (law instanceof Gaussian units && name.equals(Gaussian.LOG_DEVIATIONS)) {
            return StrictMath.log(units.initialDeviation());
        }
        return name.equals(Affine.BIASES) ? initial.bias() : 0;
    }

    @Override
    public List<Statistic> statistics(int inputs) {
        List<Statistic> statistics = new ArrayList<>(estimator.statistics(inputs, units()));
        sparsity.filter(s -> s.term() == Sparsity.Term.L1)
                .ifPresent(s -> statistics.add(Statistic.vector(Sparsity.WEIGHT, 1, (float) s.weight())));
        // from the floor on: a unit that does not fire is pushed at once
        rateFloor.ifPresent(f -> statistics.add(Statistic.vector(RateFloor.RATES, units(), (float) f.least())));
        thresholdRate.ifPresent(t -> statistics.add(Statistic.vector(ThresholdRate.THRESHOLD, 2, 0f)));
        return statistics;
    }

    @Override
    public boolean isStochastic() {
        return true;
    }

    /** Above a layer that draws the samples of a bound by the same estimator, the samples are particles, of which this one draws on. */
    @Override
    public Layer above(List<Layer> below) {
        GradientEstimator whole = estimator instanceof SharedParticles shared ? shared.bound() : estimator;
        boolean areDrawn = below.stream()
                .anyMatch(layer -> layer instanceof StochasticLayer units && units.estimator.equals(whole));
        GradientEstimator here = areDrawn && whole.ofParticles().isPresent()
                ? whole.ofParticles().orElseThrow()
                : whole;
        return with(here);
    }

    /** The same units with another estimator. */
    public StochasticLayer with(GradientEstimator other) {
        return new StochasticLayer(connectivity, law, other, prior, sparsity, rateFloor, thresholdRate, initial);
    }

    @Override
    public void checkPlace(int index, List<Layer> layers) {
        String place = "network.layers[" + index + "].estimator: got "
                + estimator.write().get("type") + " below ";
        Optional<GradientEstimator> ofParticles = estimator.ofParticles();
        boolean isShared = layers.subList(index + 1, layers.size()).stream()
                .filter(Layer::isStochastic)
                .allMatch(layer ->
                        layer instanceof StochasticLayer units && ofParticles.equals(Optional.of(units.estimator)));
        if (estimator.combinesSamples() && !isShared) {
            throw new UsageException(place + "another layer that draws noise, expected "
                    + (ofParticles.isPresent()
                            ? "the same estimator, with the same keys, at every layer above"
                            : "it on the topmost")
                    + ": its loss combines the samples that this layer draws");
        }
        if (layers.get(layers.size() - 1) instanceof TopLayer top
                && top.isGiven()
                && !estimator.takesGivenLoss(units())) {
            throw new UsageException(place
                    + "a loss that is earned, not computed, expected one that needs the loss of its one sample only: "
                    + String.join(", ", Estimators.takingGivenLosses()));
        }
    }

    /** Whether there is an estimator to hold its own against: not of particles that a layer below draws. */
    public boolean hasReference() {
        return law.isBinary() && !(estimator instanceof SharedParticles);
    }

    @Override
    public boolean readsLosses() {
        return estimator.readsLosses();
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
