package org.coinflip.spark.study;

import java.util.List;
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
        String type = section.text("type");
        Function<Section, Study> reader = READERS.get(type);
        if (reader == null) {
            List<String> names = List.copyOf(READERS.keySet());
            throw section.wrong(
                    "type", "a study, one of " + String.join(", ", names) + Section.suggestion(type, names));
        }
        Study study = reader.apply(section);
        section.finish();
        return study;
    }
}
