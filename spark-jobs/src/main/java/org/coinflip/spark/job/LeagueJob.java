package org.coinflip.spark.job;

import com.typesafe.config.Config;
import java.util.Map;
import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.league.LeagueRun;
import picocli.CommandLine.Command;

/** {@code league.sh}: the gradient estimators against each other. */
@Command(
        name = "league",
        mixinStandardHelpOptions = true,
        description =
                "Trains with every gradient estimator, each with the same search of its learning rate, and says which are significantly different.",
        footer = {
            "",
            "Writes summary.json, report.html, league.md, league.csv and the sweeps that it is made of, below stages/, to output.",
            "Stopped at any moment, it goes on when it is started again with the same settings and output.",
            "Keys: an experiment's (see train.sh), whose stochastic layers have neither law nor estimator, and",
            "      league { units, data-sets { NAME { …, published } }, published, registered, estimators, without, rates, most-rates, least, factor,",
            "      replicates, metric, execution }.",
            "--help KEY says what a key or a section is, such as league.rates; docs/reference.md has all.",
            "docs/estimators.md says what they mean; conf/league/*.conf are examples.",
            "Exit codes: 0 done, 2 usage, 3 data, 5 stopped by SIGTERM, 1 anything else."
        })
public final class LeagueJob extends JobCommand {
    /** Runs the command line and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(run(new LeagueJob(), arguments));
    }

    @Override
    boolean goesOn() {
        return true;
    }

    @Override
    Map<String, String> settingsOfSpark() {
        return TRIED_ONCE;
    }

    @Override
    void execute(Ending ending) {
        Config config = config();
        if (!config.hasPath("league.data-sets")) {
            requireData(config);
        }
        LeagueRun league = LeagueRun.prepare(config);
        try (LiveSession session = session("coinflip league", ending)) {
            league.run(session.spark(), ending);
        }
    }
}
