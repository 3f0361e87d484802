package org.coinflip.model.estimator.relaxation;

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
 * REBAR: REINFORCE with the loss of the relaxed sample as its baseline, whose mean is given back by the reparameterisation trick,
 * {@code g = [f(b) − η f(σ_λ(z̃))] (b − p) + η ∂f(σ_λ(z))/∂a − η ∂f(σ_λ(z̃))/∂a}, σ_λ(z) = σ(z/λ) or, as in the paper, σ(z/λ + a λ/(λ+1)), whose limit for great λ is p and
 * not ½, σ the softmax for categorical units, z and z̃ the {@link RelaxedPair} of b. λ and η are
 * trained by Adam to make the variance least: η by the exact gradient of ‖g‖², λ by a central difference with the same noise. Unbiased
 * for every λ and η, as long as the gradients that come back from stochastic layers above are. Cost: three evaluations, two of them
 * with gradients; training λ adds four, with gradients.
 *
 * <p>Tucker, Mnih, Maddison, Lawson, Sohl-Dickstein (2017), "REBAR: low-variance, unbiased gradient estimates for discrete latent
 * variable models".
 *
 * @param temperature λ to begin with
 * @param scale η to begin with
 * @param learningRate Adam's, of η and log λ; 0 to leave them
 * @param learnTemperature whether λ is trained too
 * @param limit where relaxed bits go as λ grows
 */
public record Rebar(double temperature, double scale, double learningRate, boolean learnTemperature, Limit limit)
        implements ForDiscreteUnits {
    public static final String TYPE = "rebar";

    /** Where relaxed bits go as λ grows. */
    public enum Limit {
        /** To ½, or the same for every category: σ(z/λ). */
        HALF,
        /** To p, so that the control variate nears {@code MuProp}'s: σ(z/λ + a λ/(λ+1)). */
        MEAN
    }

    public static Rebar read(Section section) {
        return new Rebar(
                section.number("temperature", 0.5, Annealed.TEMPERATURES),
                section.number("scale", 1, Range.NOT_NEGATIVE),
                section.number("learning-rate", 0.001, Range.NOT_NEGATIVE),
                section.flag("learn-temperature", true),
                section.choice("limit", Limit.HALF));
    }

    @Override
    public boolean needsGradient() {
        return false;
    }

    @Override
    public int probes(int width) {
        return 2;
    }

    @Override
    public boolean differentiatesProbes() {
        return true;
    }

    @Override
    public List<Statistic> statistics(int inputs, int units) {
        return RelaxedControl.statistics(scale, temperature);
    }

    @Override
    public Estimation at(Site site) {
        return new RelaxedControl(site, true, limit, 0, learningRate, learnTemperature);
    }

    @Override
    public Claims claims() {
        return new Claims(
                "[f(b) − η f(σ_λ(z̃))] (b−p) + η ∂f(σ_λ(z))/∂a − η ∂f(σ_λ(z̃))/∂a",
                Bias.NONE,
                learnTemperature && learningRate > 0 ? Cost.of(7, 6) : Cost.of(3, 2),
                "smooth losses, no bias",
                "Tucker et al. 2017");
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("temperature", temperature);
        keys.put("scale", scale);
        keys.put("learning-rate", learningRate);
        keys.put("learn-temperature", learnTemperature);
        keys.put("limit", Section.name(limit));
        return keys;
    }
}
