package org.coinflip.model.layer.stochastic;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * What keeps most units of a stochastic layer at zero, so that as gates they save work, or keeps them in use alike. Of n rows of a batch:
 *
 * <ul>
 *   <li>cross-entropy: {@code −λ Σ_j [ρ log m_j + (1−ρ) log(1−m_j)]} is added to what is minimised, m_j the mean of P(h_j ≠ 0) over the
 *       rows: every unit is drawn to be open for the fraction ρ of the examples, and has its least cost there.
 *   <li>l1: {@code λ Σ_j |h_j|} is added to every row's loss, and λ follows the fraction s of the batch's units that are open: where
 *       {@code s < ρ − 0.01} it becomes (1−d) λ, where {@code s > ρ + 0.01} (1+d) λ, within [1e-13, 1].
 *   <li>importance: {@code λ CV²(m)} is added to what is minimised, the squared coefficient of variation {@code mean_j (m_j − m̄)² / m̄²} of the
 *       units' means over the rows: all units have the same part of the whole where it is 0.
 * </ul>
 *
 * The first two act on the logits directly, the last on the samples, whose gradient the estimator passes on. They are no part of the loss that is
 * reported or that an estimator learns from. m and s are those of a worker's own batch. λ of l1 is a statistic, and so is averaged with the parameters.
 *
 * <p>Bengio, Léonard, Courville (2013), arXiv 1308.3432; logarithms are taken of 1e-6 more. Importance: Shazeer and others (2017), arXiv 1701.06538,
 * equation 7.
 *
 * @param term which of them
 * @param target ρ, in (0, 1); 0 for importance, which has none
 * @param weight λ; of l1 where it starts
 * @param decay d of l1, in (0, 1)
 */
public record Sparsity(Term term, double target, double weight, double decay) {
    /** What is added. */
    public enum Term {
        CROSS_ENTROPY,
        L1,
        IMPORTANCE
    }

    /** Name of the statistic that holds λ of l1. */
    static final String WEIGHT = "sparsity";

    public static Sparsity read(Section section, Term usual) {
        Term term = section.choice("term", usual);
        Sparsity sparsity = new Sparsity(
                term,
                term == Term.IMPORTANCE ? 0 : section.number("target", 0.1, Range.FRACTION),
                section.number("weight", term == Term.L1 ? 1e-5 : 0.1, Range.NOT_NEGATIVE),
                term == Term.L1 ? section.number("decay", 0.1, Range.FRACTION) : 0);
        section.finish();
        return sparsity;
    }

    Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("term", Section.name(term));
        if (term != Term.IMPORTANCE) {
            keys.put("target", target);
        }
        keys.put("weight", weight);
        if (term == Term.L1) {
            keys.put("decay", decay);
        }
        return keys;
    }
}
