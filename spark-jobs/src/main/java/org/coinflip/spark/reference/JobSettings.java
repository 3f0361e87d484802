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
import org.coinflip.spark.inference.Evaluation;
import org.coinflip.spark.inference.PredictionSpec;
import org.coinflip.spark.league.LeagueRun;
import org.coinflip.spark.study.StudySpec;
import org.coinflip.spark.sweep.SweepSpec;
import org.coinflip.spark.sweep.trial.Programs;

/** The jobs, and how each reads its settings. */
enum JobSettings {
    PREPARE {
        @Override
        void read(Config settings, DeclarationObserver observer) {
            PrepareSpec.read(Section.root(settings, observer));
        }
    },
    TRAIN {
        @Override
        void read(Config settings, DeclarationObserver observer) {
            Section root = Section.root(settings, observer);
            if (root.has("environment")) {
                RewardExperiment.read(root);
            } else {
                Experiment.read(Section.root(settings, observer));
            }
        }
    },
    EVALUATE {
        @Override
        void read(Config settings, DeclarationObserver observer) {
            Evaluation.read(Section.root(settings, observer));
        }
    },
    PREDICT {
        @Override
        void read(Config settings, DeclarationObserver observer) {
            PredictionSpec.read(Section.root(settings, observer));
        }
    },
    SWEEP {
        @Override
        void read(Config settings, DeclarationObserver observer) {
            SweepSpec spec = SweepSpec.read(Section.root(settings, observer));
            spec.firstSeed();
            spec.sampler();
            spec.scheduler();
            if (spec.program() != Programs.TRAIN) {
                spec.program().program().check(Section.root(spec.base(), observer));
            }
        }
    },
    LEAGUE {
        @Override
        void read(Config settings, DeclarationObserver observer) {
            LeagueRun.check(Section.root(settings, observer));
        }
    },
    STUDY {
        @Override
        void read(Config settings, DeclarationObserver observer) {
            StudySpec.read(Section.root(settings, observer));
        }
    },
    COMPARE {
        @Override
        void read(Config settings, DeclarationObserver observer) {
            ComparisonSpec.read(Section.root(settings, observer));
        }
    },
    CONVERT {
        @Override
        void read(Config settings, DeclarationObserver observer) {
            ConvertSpec.read(Section.root(settings, observer));
        }
    };

    /**
     * Reads settings as the job does.
     *
     * @throws org.coinflip.model.error.UsageException where the job refuses them
     */
    abstract void read(Config settings, DeclarationObserver observer);

    /** The job's name, as on the command line. */
    String jobName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
