package org.coinflip.spark.record;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.coinflip.data.Description;
import org.coinflip.model.training.LayerStatistics;
import org.coinflip.model.transform.Naming;
import org.coinflip.spark.evaluation.Assessment;
import org.coinflip.spark.report.TrainingReport;

/** Puts together what the report of a training shows beside its summary: confusions, mistakes, firing rates. */
public final class ReportPage {
    private ReportPage() {}

    public static String of(
            Map<String, Object> summary,
            List<Map<String, Object>> rounds,
            Assessment test,
            List<LayerStatistics> layers,
            Description data) {
        Map<String, Object> keys = new LinkedHashMap<>(summary);
        Naming naming = data.transformation().naming();
        keys.put("confusion", test.confusion());
        keys.put("labels", naming.classes());
        List<List<Double>> rates = new ArrayList<>();
        layers.forEach(layer -> rates.add(layer.firingRates()));
        test.gates().forEach(gates -> rates.add(gates.rates()));
        keys.put("firingRates", rates);
        keys.put(
                "image",
                Map.of(
                        "rows", data.image().rows(),
                        "columns", data.image().columns(),
                        "planes", data.image().planes()));
        keys.put(
                "mistakes",
                test.worst().stream()
                        .map(m -> Map.of(
                                "id", m.id(),
                                "label", naming.called(m.label()),
                                "predicted", naming.called(m.predicted()),
                                "probability", m.probability(),
                                "features", m.features()))
                        .toList());
        return TrainingReport.html(keys, rounds);
    }
}
