package org.coinflip.spark.reference;

import com.typesafe.config.Config;
import java.util.Locale;
import org.coinflip.model.settings.DeclarationObserver;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.comparison.ComparisonSpec;
import org.coinflip.spark.experiment.ConvertSpec;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.experiment.PrepareSpec;
import org.coinflip.spark.experiment.RewardExperiment;
import org.coinflip.spark.explanation.ExplanationSpec;
import org.coinflip.spark.inference.Evaluation;
import org.coinflip.spark.inference.PredictionSpec;
import org.coinflip.spark.league.LeagueRun;
import org.coinflip.spark.study.StudySpec;
import org.coinflip.spark.sweep.SweepSpec;
import org.coinflip.spark.sweep.trial.Programs;

/** The jobs, and how each reads its settings. */
enum JobSettings {
    PREPARE((root, observer) -> PrepareSpec.read(root)),
    TRAIN((root, observer) -> {
        if (root.has("environment")) {
            RewardExperiment.read(root);
        } else {
            Experiment.read(root);
        }
    }),
    EVALUATE((root, observer) -> Evaluation.read(root)),
    PREDICT((root, observer) -> PredictionSpec.read(root)),
    SWEEP((root, observer) -> {
        SweepSpec spec = SweepSpec.read(root);
        spec.firstSeed();
        spec.sampler();
        spec.scheduler();
        if (spec.program() != Programs.TRAIN) {
            spec.program().program().check(Section.root(spec.base(), observer));
        }
    }),
    LEAGUE((root, observer) -> LeagueRun.check(root)),
    STUDY((root, observer) -> StudySpec.read(root)),
    EXPLAIN((root, observer) -> ExplanationSpec.read(root)),
    COMPARE((root, observer) -> ComparisonSpec.read(root)),
    CONVERT((root, observer) -> ConvertSpec.read(root));

    /** Reads a whole file, and shows the observer what else the job reads. */
    private interface Reader {
        void read(Section root, DeclarationObserver observer);
    }

    private final Reader reader;

    JobSettings(Reader reader) {
        this.reader = reader;
    }

    /**
     * Reads settings as the job does.
     *
     * @throws org.coinflip.model.error.UsageException where the job refuses them
     */
    void read(Config settings, DeclarationObserver observer) {
        reader.read(Section.root(settings, observer), observer);
    }

    /** The job's name, as on the command line. */
    String jobName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
