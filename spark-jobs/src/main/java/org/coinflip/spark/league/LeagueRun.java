package org.coinflip.spark.league;

import com.typesafe.config.Config;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.settings.Section;
import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.output.HadoopConfiguration;
import org.coinflip.spark.output.Redaction;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.output.Versions;

/**
 * One run of a league: its folder with {@code summary.json}, {@code report.html}, {@code league.md}, {@code league.csv} and the sweeps it is made of below
 * {@code stages}. Started again with the same settings and output it goes on.
 */
public final class LeagueRun {
    private static final String[] FILES = {"summary.json", "report.html", "league.md", "league.csv"};
    private static final String BEGUN = "league begun";

    private final LeagueSpec spec;
    private final RunDirectory folder;
    private final boolean resumed;

    private LeagueRun(LeagueSpec spec, RunDirectory folder, boolean resumed) {
        this.spec = spec;
        this.folder = folder;
        this.resumed = resumed;
    }

    /** Refuses settings that no league can have; looks at no data. */
    public static void check(Section root) {
        LeagueSpec.read(root);
    }

    /** Checks settings and output; writes nothing. */
    public static LeagueRun prepare(Config file) {
        LeagueSpec spec = LeagueSpec.read(file);
        RunDirectory begun = RunDirectory.resumed(spec.output(), HadoopConfiguration.ofDriver());
        if (!spec.overwrite() && begun.hasNoted(BEGUN)) {
            return new LeagueRun(spec, begun, true);
        }
        return new LeagueRun(
                spec, RunDirectory.at(spec.output(), spec.overwrite(), HadoopConfiguration.ofDriver()), false);
    }

    /**
     * Runs what is left to do, table by table, and writes after each what there is.
     *
     * @param ending whether it is asked to end
     * @return what {@code summary.json} holds
     * @throws org.coinflip.spark.sweep.SweepStopped where it was asked to end before its time
     */
    public Map<String, Object> run(SparkSession session, Ending ending) {
        try (RunDirectory.Hold hold = folder.hold("league")) {
            return runHeld(session, ending);
        }
    }

    private Map<String, Object> runHeld(SparkSession session, Ending ending) {
        Instant started = Instant.now();
        long began = System.nanoTime();
        if (resumed) {
            folder.adopt(FILES);
        } else {
            folder.create(FILES);
            folder.note(BEGUN);
        }
        Stages stages = new Stages(spec, session, ending);
        List<LeagueTable> tables = new ArrayList<>();
        Map<String, Object> summary = Map.of();
        for (LeagueSpec.DataSet data : spec.dataSets()) {
            for (LeagueUnits units : spec.units()) {
                tables.add(LeagueTable.of(spec, stages, data, units));
                boolean whole =
                        tables.size() == spec.dataSets().size() * spec.units().size();
                summary = summary(
                        whole ? "done" : "running", started, (System.nanoTime() - began) / 1e9, session, tables);
                LeaguePage page = new LeaguePage(spec, tables);
                folder.write("league.csv", page.csv());
                folder.write("league.md", page.markdown());
                folder.write("report.html", page.report().html(summary));
            }
        }
        folder.writeSealed("summary.json", summary);
        System.out.printf(
                Locale.ROOT,
                "%s done: %d tables, %d rows; %.1f s%nreport %s%n",
                spec.name(),
                tables.size(),
                (Long) summary.get("rows"),
                (Double) summary.get("wallSeconds"),
                folder.path("report.html"));
        return summary;
    }

    private Map<String, Object> summary(
            String status, Instant started, double seconds, SparkSession session, List<LeagueTable> tables) {
        LeaguePage page = new LeaguePage(spec, tables);
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("job", "league");
        summary.put("name", spec.name());
        summary.put("status", status);
        summary.put("started", started.toString());
        summary.put("wallSeconds", seconds);
        summary.put("rows", page.rows());
        summary.put("tables", page.summary());
        summary.put("config", Redaction.redact(spec.write()));
        summary.put("versions", Versions.of(Backend.detect().name(), session.version()));
        return summary;
    }
}
