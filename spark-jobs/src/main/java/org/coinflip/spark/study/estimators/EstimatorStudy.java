package org.coinflip.spark.study.estimators;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.report.StudyReport;
import org.coinflip.spark.study.Study;
import org.coinflip.spark.study.StudyOutcome;

/**
 * Estimator × function × logits, each a Spark task that draws estimates and holds their mean to the exact gradient and their variance to
 * the closed form, where the estimator claims so.
 *
 * @param subjects estimators and laws
 * @param functions losses
 * @param grid the logits of a function's middle unit
 * @param spread by how much the logits of neighbouring units differ
 * @param protocol how much is drawn in a cell
 * @param errorRate probability that some claim is found to fail although all hold
 * @param toy training curves of one unit
 */
public record EstimatorStudy(
        List<Subject> subjects,
        List<TestFunction> functions,
        List<Double> grid,
        double spread,
        Cell.Protocol protocol,
        double errorRate,
        ToyCurves toy)
        implements Study {
    public static final String TYPE = "estimators";

    public static EstimatorStudy read(Section section) {
        List<Subject> written =
                section.sections("estimators").stream().map(Subject::read).toList();
        List<Subject> subjects =
                section.flag("registered", true) ? Subject.union(Subject.registered(), written) : written;
        List<TestFunction> functions = new ArrayList<>();
        for (Section entry : section.sections("functions")) {
            functions.add(TestFunction.read(entry));
            entry.finish();
        }
        if (section.has("function")) {
            functions.add(TestFunction.read(section));
        }
        if (functions.isEmpty()) {
            throw section.wrong("functions", "at least one { function { type, … }, units, logits }");
        }
        if (subjects.isEmpty()) {
            throw section.wrong("estimators", "at least one { estimator, law }, or registered = true");
        }
        int batch = section.integer("batch", 256, 1, 1 << 16);
        int samples = section.integer("samples", 65536, 2 * batch, 1 << 30);
        if (samples % batch != 0) {
            throw section.wrong("samples", "a multiple of batch = " + batch);
        }
        List<Double> grid = TestFunction.finite(section, "grid", List.of(-3.0, -1.0, 0.0, 1.0, 3.0));
        EstimatorStudy study = new EstimatorStudy(
                subjects,
                List.copyOf(functions),
                grid,
                section.number("spread", 0.5, Range.FINITE),
                new Cell.Protocol(samples, batch, section.integer("burn-in", 500, 0, 1 << 20)),
                section.number("error-rate", 0.001, Range.FRACTION),
                ToyCurves.read(section.section("toy")));
        if (study.cells(0).isEmpty()) {
            throw section.wrong("estimators", "an estimator that serves a layer as wide as one of the functions");
        }
        return study;
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("samples", protocol.samples());
        keys.put("batch", protocol.batch());
        keys.put("burn-in", protocol.burnIn());
        keys.put("error-rate", errorRate);
        keys.put("grid", grid);
        keys.put("spread", spread);
        keys.put("estimators", subjects.stream().map(Subject::write).toList());
        keys.put("functions", functions.stream().map(TestFunction::write).toList());
        keys.put("toy", toy.write());
        return keys;
    }

    /** All tasks, in the order of the certificate. */
    List<Cell> cells(long seed) {
        List<Cell> cells = new ArrayList<>();
        for (int f = 0; f < functions.size(); f++) {
            TestFunction function = functions.get(f);
            List<double[]> places = places(function);
            for (int s = 0; s < subjects.size(); s++) {
                if (subjects.get(s).fits(function.units())) {
                    String network = Cell.network(subjects.get(s), function);
                    for (int p = 0; p < places.size(); p++) {
                        cells.add(new Cell(s, f, p, network, places.get(p), protocol, seed));
                    }
                }
            }
        }
        return cells;
    }

    private List<double[]> places(TestFunction function) {
        if (function.logits().isPresent()) {
            return List.of(function.logits().get().stream()
                    .mapToDouble(Double::doubleValue)
                    .toArray());
        }
        List<double[]> places = new ArrayList<>();
        for (double middle : grid) {
            double[] logits = new double[function.units()];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = middle + spread * (i - (logits.length - 1) / 2.0);
            }
            places.add(logits);
        }
        return places;
    }

    @Override
    public StudyOutcome run(SparkSession spark, RunDirectory folder, long seed) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        List<Cell> cells = cells(seed);
        List<CellMeasurement> measured =
                context.parallelize(cells, cells.size()).map(Cell::measure).collect();
        Certificate certificate = certify(measured);
        CertificateFiles.write(spark, folder, certificate);
        List<ToyCurves.Curve> curves = toy.draw(context, seed);
        if (!curves.isEmpty()) {
            folder.write("toy.csv", CertificateFiles.csv(toy.rows(curves)));
        }
        StudyReport report = new StudyReport();
        new CertificatePage(this, certificate, measured).show(report);
        toy.show(curves, report);
        Optional<String> failure = certificate.failure();
        long failed = certificate.rows().stream().filter(certificate::failed).count();
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("rows", certificate.rows().size());
        summary.put("comparisons", certificate.comparisons());
        summary.put("thresholdStandardErrors", certificate.threshold());
        summary.put("failedRows", failed);
        return new StudyOutcome(
                certificate.rows().size() + " rows, " + certificate.comparisons() + " comparisons, " + failed
                        + " failed",
                summary,
                report,
                failure);
    }

    private Certificate certify(List<CellMeasurement> measured) {
        List<CertificateRow> rows = new ArrayList<>();
        for (CellMeasurement one : measured) {
            Subject subject = subjects.get(one.cell().subject());
            Claims claims = subject.reading().claims();
            rows.addAll(Certificate.rows(subject, functions.get(one.cell().function()), claims, one));
        }
        return new Certificate(rows, errorRate);
    }
}
