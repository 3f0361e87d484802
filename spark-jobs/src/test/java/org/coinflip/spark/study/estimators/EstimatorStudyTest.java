package org.coinflip.spark.study.estimators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.coinflip.model.estimator.Bias;
import org.coinflip.model.estimator.Claims;
import org.coinflip.model.estimator.registry.Estimators;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.study.StudyFailure;
import org.coinflip.spark.study.StudyRun;
import org.coinflip.spark.study.StudySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small certificates, in this process. The chance of a false alarm in a certificate is 0.001, and the seeds are fixed. */
@Tag("numerical")
class EstimatorStudyTest {
    private static final String SMALL =
            """
            seed = 3
            study {
              type = estimators, samples = 2048, batch = 64, burn-in = 40, grid = [-1]
              functions = [
                { function { type = quadratic } }
                { function { type = random-table }, units = 2 }
                { function { type = linear, weights = [1, -0.5, 2, 0.3] } }
              ]
              estimators = [
                { estimator { type = reinforce, baseline = none } }
                { estimator { type = rebar, temperature = 0.2, scale = 0.7, learning-rate = 0 } }
              ]
              toy { steps = 40, every = 20, samples = 16, replicas = 2, t = [0.45], estimators = [{ estimator = disarm }, { estimator = exact }] }
            }
            """;

    @TempDir
    private Path folder;

    private Map<String, Object> run(int slots, String settings, Path output) {
        StudySpec spec = StudySpec.read(ConfigFactory.parseString("output = \"" + output + "\"")
                .withFallback(ConfigFactory.parseString(settings)));
        try (LocalSpark spark = new LocalSpark(slots)) {
            return StudyRun.prepare(spec).run(spark.session());
        }
    }

