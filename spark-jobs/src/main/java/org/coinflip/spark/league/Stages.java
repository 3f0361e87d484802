package org.coinflip.spark.league;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.sweep.Sweep;
import org.coinflip.spark.sweep.SweepSpec;
import org.coinflip.spark.sweep.result.SweepResult;

/**
 * The sweeps that a league is made of, a folder each below the league's. One that is whole is not run again, but its journal told again, so that a league
 * that was stopped goes on where it was.
 */
final class Stages {
    /** Trials that may be outstanding when a scheduler decides: a part of the result, and so no setting of the cluster's. */
    private static final int WINDOW = 64;

    private final LeagueSpec spec;
    private final SparkSession session;
    private final Ending ending;

    Stages(LeagueSpec spec, SparkSession session, Ending ending) {
        this.spec = spec;
        this.session = session;
        this.ending = ending;
    }

    /**
     * Runs trials to the end of their training, or as far as successive halving within each estimator takes them.
     *
     * @param folder of the stage, below the league's
     * @param base the experiment
     * @param trials what each is given
     * @param halved whether they are
     * @param seed of the first replicate
     */
    SweepResult run(
            String folder, Config base, List<Map<String, Object>> trials, boolean halved, long seed, int replicates) {
        Map<String, Object> sweep = new LinkedHashMap<>();
        sweep.put("sampler", Map.of("type", "list", "configurations", trials));
        if (halved) {
            sweep.put(
                    "scheduler",
                    Map.of(
                            "type",
                            "successive-halving",
                            "within",
                            "name",
                            "least",
                            spec.search().least(),
                            "factor",
                            spec.search().factor()));
        }
        sweep.put("replicates", replicates);
        sweep.put("metric", spec.metric());
        sweep.put("window", WINDOW);
        sweep.put("space", Map.of());
        sweep.put("execution", spec.execution().root().unwrapped());
        Config whole = base.withValue("seed", ConfigValueFactory.fromAnyRef(seed))
                .withValue("name", ConfigValueFactory.fromAnyRef(spec.name() + " " + folder))
                .withValue("output", ConfigValueFactory.fromAnyRef(spec.output() + "/stages/" + folder))
                .withValue("overwrite", ConfigValueFactory.fromAnyRef(spec.overwrite()))
                .withValue("sweep", ConfigValueFactory.fromMap(sweep));
        return Sweep.prepare(SweepSpec.read(whole), true).result(session, ending);
    }
}
