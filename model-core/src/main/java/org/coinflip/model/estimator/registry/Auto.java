package org.coinflip.model.estimator.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.Cost;
import org.coinflip.model.estimator.Estimation;
import org.coinflip.model.estimator.GradientEstimator;
import org.coinflip.model.estimator.Site;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Statistic;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.UnitLaw;

/**
 * The best of some candidates, chosen anew while the network learns: no estimator is the best in every layer and at every stage of a training. Each
 * candidate j is measured on a batch of the training as it is, by the part of the steepest descent that the mean of its estimates ĝ of the layer's
 * parameters has:
 *
 * <pre>  s_j = (E[ĝ_j] · ∇)² / ((|E ĝ_j|² + Var ĝ_j c_j / n) |∇|²)  </pre>
 *
 * ∇ is the mean of a reference's estimates, which is to have no bias. n is over how many steps updates average, the noise of the steps with them, but not their bias. c_j is
 * the multiply-adds of a training step with candidate j beside those with the cheapest: for the same work it takes n / c_j steps. s_j is 1 − min_k E|k ḡ − ∇|² / |∇|², 1 less
 * the mean squared error of that mean ḡ after the best rescaling: 1 for the gradient itself, less by variance and by bias, not by a wrong length. Where
 * variance rules it is the inverse of variance × cost, up to a factor; where bias rules, the cost does not count.
 *
 * <p>An estimate that has a bias is multiplied by {@code k_j = (E[ĝ_j] · ∇) / |E ĝ_j|²}: what an updater remembers is of gradients as long, whichever candidate they are of.
 *
 * <p>A measurement counts half in scores and in k_j, those before it the other half. They are {@linkplain org.coinflip.model.memory.Segment.Role#STATISTICS statistics}:
 * workers measure on batches of their own, and what they found is averaged with all else. So all choose alike, to the same bits, at the beginning of an epoch. At
 * the first's, when nothing is averaged yet, each worker takes what it found best; their first average is a vote. {@link org.coinflip.model.training.EstimatorChoice}
 * measures and chooses; candidates that are not in use learn nothing.
 *
 * @param among the candidates; of those whose scores are equal the first is the best
 * @param reference has no bias; what the candidates are held against
 * @param draws of each candidate when it is measured, at least 2
 * @param referenceDraws of the reference, at least 1
 * @param every epochs from one measurement to the next
 * @param steps n, at least 1
 * @param cost what c_j is
 */