    /** The certificate's lines without the times, which are no function of the seed. */
    private static List<String> lines(Path output) {
        try {
            List<String> all = Files.readAllLines(output.resolve("certificate.csv"));
            int nanos = Arrays.asList(all.get(0).split(",")).indexOf("nanos_per_example");
            return all.stream()
                    .map(line -> {
                        String[] fields = line.split(",", -1);
                        fields[nanos] = fields[nanos].startsWith("nanos") ? fields[nanos] : "";
                        return String.join(",", fields);
                    })
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyRegisteredEstimatorIsCertifiedWithTheSameBitsOnOneSlotAndTwo() throws IOException {
        Map<String, Object> summary = run(1, SMALL, folder.resolve("one"));
        run(2, SMALL, folder.resolve("two"));
        List<String> lines = lines(folder.resolve("one"));
        assertEquals(lines, lines(folder.resolve("two")));
        assertEquals(Files.readString(folder.resolve("one/toy.csv")), Files.readString(folder.resolve("two/toy.csv")));
        assertEquals("done", summary.get("status"));
        assertEquals(lines.size() - 1, summary.get("rows"));
        assertTrue(
                lines.get(0)
                        .startsWith("estimator,law,function,units,unit,logit,exact,mean,standard_error,variance,"
                                + "mean_squared_error,cosine,evaluations,gradients,nanos_per_example"),
                lines.get(0));
        Set<String> covered =
                lines.stream().map(line -> line.substring(0, line.indexOf(','))).collect(Collectors.toSet());
        assertTrue(covered.containsAll(Estimators.names()), "covered: " + covered);
        assertTrue(covered.contains("reinforce baseline=none"));
        assertTrue(Files.readString(folder.resolve("one/report.html")).contains("quadratic t&#x3D;0.45: variance"));
        assertTrue(Files.readString(folder.resolve("one/certificate.md")).contains("| disarm | bernoulli |"));
        assertTrue(Files.isDirectory(folder.resolve("one/certificate.parquet")));
    }

    private static final String ONE = "study { type = estimators, registered = false, toy.estimators = [], "
            + "samples = 4096, burn-in = 20, grid = [1], functions = [{ function { type = quadratic, t = 0.2 } }], "
            + "estimators = [{ estimator = %s }] }";

    private static EstimatorStudy study(String estimator) {
        return EstimatorStudy.read(Section.root(ConfigFactory.parseString(String.format(ONE, estimator)))
                .section("study"));
    }

    private static Certificate certify(String estimator, Claims claims) {
        EstimatorStudy study = study(estimator);
        CellMeasurement measured = study.cells(1).get(0).measure();
        Subject subject = study.subjects().get(0);
        return new Certificate(
                Certificate.rows(subject, study.functions().get(0), claims, measured), study.errorRate());
    }

    @Test
    void aFalseClaimFailsAndTheLineNamesTheRow() {
        Claims honest = study("straight-through").subjects().get(0).reading().claims();
        assertTrue(certify("straight-through", honest).failure().isEmpty());
        Claims unbiased = new Claims(honest.formula(), Bias.NONE, honest.cost(), honest.use(), honest.source());
        String line = certify("straight-through", unbiased).failure().orElseThrow();
        assertTrue(
                line.startsWith(
                        "certificate: straight-through on bernoulli, quadratic t=0.2, unit 1, logit 1.0: got a mean of "),
                line);
        assertTrue(line.contains("no bias claimed; family-wise error rate 0.001 over 1 comparisons"), line);
        assertEquals(1, line.lines().count());
    }

    @Test
    void aWrongVarianceFails() {
        Claims honest = study("disarm").subjects().get(0).reading().claims();
        assertTrue(certify("disarm", honest).failure().isEmpty());
        Claims wrong = honest.withVariance(unit -> 1.2 * honest.varianceOf(unit).orElseThrow());
        String line = certify("disarm", wrong).failure().orElseThrow();
        assertTrue(line.contains("got a variance of") && line.contains("that variance claimed"), line);
        assertEquals(1, new StudyFailure(line).exitCode());
    }

    /** A rectifier far below 0 is on in fewer samples than a mean can be tested with; a gradient that is larger than they explain is tested. */
    @Test
    void whatHardlyASampleSeesIsNotCertified() {
        EstimatorStudy study = EstimatorStudy.read(Section.root(ConfigFactory.parseString(
                        String.format(ONE, "pathwise, law = nrelu").replace("grid = [1]", "grid = [-1.75]")))
                .section("study"));
        Subject subject = study.subjects().get(0);
        TestFunction function = study.functions().get(0);
        Claims claims = subject.reading().claims();
        List<CertificateRow> rows = Certificate.rows(
                subject, function, claims, study.cells(1).get(0).measure());
        Certificate rare = new Certificate(rows, study.errorRate());
        assertEquals(-1.75, rows.get(0).logit());
        assertTrue(rows.get(0).isTooRare(), rows.get(0).toString());
        assertEquals("not certified: too rare for the sample", rare.verdict(rows.get(0)));
        assertEquals(0, rare.comparisons());

        // zeros where the exact gradient is not small
        CellMeasurement zeros = new CellMeasurement(study.cells(1).get(0), new double[] {1}, true, zeros(4096, 0.2));
        Certificate wrong = new Certificate(Certificate.rows(subject, function, claims, zeros), study.errorRate());
        assertEquals("FAILED: biased", wrong.verdict(wrong.rows().get(0)));
    }

    private static Moments zeros(int count, double exact) {
        Moments moments = new Moments(new double[] {exact});
        Matrix nothing = Matrix.padded(1, 1);
        for (int i = 0; i < count; i++) {
            moments.add(nothing, 0);
        }
        return moments;
    }

    /** What does not vary is held to rounding: an exact gradient that is off fails though it has no standard error. */
    @Test
    void anEstimateWithoutVarianceThatIsOffFails() {
        CellMeasurement measured = study("exact").cells(1).get(0).measure();
        CertificateRow row = certify(
                        "exact", study("exact").subjects().get(0).reading().claims())
                .rows()
                .get(0);
        assertEquals(0, row.deviation());
        assertEquals(measured.moments().mean(0), row.mean());
        assertTrue(row.variance() < 1e-15);
    }

    @Test
    void disarmVariesNoMoreThanArmOnAnyFunctionAndLogit() {
        String functions = "functions = [{ function { type = random-table, seed = 2 }, units = 3 }, "
                + "{ function { type = quadratic } }, { function { type = random-network }, units = 3 }]";
        EstimatorStudy study = EstimatorStudy.read(Section.root(ConfigFactory.parseString(
                        "study { type = estimators, registered = false, samples = 16384, grid = [-2, -0.5, 1, 3], "
                                + functions + ", estimators = [{ estimator = arm }, { estimator = disarm }] }"))
                .section("study"));
        Map<List<Object>, List<CellMeasurement>> byPlace = study.cells(5).stream()
                .map(Cell::measure)
                .collect(Collectors.groupingBy(
                        m -> List.of(m.cell().function(), m.cell().place())));
        assertEquals(12, byPlace.size());
        byPlace.values().forEach(pair -> {
            Moments arm = pair.get(0).moments();
            Moments disarm = pair.get(1).moments();
            for (int i = 0; i < pair.get(0).logits().length; i++) {
                double error = Math.hypot(arm.varianceError(i), disarm.varianceError(i));
                assertTrue(disarm.variance(i) <= arm.variance(i) + 4.5 * error);
            }
        });
    }

    @Test
    void theSameNoiseGoesToEveryEstimatorAndAnotherSeedHasAnother() {
        Cell cell = study("disarm").cells(1).get(0);
        Moments once = cell.measure().moments();
        assertEquals(once.mean(0), cell.measure().moments().mean(0));
        Cell other = study("disarm").cells(2).get(0);
        assertNotEquals(once.mean(0), other.measure().moments().mean(0));
    }

    /** Adam at 0.01 for 5,000 steps would take p to 0; in 400 with the exact gradient the loss falls step by step. */
    @Test
    void toyTrainedWithTheExactGradientFalls() {
        Toy toy = new Toy("{ type = exact }", 0.45, new Toy.Schedule(400, 100, 4, 0.01), 1);
        double[] loss = toy.train().loss();
        assertEquals(5, loss.length);
        assertEquals((0.55 * 0.55 + 0.45 * 0.45) / 2, loss[0], 1e-12);
        for (int i = 1; i < loss.length; i++) {
            assertTrue(loss[i] < loss[i - 1], Arrays.toString(loss));
        }
    }

    /** The shipped file is whole: it is read, covers the registry, and draws the toy for at least ten estimators. */
    @Test
    void theShippedConfigurationCoversTheRegistry() {
        StudySpec spec = StudySpec.read(ConfigFactory.parseFile(
                Path.of("../conf/studies/estimators.conf").toFile()));
        EstimatorStudy study = (EstimatorStudy) spec.study();
        Set<String> types = new LinkedHashSet<>();
        study.cells(1)
                .forEach(cell -> types.add(
                        study.subjects().get(cell.subject()).estimator().split(" ")[0]));
        assertEquals(Set.copyOf(Estimators.names()), types);
        assertTrue(study.toy().subjects().size() >= 10);
        assertEquals(List.of(0.45, 0.499), study.toy().targets());
    }

    @Test
    void refusesAStudyOfNothing() {
        assertThrows(
                org.coinflip.model.error.UsageException.class,
                () -> StudySpec.read(ConfigFactory.parseString("study { type = estimators }")));
    }
}
