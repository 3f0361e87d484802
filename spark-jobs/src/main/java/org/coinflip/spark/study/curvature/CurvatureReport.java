package org.coinflip.spark.study.curvature;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.coinflip.spark.report.StudyReport;

/** The findings as a page, as keys of {@code summary.json}, and as a line. */
final class CurvatureReport {
    /** Ranks that are drawn of each spectrum. */
    private static final int POINTS = 260;

    private final List<Finding> findings;
    private final List<Double> dampings;

    CurvatureReport(List<Finding> findings, List<Double> dampings) {
        this.findings = findings;
        this.dampings = dampings;
    }

    String line() {
        List<String> parts = findings.stream()
                .map(f -> f.variant().name() + " " + f.curvature().negative() + " of " + f.weights())
                .toList();
        return "negative eigenvalues: " + String.join(", ", parts);
    }

    Map<String, Object> summary() {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Finding f : findings) {
            Map<String, Object> keys = new LinkedHashMap<>();
            keys.put("variant", f.variant().name());
            keys.put("weights", f.weights());
            keys.put("loss", f.loss());
            keys.put("testError", f.testError());
            double[] values = f.curvature().eigenvalues();
            keys.put("greatestEigenvalue", values[0]);
            keys.put("medianEigenvalue", values[values.length / 2]);
            keys.put("leastEigenvalue", values[values.length - 1]);
            keys.put("negativeEigenvalues", f.curvature().negative());
            keys.put("diagonalLogVariance", f.curvature().diagonalSpread());
            keys.put(
                    "angles",
                    f.curvature().angles().stream()
                            .map(a -> Double.isNaN(a) ? null : a)
                            .toList());
            keys.put("asymmetry", f.curvature().asymmetry());
            keys.put("differencesAgainstProducts", f.disagreement());
            keys.put("fisherGroups", f.fisher().names());
            keys.put("fisherShared", f.fisher().shared());
            keys.put("eigenvalues", values);
            all.add(keys);
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("dampings", dampings);
        summary.put("variants", all);
        return summary;
    }

    StudyReport page() {
        StudyReport page = new StudyReport();
        page.table(
                "Curvature in the coordinates of the next step",
                "Central differences of the gradient; the last column is how far they are from exact products.",
                List.of(
                        "Network",
                        "Weights",
                        "Loss",
                        "Test error %",
                        "Negative eigenvalues",
                        "Greatest",
                        "Median",
                        "Least",
                        "Variance of log₁₀ |diagonal|",
                        firstCommonDamping() < 0
                                ? "Angle °"
                                : "Angle ° at μ = " + format("%.2g", dampings.get(firstCommonDamping())),
                        "Off exact products"),
                findings.stream().map(this::row).toList());
        page.chart(
                "Eigenvalues",
                "Those above zero, by rank.",
                new StudyReport.Axes("rank", "eigenvalue", true),
                ranks(),
                curves(f -> spectrum(f.curvature().eigenvalues(), 1)));
        page.chart(
                "Negative eigenvalues",
                "Their magnitudes, the most negative first.",
                new StudyReport.Axes("rank", "−eigenvalue", true),
                ranks(),
                curves(f -> spectrum(reversed(f.curvature().eigenvalues()), -1)));
        page.chart(
                "Diagonal of the Hessian",
                "Magnitudes, by rank: descent suits best where they are alike.",
                new StudyReport.Axes("rank", "|h|", true),
                ranks(),
                curves(f -> spectrum(f.curvature().diagonal(), 1)));
        page.chart(
                "Angle between the gradient and (H + μI)⁻¹ gradient",
                "Where H + μI is positive definite.",
                new StudyReport.Axes("log₁₀ μ", "degrees", false),
                dampings.stream().map(StrictMath::log10).toList(),
                curves(f -> f.curvature().angles()));
        for (Finding f : findings) {
            page.table(
                    "Fisher information that groups of weights share: "
                            + f.variant().name(),
                    "Root mean square correlation of the scores of weights from layer → to layer; 0 is the input.",
                    headings(f),
                    fisherRows(f));
        }
        return page;
    }

    private List<String> row(Finding f) {
        double[] values = f.curvature().eigenvalues();
        int common = firstCommonDamping();
        return List.of(
                f.variant().name(),
                String.valueOf(f.weights()),
                format("%.4f", f.loss()),
                format("%.2f", 100 * f.testError()),
                String.valueOf(f.curvature().negative()),
                format("%.3g", values[0]),
                format("%.3g", values[values.length / 2]),
                format("%.3g", values[values.length - 1]),
                format("%.3f", f.curvature().diagonalSpread()),
                common < 0 ? "–" : format("%.1f", f.curvature().angles().get(common)),
                format("%.1e", f.disagreement()));
    }

    /** The least μ at which H + μI is positive definite for every network; −1 where there is none. */
    private int firstCommonDamping() {
        for (int d = 0; d < dampings.size(); d++) {
            int at = d;
            if (findings.stream()
                    .noneMatch(f -> Double.isNaN(f.curvature().angles().get(at)))) {
                return d;
            }
        }
        return -1;
    }

    private static List<String> headings(Finding f) {
        List<String> headings = new ArrayList<>(List.of("Weights"));
        headings.addAll(f.fisher().names());
        return headings;
    }

    private static List<List<String>> fisherRows(Finding f) {
        List<List<String>> rows = new ArrayList<>();
        for (int a = 0; a < f.fisher().names().size(); a++) {
            List<String> row = new ArrayList<>(List.of(f.fisher().names().get(a)));
            f.fisher().shared().get(a).forEach(value -> row.add(format("%.3f", value)));
            rows.add(row);
        }
        return rows;
    }

    private int most() {
        return findings.stream().mapToInt(Finding::weights).max().orElse(0);
    }

    private List<Double> ranks() {
        List<Double> ranks = new ArrayList<>();
        for (int i = 0; i < points(); i++) {
            ranks.add(1.0 + rank(i));
        }
        return ranks;
    }

    private int points() {
        return Math.min(POINTS, most());
    }

    private int rank(int point) {
        return (int) ((long) point * (most() - 1) / Math.max(1, points() - 1));
    }

    /** One value at each rank that is drawn; none that is zero but for rounding, which a logarithmic axis would be made of. */
    private List<Double> spectrum(double[] values, int sign) {
        List<Double> drawn = new ArrayList<>();
        double least = Curvature.NOUGHT * Math.abs(values[0]);
        for (int i = 0; i < points(); i++) {
            double value = rank(i) < values.length ? sign * values[rank(i)] : Double.NaN;
            drawn.add(value > least ? value : Double.NaN);
        }
        return drawn;
    }

    private static double[] reversed(double[] values) {
        double[] out = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            out[i] = values[values.length - 1 - i];
        }
        return out;
    }

    private List<StudyReport.Line> curves(Function<Finding, List<Double>> y) {
        return findings.stream()
                .map(f -> new StudyReport.Line(f.variant().name(), y.apply(f), List.of()))
                .toList();
    }

    private static String format(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
