package org.coinflip.spark.study.energy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.coinflip.model.kernel.operation.FiringRate;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.report.StudyReport;
import org.coinflip.spark.study.StudyOutcome;

/** The tables and charts of the study. */
final class EarlyReport {
    /** Angles below are rounding: the study's numbers have nine digits. */
    private static final double LEAST_ANGLE = 1e-9;

    private final EarlyInferenceStudy study;
    private final List<Row> rows;

    EarlyReport(EarlyInferenceStudy study, List<Row> rows) {
        this.study = study;
        this.rows = rows;
    }

    StudyOutcome outcome(Optional<String> failure) {
        double earliest = study.times().get(0);
        double least = rows.stream()
                .filter(row -> row.time() == earliest
                        && row.cell().beta() == study.betas().get(0))
                .filter(row -> row.cell().temperature() == study.temperatures().get(0))
                .mapToDouble(row -> row.likeness().cosine())
                .min()
                .orElse(Double.NaN);
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("rows", rows.size());
        summary.put("leastCosine", least);
        summary.put("earliest", earliest);
        StudyReport report = new StudyReport();
        report.tile("Least cosine", String.format(Locale.ROOT, "%.6f", least), "at time " + earliest);
        report.tile(
                "Networks",
                String.valueOf(study.shape().depths().size() * study.rhos().size()),
                "random");
        overTime(report);
        int depth = study.shape().depths().get(study.shape().depths().size() - 1);
        report.chart(
                "1 − cosine over β",
                "depth " + depth + ", lowest layer, time " + middle() + ", no noise",
                new StudyReport.Axes("β", "1 − cosine", true),
                study.betas(),
                perRho(
                        beta -> rho ->
                                new Cell(depth, rho, beta, study.temperatures().get(0)),
                        study.betas()));
        report.chart(
                "1 − cosine over temperature",
                "depth " + depth + ", lowest layer, time " + middle() + ", mean of " + study.chains() + " chains",
                new StudyReport.Axes("T", "1 − cosine", true),
                study.temperatures(),
                perRho(t -> rho -> new Cell(depth, rho, study.betas().get(0), t), study.temperatures()));
        table(report, earliest);
        String line = String.format(Locale.ROOT, "%d rows, least cosine %.6f at time %s", rows.size(), least, earliest);
        return new StudyOutcome(line, summary, report, failure);
    }

    private double middle() {
        return study.times().get(study.times().size() / 2);
    }

    private void table(StudyReport report, double earliest) {
        List<List<String>> lines = new ArrayList<>();
        for (Row row : rows) {
            if (row.time() == earliest
                    && row.cell().beta() == study.betas().get(0)
                    && row.cell().temperature() == study.temperatures().get(0)) {
                lines.add(List.of(
                        String.valueOf(row.cell().depth()),
                        Section.name(row.cell().rho()),
                        String.valueOf(row.layer()),
                        String.format(Locale.ROOT, "%.6f", row.likeness().cosine()),
                        String.format(Locale.ROOT, "%.4f", row.likeness().ratio())));
            }
        }
        report.table(
                "At the earliest time",
                "displacements at time " + earliest + ", no noise, β = "
                        + study.betas().get(0) + ", against back-propagated errors times β t^(k+1)/(k+1)!",
                List.of("Depth", "ρ", "Layer", "Cosine", "Norm ratio"),
                lines);
    }

    /** One chart of cosines and one of norm ratios for each depth, a curve for each ρ and layer. */
    private void overTime(StudyReport report) {
        for (int depth : study.shape().depths()) {
            chart(report, "1 − cosine", true, depth, row -> angle(row.likeness().cosine()));
            chart(report, "Norm ratio", false, depth, row -> row.likeness().ratio());
        }
    }

    /** 1 − cosine, for a logarithmic axis; what is below is rounding. */
    private static double angle(double cosine) {
        return Math.max(1 - cosine, LEAST_ANGLE);
    }

    private void chart(StudyReport report, String what, boolean logarithmic, int depth, ToDoubleFunction<Row> value) {
        List<StudyReport.Line> lines = new ArrayList<>();
        for (FiringRate rho : study.rhos()) {
            Cell cell = new Cell(
                    depth, rho, study.betas().get(0), study.temperatures().get(0));
            for (int layer = depth; layer >= 1; layer--) {
                int at = layer;
                List<Double> y = rows.stream()
                        .filter(row -> row.cell().equals(cell) && row.layer() == at)
                        .map(value::applyAsDouble)
                        .toList();
                lines.add(new StudyReport.Line(Section.name(rho) + ", layer " + layer, y, List.of()));
            }
        }
        report.chart(
                what + " over time, depth " + depth,
                "no noise, β = " + study.betas().get(0),
                new StudyReport.Axes("time", what, logarithmic),
                study.times(),
                lines);
    }

    /** The lowest layer's 1 − cosine at the middle time, a curve for each ρ. */
    private List<StudyReport.Line> perRho(
            java.util.function.Function<Double, java.util.function.Function<FiringRate, Cell>> cells, List<Double> x) {
        List<StudyReport.Line> lines = new ArrayList<>();
        for (FiringRate rho : study.rhos()) {
            List<Double> y = x.stream()
                    .map(number -> angle(cells.apply(number).apply(rho)))
                    .toList();
            lines.add(new StudyReport.Line(Section.name(rho), y, List.of()));
        }
        return lines;
    }

    private double angle(Cell cell) {
        return rows.stream()
                .filter(row -> row.cell().equals(cell) && row.layer() == 1 && row.time() == middle())
                .mapToDouble(row -> angle(row.likeness().cosine()))
                .findFirst()
                .orElse(Double.NaN);
    }
}
