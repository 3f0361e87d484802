package org.coinflip.spark.study.estimators;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.coinflip.spark.report.StudyReport;

/** The certificate as charts and a table. */
final class CertificatePage {
    /** Variances below are of rounding in 32 bits. */
    private static final double ROUNDING = 1e-11;

    private final EstimatorStudy study;
    private final Certificate certificate;
    /** The rows of each cell, in the order of the cells. */
    private final Map<Cell, List<CertificateRow>> rows = new LinkedHashMap<>();

    CertificatePage(EstimatorStudy study, Certificate certificate, List<CellMeasurement> measured) {
        this.study = study;
        this.certificate = certificate;
        int from = 0;
        for (CellMeasurement one : measured) {
            int units = one.logits().length;
            rows.put(one.cell(), certificate.rows().subList(from, from + units));
            from += units;
        }
    }

    void show(StudyReport report) {
        report.tile("Rows", String.valueOf(certificate.rows().size()), "a unit of a cell each");
        report.tile(
                "Comparisons",
                String.valueOf(certificate.comparisons()),
                String.format(
                        Locale.ROOT,
                        "beyond %.2f standard errors a claim fails: a false alarm anywhere with probability %s",
                        certificate.threshold(),
                        study.errorRate()));
        report.tile(
                "Failed",
                String.valueOf(
                        certificate.rows().stream().filter(certificate::failed).count()),
                "");
        report.table(
                "Estimators",
                "Greatest deviations in standard errors over all functions and logits. Times are of small networks, rough where the machine was busy.",
                CertificateSummary.HEADINGS,
                CertificateSummary.of(certificate));
        for (int f = 0; f < study.functions().size(); f++) {
            charts(report, f);
        }
    }

    private void charts(StudyReport report, int function) {
        TestFunction f = study.functions().get(function);
        List<Double> x = f.logits().isPresent() ? List.of(f.logits().get().get(0)) : study.grid();
        String logit =
                f.units() == 1 ? "logit" : f.logits().isPresent() ? "logit of unit 1" : "logit of the middle unit";
        List<StudyReport.Line> variances = new ArrayList<>();
        List<StudyReport.Line> biases = new ArrayList<>();
        List<StudyReport.Line> costs = new ArrayList<>();
        for (int s = 0; s < study.subjects().size(); s++) {
            List<List<CertificateRow>> places = places(s, function);
            // other laws have other expected losses, with which these do not compare
            if (places.isEmpty() || !study.subjects().get(s).units().isBinary()) {
                continue;
            }
            String label = study.subjects().get(s).label();
            CertificateRow first = places.get(0).get(0);
            variances.add(line(label, places, rows -> sum(rows, CertificateRow::variance)));
            if (first.claimsNone() && Double.isFinite(first.exact())) {
                costs.add(line(
                        label,
                        places,
                        rows -> sum(rows, CertificateRow::variance) * (first.evaluations() + first.gradients())));
            } else if (Double.isFinite(first.exact())) {
                biases.add(new StudyReport.Line(
                        label,
                        places.stream()
                                .map(rows -> rows.get(0).mean() - rows.get(0).exact())
                                .toList(),
                        places.stream().map(rows -> rows.get(0).standardError()).toList()));
            }
        }
        report.chart(
                f.name() + ": variance",
                "Of Bernoulli units" + (f.units() == 1 ? "" : ", summed over them") + "; none below " + ROUNDING + ".",
                new StudyReport.Axes(logit, "variance of an estimate", true),
                x,
                variances);
        report.chart(
                f.name() + ": bias",
                "Of unit 1, with its standard error; those that claim no bias are in the table.",
                new StudyReport.Axes(logit, "mean − exact", false),
                x,
                biases);
        report.chart(
                f.name() + ": cost of a given accuracy",
                "Variance times evaluations and gradients, of estimators without bias.",
                new StudyReport.Axes(logit, "variance × (evaluations + gradients)", true),
                x,
                costs);
    }

    private List<List<CertificateRow>> places(int subject, int function) {
        return rows.entrySet().stream()
                .filter(entry ->
                        entry.getKey().subject() == subject && entry.getKey().function() == function)
                .map(Map.Entry::getValue)
                .toList();
    }

    private static StudyReport.Line line(
            String label, List<List<CertificateRow>> places, ToDoubleFunction<List<CertificateRow>> value) {
        return new StudyReport.Line(
                label,
                places.stream()
                        .map(rows -> value.applyAsDouble(rows))
                        .map(number -> number < ROUNDING ? Double.NaN : number)
                        .toList(),
                List.of());
    }

    private static double sum(List<CertificateRow> rows, ToDoubleFunction<CertificateRow> value) {
        return rows.stream().mapToDouble(value).sum();
    }
}
