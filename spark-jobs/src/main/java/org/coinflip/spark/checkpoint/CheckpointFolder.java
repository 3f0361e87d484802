package org.coinflip.spark.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.output.WholeFile;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.experiment.CheckpointSpec;
import org.coinflip.spark.output.Reason;
import org.coinflip.spark.output.RunDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder {@code checkpoints/} of a run: {@code round-N.bin} ({@link StateFile}) and, written when that is whole, its {@link Mark}.
 * A file without a mark is none. Nothing is appended to and no rename need be atomic, so it is safe on an object store too. Keeps the latest
 * and the best. One process at a time writes to it: who holds the run's folder.
 */
public final class CheckpointFolder {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointFolder.class);

    /** A training goes on from its end when it is to be longer. */
    private static final String MAY_GROW = "training.epochs";

    private static final String METRICS = "metrics";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Noted in the folder's record once there is a checkpoint: from then on there always is one. */
    private static final String BEGUN = "checkpoint";

    private final RunDirectory run;
    private final FileSystem fileSystem;
    private final Path folder;
    private final CheckpointSpec spec;
    private final Identity identity;
    private final Marks marks;

    /**
     * Opens a folder, which need not be there; writes nothing.
     *
     * @param identity of the training whose checkpoints are written and read
     */
    public CheckpointFolder(RunDirectory run, CheckpointSpec spec, Identity identity) {
        this.run = run;
        this.fileSystem = run.fileSystem();
        this.folder = run.path("checkpoints");
        this.spec = spec;
        this.identity = identity;
        this.marks = new Marks(fileSystem, folder);
    }

    /** Whether a folder holds a checkpoint with its mark. */
    public static boolean isIn(RunDirectory run) {
        return !new Marks(run.fileSystem(), run.path("checkpoints")).rounds().isEmpty();
    }

    /**
     * Refuses a folder whose checkpoints have lost their marks; one that was killed before its first mark is none.
     *
     * @throws UsageException where there were marks and are none
     */
    public void requireMarks() {
        if (marks.rounds().isEmpty() && run.hasNoted(BEGUN)) {
            throw new UsageException(
                    "output " + folder + " has no marks round-….json, expected one beside each checkpoint"
                            + " round-….bin: put them back, or begin anew with overwrite=true");
        }
    }

    /**
     * Refuses a folder in which another process wrote checkpoints since it was opened.
     *
     * @throws UsageException where there are others than then
     */
    public void requireUnchanged() {
        if (!new Marks(fileSystem, folder).rounds().equals(marks.rounds())) {
            throw new UsageException("output " + folder
                    + " has other checkpoints than a moment ago: another job wrote there meanwhile; start again");
        }
    }

    /** Whether a look with this score would be kept among the best. */
    public boolean isAmongBest(double score) {
        List<Mark> best = marks.best(spec.best());
        return spec.best() > 0
                && !Double.isNaN(score)
                && (best.size() < spec.best()
                        || score < best.get(best.size() - 1).score());
    }

    /** Whether the checkpoint after so many rounds is there. */
    public boolean has(int round) {
        return marks.has(round);
    }

    /** Writes a checkpoint, and removes those that are no longer among the latest or the best. */
    public void write(Snapshot snapshot) {
        run.requireHeld();
        int round = snapshot.round();
        StateFile.Content content =
                new StateFile.Content(about(snapshot), snapshot.vectors(), Map.of(METRICS, snapshot.metrics()));
        AtomicReference<String> sha256 = new AtomicReference<>();
        try {
            WholeFile.write(fileSystem, file(round), out -> sha256.set(StateFile.write(out, content)));
            marks.add(new Mark(round, snapshot.score(), sha256.get()));
            run.note(BEGUN);
            for (int old : superfluous()) {
                remove(old);
            }
        } catch (IOException e) {
            throw new UsageException(
                    "checkpoint " + file(round) + " cannot be written (" + Reason.of(e) + "): " + Reason.remedy(e)
                            + "; then go on with resume=true",
                    e);
        }
    }

    private ObjectNode about(Snapshot snapshot) {
        ObjectNode about = JSON.createObjectNode();
        about.set("identity", identity.keys());
        about.put("kernels", snapshot.kernels());
        about.put("round", snapshot.round());
        about.put("examples", snapshot.examples());
        about.put("steps", snapshot.steps());
        about.put("nanos", snapshot.nanos());
        about.put("score", snapshot.score());
        return about;
    }

    private List<Integer> superfluous() {
        List<Integer> rounds = marks.rounds();
        Set<Integer> kept = new HashSet<>(rounds.subList(Math.max(0, rounds.size() - spec.keep()), rounds.size()));
        marks.best(spec.best()).forEach(mark -> kept.add(mark.round()));
        return rounds.stream().filter(round -> !kept.contains(round)).toList();
    }

    private void remove(int round) throws IOException {
        marks.remove(round);
        fileSystem.delete(file(round), false);
    }

    /**
     * Reads the latest checkpoint; none where there is none.
     *
     * @throws DataException where it is damaged
     * @throws UsageException where it is another training's
     */
    public Optional<Snapshot> latest() {
        List<Integer> rounds = marks.rounds();
        return rounds.isEmpty() ? Optional.empty() : Optional.of(read(rounds.get(rounds.size() - 1)));
    }

    /** Reads the latest checkpoint after so many rounds or fewer; none where there is none. */
    public Optional<Snapshot> upTo(int round) {
        OptionalInt before = marks.rounds().stream()
                .mapToInt(Integer::intValue)
                .filter(r -> r <= round)
                .max();
        return before.isPresent() ? Optional.of(read(before.getAsInt())) : Optional.empty();
    }

    /** Reads the checkpoint of this name. */
    public Snapshot named(String name) {
        List<Integer> rounds = marks.rounds();
        return rounds.stream()
                .filter(round -> Mark.name(round).equals(name))
                .findFirst()
                .map(this::read)
                .orElseThrow(() -> new UsageException("resume: got " + name + ", expected "
                        + (rounds.isEmpty()
                                ? "true, for there is no checkpoint in " + folder + ": name another output, or begin"
                                : "one of "
                                        + String.join(
                                                ", ",
                                                rounds.stream().map(Mark::name).toList())
                                        + " in " + folder)));
    }

    /** Reads the checkpoint with the best look at the validation split. */
    public Snapshot best() {
        return read(marks.best(1).get(0).round());
    }

    private Snapshot read(int round) {
        String name = "checkpoint " + file(round);
        StateFile.Content content;
        try {
            content = StateFileReader.read(fileSystem, file(round), name);
        } catch (DataException e) {
            throw new DataException(e.getMessage() + remedy(round), e);
        } catch (IOException e) {
            throw new DataException(name + " cannot be read (" + Reason.of(e) + ")" + remedy(round), e);
        }
        if (!marks.get(round).sha256().equals(content.sha256())) {
            throw new DataException(name + " has SHA-256 " + content.sha256() + ", expected "
                    + marks.get(round).sha256() + " as its mark says" + remedy(round));
        }
        JsonNode about = content.about();
        identity.differenceBut(about.path("identity"), MAY_GROW).ifPresent(difference -> {
            throw new UsageException(name + " is of another training (" + difference
                    + "), expected one of the same: give the settings that it was started with, or name another output"
                    + before(round)
                            .map(other -> ", or try the one before by resume=" + other)
                            .orElse(""));
        });
        if (about.path("round").asInt() != round || !content.blobs().containsKey(METRICS)) {
            throw new DataException(
                    name + " is not of the round that its name says, or lacks its metrics" + remedy(round));
        }
        return new Snapshot(
                about.path("round").asInt(),
                about.path("examples").asLong(),
                about.path("steps").asLong(),
                about.path("nanos").asLong(),
                about.path("score").asDouble(Double.NaN),
                about.path("kernels").asText(),
                content.vectors(),
                content.blobs().get(METRICS));
    }

    private String remedy(int round) {
        return before(round)
                .map(other -> ": go on from the one before by resume=" + other)
                .orElse(": there is none before it, start again with overwrite=true");
    }

    private Optional<String> before(int round) {
        OptionalInt before = marks.rounds().stream()
                .mapToInt(Integer::intValue)
                .filter(other -> other < round)
                .max();
        return before.isPresent() ? Optional.of(Mark.name(before.getAsInt())) : Optional.empty();
    }

    /** Before a training begins in a folder that was made anew: what an overwritten run kept there is no measure for it. */
    public void begin() {
        marks.forget();
    }

    /** Before going on after so many rounds: removes later checkpoints, and what was being written when the process ended. */
    public void goOnAfter(int round) {
        try {
            for (int later : new ArrayList<>(marks.rounds())) {
                if (later > round) {
                    remove(later);
                }
            }
            marks.removeStrays();
        } catch (IOException e) {
            throw new UsageException(
                    "output " + folder + " cannot be changed (" + Reason.of(e) + "): check its permissions", e);
        }
    }

    private Path file(int round) {
        return new Path(folder, Mark.name(round) + Marks.FILE_ENDING);
    }
}
