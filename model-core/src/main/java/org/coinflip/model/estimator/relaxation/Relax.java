package org.coinflip.model.estimator.relaxation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.ForDiscreteUnits;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Annealed;

/**
 * RELAX: as {@link Rebar}, with a free control variate besides, {@code c(z) = η f(σ_λ(z)) + r(z)}, r a network of one hidden layer of leaky
 * rectifiers: {@code g = [f(b) − c(z̃)] (b − p) + ∂c(z)/∂a − ∂c(z̃)/∂a}. η, λ and r are trained by Adam to make the variance least. Without the
 * relaxed loss, {@code c = r}, no gradient of the loss is needed, so that it may be a reward. Unbiased. Cost: as REBAR, or one evaluation
 * without the relaxed loss; and r.
 *
 * <p>Grathwohl, Choi, Wu, Roeder, Duvenaud (2018), "Backpropagation through the void: optimizing control variates for black-box gradient
 * estimation".
 *
 * @param relaxedLoss whether the relaxed loss is part of c
 * @param temperature λ to begin with
 * @param scale η to begin with
 * @param hidden units of r, at least 1
 * @param learningRate Adam's, of all that is trained; 0 to train nothing
 * @param learnTemperature whether λ is trained too
 */
public record Relax(
        boolean relaxedLoss,
        double temperature,
        double scale,
        int hidden,
        double learningRate,
        boolean learnTemperature)
        implements ForDiscreteUnits {
    public static final String TYPE = "relax";

    private static final int MOST_HIDDEN = 10_000;

    public static Relax read(Section section) {
        boolean relaxedLoss = section.flag("relaxed-loss", true);
        return new Relax(
                relaxedLoss,
                relaxedLoss ? section.number("temperature", 0.5, Annealed.TEMPERATURES) : 1,
                relaxedLoss ? section.number("scale", 1, Range.NOT_NEGATIVE) : 1,
                section.integer("hidden", 100, 1, MOST_HIDDEN),
                section.number("learning-rate", 0.001, Range.NOT_NEGATIVE),
                relaxedLoss && section.flag("learn-temperature", true));
    }

    @Override
    public boolean needsGradient() {
        return false;
    }

    @Override
    public int probes(int width) {
        return relaxedLoss ? 2 : 0;
    }

    @Override
    public boolean differentiatesProbes() {
        return relaxedLoss;
    }

    @Override
    public List<Statistic> statistics(int inputs, int units) {
        List<Statistic> all = new ArrayList<>(ControlNetwork.statistics(units, hidden));
        if (relaxedLoss) {
            all.addAll(RelaxedControl.statistics(scale, temperature));
        }
        return all;
    }

    @Override
    public Estimation at(Site site) {
        return new RelaxedControl(site, relaxedLoss, Rebar.Limit.HALF, hidden, learningRate, learnTemperature);
    }

    @Override
    public Claims claims() {
        int relaxed = learnTemperature && learningRate > 0 ? 6 : 2;
        return new Claims(
                "[f(b) − c(z̃)] (b−p) + ∂c(z)/∂a − ∂c(z̃)/∂a, c a network" + (relaxedLoss ? " + η f(σ_λ)" : ""),
                Bias.NONE,
                relaxedLoss ? Cost.of(1 + relaxed, relaxed) : Cost.of(1, 0),
                relaxedLoss ? "smooth losses, long training" : "any loss, rewards, long training",
                "Grathwohl et al. 2018");
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("relaxed-loss", relaxedLoss);
        if (relaxedLoss) {
            keys.put("temperature", temperature);
            keys.put("scale", scale);
        }
        keys.put("hidden", hidden);
        keys.put("learning-rate", learningRate);
        if (relaxedLoss) {
            keys.put("learn-temperature", learnTemperature);
        }
        return keys;
    }
}
