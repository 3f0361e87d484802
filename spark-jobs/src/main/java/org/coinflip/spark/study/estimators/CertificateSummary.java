package org.coinflip.spark.study.estimators;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** A line an estimator and law: what all functions and logits came to. */
final class CertificateSummary {
    static final List<String> HEADINGS = List.of(
            "estimator",
            "units",
            "verdict",
            "evaluations at D = 1",
            "gradients",
            "ns an example",
            "greatest bias / SE",
            "greatest variance error / SE",
            "least work in");

    /** Errors below are of rounding in 32 bits: an estimate that is exact. */
    private static final double ROUNDING = 1e-11;

    private CertificateSummary() {}

    static List<List<String>> of(Certificate certificate) {
        Map<List<String>, List<CertificateRow>> groups = new LinkedHashMap<>();
        for (CertificateRow row : certificate.rows()) {
            groups.computeIfAbsent(List.of(row.law(), row.estimator()), key -> new ArrayList<>())
                    .add(row);
        }
        Map<List<Object>, Double> least = leastWork(certificate.rows());
        return groups.values().stream()
                .map(own -> line(certificate, own, least))
                .toList();
    }

    /** The same for a document. */
    static String markdown(Certificate certificate) {
        StringBuilder table = new StringBuilder();
        append(table, HEADINGS);
        append(table, HEADINGS.stream().map(heading -> "---").toList());
        of(certificate).forEach(line -> append(table, line));
        return table.toString();
    }

    private static void append(StringBuilder table, List<String> cells) {
        table.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    /** Of each law, function and unit the least work of any estimator, those apart that are exact. */
    private static Map<List<Object>, Double> leastWork(List<CertificateRow> rows) {
        Map<List<Object>, Double> least = new HashMap<>();
        for (CertificateRow row : rows) {
            if (competes(row)) {
                least.merge(place(row), row.work(), Math::min);
            }
        }
        return least;
    }

    private static boolean competes(CertificateRow row) {
        return Double.isFinite(row.work()) && row.meanSquaredError() > ROUNDING;
    }

    private static List<Object> place(CertificateRow row) {
        return List.of(row.law(), row.function(), row.unit(), row.logit());
    }

    private static List<String> line(
            Certificate certificate, List<CertificateRow> own, Map<List<Object>, Double> least) {
        CertificateRow first = own.get(0);
        double[] nanos = own.stream()
                .mapToDouble(CertificateRow::nanosPerExample)
                .sorted()
                .toArray();
        return List.of(
                first.estimator(),
                first.law(),
                verdict(certificate, own),
                String.valueOf(first.evaluations()),
                String.valueOf(first.gradients()),
                String.format(Locale.ROOT, "%.0f", nanos[nanos.length / 2]),
                greatest(own, row -> row.testsBias() ? Math.abs(row.deviation()) : Double.NaN),
                greatest(own, row -> row.testsVariance() ? Math.abs(row.varianceDeviation()) : Double.NaN),
                String.valueOf(own.stream()
                        .filter(row -> competes(row) && row.work() <= least.get(place(row)))
                        .count()));
    }

    private static String verdict(Certificate certificate, List<CertificateRow> own) {
        long failed = own.stream().filter(certificate::failed).count();
        long tested = own.stream().filter(CertificateRow::testsBias).count();
        boolean known = own.stream().anyMatch(row -> Double.isFinite(row.exact()));
        if (failed > 0) {
            return "FAILED in " + failed + " of " + own.size() + " rows";
        }
        if (tested > 0) {
            return "unbiased in " + tested + " of " + own.size() + " rows";
        }
        return known ? "claims a bias" : "not certified";
    }

    private static String greatest(List<CertificateRow> rows, ToDoubleFunction<CertificateRow> value) {
        return rows.stream().mapToDouble(value).filter(number -> !Double.isNaN(number)).max().stream()
                .mapToObj(number -> String.format(Locale.ROOT, "%.2f", number))
                .findFirst()
                .orElse("–");
    }
}
