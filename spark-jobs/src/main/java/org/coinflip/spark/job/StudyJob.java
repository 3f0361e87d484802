package org.coinflip.spark.job;

import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.study.StudyRun;
import org.coinflip.spark.study.StudySpec;
import picocli.CommandLine.Command;

/** {@code study.sh}: measures the library itself. */
@Command(
        name = "study",
        mixinStandardHelpOptions = true,
        description = "Runs a study: a measurement of the library itself, as Spark tasks.",
        footer = {
            "",
            "Writes summary.json, report.html and the study's own files to output.",
            "Keys: name, seed, output, overwrite, study { type, … }.",
            "study.type=estimators holds gradient estimators to exact gradients: certificate.csv and certificate.parquet;",
            "conf/studies/estimators.conf is the one whose table is in docs/estimators.md.",
            "study.type=early-inference holds early inference to back-propagated errors: early-inference.csv;",
            "conf/studies/early-inference.conf.",
            "study.type=curvature compares the Hessians of networks with and without transformed units; conf/studies/curvature.conf.",
            "study.type=retrieval finds documents by the codes of trained networks; conf/studies/retrieval.conf.",
            "study.type=scaling measures what a round costs on this cluster and predicts larger ones; conf/studies/scaling.conf.",
            "--help KEY says what a key or a section is, such as study.type; docs/reference.md has all.",
            "Exit codes: 0 done, 2 usage, 3 data, 1 anything else, such as a claim that does not hold."
        })
public final class StudyJob extends JobCommand {
    /** Runs the command line and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(run(new StudyJob(), arguments));
    }

    @Override
    void execute(Ending ending) {
        StudySpec spec = StudySpec.read(config());
        StudyRun study = StudyRun.prepare(spec);
        try (LiveSession session = session("coinflip study " + spec.name(), ending)) {
            study.run(session.spark());
        }
    }
}
