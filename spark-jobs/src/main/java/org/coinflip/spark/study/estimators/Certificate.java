package org.coinflip.spark.study.estimators;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.OneUnit;

/**
 * All rows and the verdict on them. A claim fails where a mean, or a variance with a closed form, is off by more standard errors than
 * would be seen anywhere in the certificate with the given probability if all claims held (Bonferroni over the comparisons).
 *
 * @param errorRate probability that some claim is found to fail although all hold
 */
record Certificate(List<CertificateRow> rows, double errorRate) {
    /** The rows of one cell. */
    static List<CertificateRow> rows(Subject subject, TestFunction function, Claims claims, CellMeasurement measured) {
        Moments moments = measured.moments();
        List<CertificateRow> rows = new ArrayList<>();
        int units = function.units();
        int columns = subject.units().columnsPerUnit();
        OptionalDouble closedForm = subject.units().isBinary() && units == 1
                ? claims.varianceOf(oneUnit(function, measured.logits()[0]))
                : OptionalDouble.empty();
        for (int i = 0; i < units; i++) {
            rows.add(new CertificateRow(
                    subject.estimator(),
                    subject.law(),
                    function.name(),
                    units,
                    i + 1,
                    measured.logits()[i],
                    moments.count(),
                    moments.seen(i),
                    measured.hasExact() ? moments.centre(i) : Double.NaN,
                    moments.mean(i),
                    moments.standardError(i),
                    moments.variance(i),
                    measured.hasExact() ? moments.meanSquaredError(i) : Double.NaN,
                    measured.hasExact() ? moments.cosine() : Double.NaN,
                    claims.cost().evaluations(units),
                    claims.cost().gradients(),
                    moments.nanosPerEstimate(),
                    claims.bias().words(),
                    claims.bias().isNone(subject.units(), function.degree(columns)),
                    closedForm.orElse(Double.NaN),
                    moments.varianceError(i)));
        }
        return rows;
    }

    /** The function of one unit; a network's claims of variance are not compared, for its weights are the task's. */
    private static OneUnit oneUnit(TestFunction function, double logit) {
        if (!function.hidden().isEmpty()) {
            return new OneUnit(logit, h -> Double.NaN, h -> Double.NaN);
        }
        var f = function.function().evaluator(1);
        return new OneUnit(logit, h -> f.value(new double[] {h}), h -> {
            double[] slope = new double[1];
            f.differentiate(new double[] {h}, slope);
            return slope[0];
        });
    }

    /** Means and variances that are compared. */
    long comparisons() {
        return rows.stream().filter(CertificateRow::testsBias).count()
                + rows.stream().filter(CertificateRow::testsVariance).count();
    }

    /** Standard errors beyond which a claim fails. */
    double threshold() {
        double each = errorRate / Math.max(1, comparisons());
        return -new NormalDistribution(null, 0, 1).inverseCumulativeProbability(each / 2);
    }

    /** What became of a row's claims. */
    String verdict(CertificateRow row) {
        if (row.testsBias() && Math.abs(row.deviation()) > threshold()) {
            return "FAILED: biased";
        }
        if (row.testsVariance() && Math.abs(row.varianceDeviation()) > threshold()) {
            return "FAILED: variance";
        }
        if (!Double.isFinite(row.exact())) {
            return "not certified: no exact gradient";
        }
        if (row.claimsNone() && row.isTooRare()) {
            return "not certified: too rare for the sample";
        }
        return row.testsBias() ? "holds" : "claims a bias";
    }

    boolean failed(CertificateRow row) {
        return verdict(row).startsWith("FAILED");
    }

    /** The first claim that fails, and how many do, in one line. */
    Optional<String> failure() {
        List<CertificateRow> failed = rows.stream().filter(this::failed).toList();
        return failed.isEmpty() ? Optional.empty() : Optional.of(line(failed.get(0), failed.size()));
    }

    private String line(CertificateRow row, int count) {
        boolean bias = verdict(row).endsWith("biased");
        return String.format(
                Locale.ROOT,
                "certificate: %s on %s, %s, unit %d, logit %s: got a %s of %.6g ± %.2g, expected %.6g within %.2f standard"
                        + " errors (%s claimed; family-wise error rate %s over %d comparisons); %d of %d rows fail: see"
                        + " certificate.csv",
                row.estimator(),
                row.law(),
                row.function(),
                row.unit(),
                row.logit(),
                bias ? "mean" : "variance",
                bias ? row.mean() : row.variance(),
                bias ? row.standardError() : row.varianceError(),
                bias ? row.exact() : row.closedForm(),
                threshold(),
                bias ? "no bias" : "that variance",
                errorRate,
                comparisons(),
                count,
                rows.size());
    }
}
