package org.coinflip.spark.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.storage.Sealed;
import org.coinflip.spark.checkpoint.Identity;
import org.coinflip.spark.output.Reason;
import org.coinflip.spark.output.Redaction;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.sweep.report.SweepReport;
import org.coinflip.spark.sweep.result.SweepResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The names of all that a sweep writes into its folder; its definition and summary, which are read where it goes on. Journal, checkpoints and best configurations have classes of their own. */
final class SweepFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SweepFiles.class);
    private static final String DEFINITION = "sweep.json";
    private static final String SUMMARY = "summary.json";
    private static final String KERNELS = "kernels";
    private static final String IDENTITY = "identity";

    private static final String TABLE = "table.parquet";

    /** All that a sweep writes. */
    static final String[] ALL = {
        DEFINITION,
        SUMMARY,
        "report.html",
        "table.csv",
        "journal/#.jsonl",
        "journal/#.jsonl.damaged",
        "checkpoints/trial-#-rung-#.bin",
        "best/#/experiment.conf",
        "best/#/summary.json",
        "best/#/model/model.json",
        "best/#/model/state.bin"
    };

    private final RunDirectory folder;

    SweepFiles(RunDirectory folder) {
        this.folder = folder;
    }

    /**
     * Whether they are of this sweep, with trials left to do or to be told again.
     *
     * @param again whether a sweep that is whole is no mistake
     */
    boolean areOf(SweepSpec spec, Identity identity, boolean again) {
        FileSystem files = folder.fileSystem();
        try {
            if (!files.exists(folder.path(DEFINITION))) {
                return false;
            }
            JsonNode definition = definition(files, folder.path(DEFINITION));
            identity.difference(definition.path(IDENTITY)).ifPresent(difference -> {
                throw new UsageException("output " + spec.output() + " holds another sweep (" + difference
                        + "), expected a new folder, or the same settings and data to go on with it:"
                        + " name another, where sweep.evidence takes results of this one along, or add overwrite=true");
            });
            if (!again && files.exists(folder.path(SUMMARY))) {
                JsonNode summary = summary(files, folder.path(SUMMARY));
                int trials = spec.trials(spec.sampler(), spec.scheduler());
                boolean whole = summary.path("status").asText().equals("done")
                        && summary.path("planned").asInt() == trials;
                if (whole) {
                    throw new UsageException("output " + spec.output() + " holds this sweep, all " + trials
                            + " trials done: ask for more by sweep.trials, name another output or add overwrite=true");
                }
            }
            return true;
        } catch (IOException e) {
            throw new UsageException(
                    "output " + spec.output() + " cannot be read (" + Reason.of(e)
                            + "), expected a folder of this machine or of a file system that answers: look at its"
                            + " permissions, or name another",
                    e);
        }
    }

    private static JsonNode definition(FileSystem files, Path path) throws IOException {
        String damage;
        try {
            JsonNode definition = read(files, path);
            damage = Sealed.damage(definition, false).orElse("");
            if (damage.isEmpty()) {
                return definition;
            }
        } catch (JsonProcessingException e) {
            damage = "it is no JSON";
        }
        throw new DataException(path + " is damaged (" + damage
                + "), expected what the sweep wrote: copy it again, or name another output");
    }

    /** What is damaged is as if it were not there: it is written anew from the journal. */
    private static JsonNode summary(FileSystem files, Path path) throws IOException {
        JsonNode summary;
        try {
            summary = read(files, path);
        } catch (JsonProcessingException e) {
            summary = MissingNode.getInstance();
        }
        Optional<String> damage = Sealed.damage(summary, false);
        damage.ifPresent(
                how -> System.err.println(path + " is damaged (" + how + "): it is written anew from the journal"));
        return damage.isPresent() ? MissingNode.getInstance() : summary;
    }

    private static JsonNode read(FileSystem files, Path path) throws IOException {
        try (InputStream in = files.open(path)) {
            return new ObjectMapper().readTree(in);
        }
    }

    /** Pictures: where they cannot be drawn, what they are of is kept. */
    void writeReport(Map<String, Object> keys, SweepResult result) {
        String page;
        try {
            page = SweepReport.html(keys, result);
        } catch (RuntimeException e) {
            LOG.warn("report.html cannot be drawn", e);
            System.err.println("warning: report.html cannot be drawn (" + Reason.of(e) + "); table.csv has all trials");
            return;
        }
        folder.write("report.html", page);
    }

    /** The same table as the CSV: where it cannot be written too, no trial is lost. */
    private void writeParquet(SweepResult result) {
        try {
            folder.clear(TABLE);
            folder.write(TABLE + "/part-00000.parquet", result.table()::parquet);
        } catch (UsageException e) {
            throw e;
        } catch (RuntimeException e) {
            folder.clear(TABLE);
            LOG.info("{} cannot be written", TABLE, e);
            System.err.println("warning: " + folder.path(TABLE) + " cannot be written (" + Reason.of(e)
                    + "); table.csv has the same rows");
        }
    }

    /** The kernels that the sweep began with, as it wrote them. */
    String kernels() {
        try {
            return read(folder.fileSystem(), folder.path(DEFINITION))
                    .path(KERNELS)
                    .asText();
        } catch (IOException e) {
            throw new DataException(
                    "sweep " + folder.path(DEFINITION) + " cannot be read (" + Reason.of(e)
                            + "), expected what the sweep wrote: look at its permissions and its file system",
                    e);
        }
    }

    void writeDefinition(Identity identity, KernelChoice kernels, SweepSpec spec) {
        Map<String, Object> definition = new LinkedHashMap<>();
        definition.put(IDENTITY, identity.keys());
        definition.put(KERNELS, kernels.rounding());
        definition.put("config", Redaction.redact(spec.file().config().root().unwrapped()));
        folder.writeSealed(DEFINITION, definition);
    }

    void writeTables(SweepResult result) {
        folder.write("table.csv", result.table()::csv);
        writeParquet(result);
    }

    void writeSummary(Map<String, Object> keys) {
        folder.writeSealed(SUMMARY, keys);
    }
}
