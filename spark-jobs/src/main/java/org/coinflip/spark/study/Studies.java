package org.coinflip.spark.study;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.study.curvature.CurvatureStudy;
import org.coinflip.spark.study.energy.EarlyInferenceStudy;
import org.coinflip.spark.study.estimators.EstimatorStudy;
import org.coinflip.spark.study.retrieval.RetrievalStudy;
import org.coinflip.spark.study.scaling.ScalingStudy;

/** The studies by the names that files use. */
final class Studies {
    private static final Map<String, Function<Section, Study>> READERS = new TreeMap<>(Map.of(
            CurvatureStudy.TYPE, CurvatureStudy::read,
            EarlyInferenceStudy.TYPE, EarlyInferenceStudy::read,
            EstimatorStudy.TYPE, EstimatorStudy::read,
            RetrievalStudy.TYPE, RetrievalStudy::read,
            ScalingStudy.TYPE, ScalingStudy::read));

    private Studies() {}

    static Study read(Section section) {
        Study study =
                READERS.get(section.named("type", "a study", READERS.keySet())).apply(section);
        section.finish();
        return study;
    }
}