public record Auto(
        List<GradientEstimator> among,
        GradientEstimator reference,
        int draws,
        int referenceDraws,
        int every,
        int steps,
        CostOfStep cost)
        implements GradientEstimator {
    public static final String TYPE = "auto";

    /** The statistic that has, for each candidate, the part of the workers that have chosen it. */
    public static final String CHOSEN = "auto-chosen";

    /** The statistic that has the candidates' scores. */
    public static final String SCORES = "auto-scores";

    /** The statistic that has the candidates' k_j. */
    public static final String SCALES = "auto-scales";

    /** What a step with a candidate costs. */
    public enum CostOfStep {
        /** Its multiply-adds: the best for the time that there is. */
        WORK,
        /** The same with all: the best for the steps that there are. */
        NONE
    }

    public Auto {
        among = List.copyOf(among);
    }

    static Auto read(Section section, UnitLaw law) {
        List<GradientEstimator> among = new ArrayList<>();
        for (Section candidate : section.typedSections("among")) {
            among.add(checked(section, "among", Estimators.read(candidate), law));
        }
        if (among.size() < 2) {
            throw section.wrong("among", "at least two estimators, such as [straight-through, disarm]");
        }
        GradientEstimator byDefault = Estimators.reference();
        GradientEstimator reference = section.has("reference") || !byDefault.suits(law)
                ? Estimators.read(section.typed("reference", null))
                : byDefault;
        Auto auto = new Auto(
                among,
                checked(section, "reference", reference, law),
                section.integer("draws", 8, 2, 1 << 15),
                section.integer("reference-draws", 2, 1, 1 << 15),
                section.integer("every", 1, 1, Integer.MAX_VALUE),
                section.integer("steps", 10, 1, Integer.MAX_VALUE),
                section.choice("cost", CostOfStep.WORK));
        if (reference.claims().bias() != Bias.NONE) {
            throw section.wrong("reference", "an estimator that has no bias for any loss, such as rloo");
        }
        return auto;
    }

    private static GradientEstimator checked(Section section, String key, GradientEstimator estimator, UnitLaw law) {
        Object type = estimator.write().get("type");
        if (!estimator.suits(law)) {
            throw section.wrong(
                    key,
                    "estimators for " + law.write().get("type") + " units: " + type + " is for " + estimator.serves());
        }
        if (estimator.combinesSamples()) {
            throw section.wrong(
                    key, "estimators of the mean loss: that of " + type + " is another combination of its samples");
        }
        return estimator;
    }

    @Override
    public boolean needsGradient() {
        return among.stream().anyMatch(GradientEstimator::needsGradient);
    }

    @Override
    public boolean readsLosses() {
        return true;
    }

    @Override
    public boolean takesGivenLoss(int units) {
        return false;
    }

    @Override
    public boolean suits(UnitLaw law) {
        return among.stream().allMatch(candidate -> candidate.suits(law));
    }

    @Override
    public int mostUnits(UnitLaw law) {
        return among.stream()
                .mapToInt(candidate -> candidate.mostUnits(law))
                .reduce(reference.mostUnits(law), Math::min);
    }

    @Override
    public String serves() {
        return "what its candidates are for";
    }

    /** Those of all candidates, of which several may share one of the same name and size; the choice, and the scores. */
    @Override
    public List<Statistic> statistics(int inputs, int units) {
        Map<String, Statistic> all = new LinkedHashMap<>();
        for (GradientEstimator candidate : withReference()) {
            for (Statistic statistic : candidate.statistics(inputs, units)) {
                Statistic other = all.putIfAbsent(statistic.name(), statistic);
                if (other != null && !other.equals(statistic)) {
                    throw new UsageException("estimator.among: got two that learn " + statistic.name()
                            + " of different sizes, expected one: give them the same keys");
                }
            }
        }
        List<Statistic> statistics = new ArrayList<>(all.values());
        statistics.add(Statistic.vector(CHOSEN, among.size(), 0f));
        statistics.add(Statistic.vector(SCORES, among.size(), 0f));
        statistics.add(Statistic.vector(SCALES, among.size(), 1f));
        return statistics;
    }

    private List<GradientEstimator> withReference() {
        List<GradientEstimator> all = new ArrayList<>(among);
        all.add(reference);
        return all;
    }

    /** Draws: of a network that is in use. In training, one of the candidates is in its place. */
    @Override
    public Estimation at(Site site) {
        return training -> {
            throw new IllegalStateException("no candidate has been chosen");
        };
    }

    /** A candidate as it is used. */
    public GradientEstimator candidate(int place) {
        return new Scaled(among.get(place), place, among.size());
    }

    /** What the candidates are called: by their types, of which one that comes again has a number. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (GradientEstimator candidate : among) {
            String type = (String) candidate.write().get("type");
            String name = type;
            for (int number = 2; names.contains(name); number++) {
                name = type + " " + number;
            }
            names.add(name);
        }
        return names;
    }

    /** The place of the greatest number of one for each candidate, scores or votes; of several the first. */
    public static int best(Floats numbers) {
        int best = 0;
        for (int i = 1; i < numbers.length(); i++) {
            best = numbers.get(i) > numbers.get(best) ? i : best;
        }
        return best;
    }

    @Override
    public Claims claims() {
        return new Claims(
                "that of the candidate whose step is worth most",
                Bias.PRESENT,
                Cost.of(1, 1),
                "when it is not known which is the best, or not the same one all the time",
                "this implementation's");
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("among", among.stream().map(GradientEstimator::write).toList());
        keys.put("reference", reference.write());
        keys.put("draws", draws);
        keys.put("reference-draws", referenceDraws);
        keys.put("every", every);
        keys.put("steps", steps);
        keys.put("cost", Section.name(cost));
        return keys;
    }
}
