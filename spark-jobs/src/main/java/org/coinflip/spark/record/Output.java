package org.coinflip.spark.record;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.kernel.Product;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.spark.checkpoint.CheckpointFolder;
import org.coinflip.spark.checkpoint.Ending;
import org.coinflip.spark.checkpoint.Identity;
import org.coinflip.spark.checkpoint.Snapshot;
import org.coinflip.spark.checkpoint.TrainingStopped;
import org.coinflip.spark.experiment.CheckpointSpec;
import org.coinflip.spark.experiment.Resume;
import org.coinflip.spark.output.Reason;
import org.coinflip.spark.output.RunDirectory;
import org.coinflip.spark.tracking.TrainingTracking;

/**
 * The folder of a training: new, or that of one which was stopped and goes on.
 *
 * @param run the folder
 * @param spec how checkpoints are kept
 * @param checkpoints kept in it
 * @param start where to go on; empty where the training begins
 * @param identity all that the bits depend on
 */
public record Output(
        RunDirectory run,
        CheckpointSpec spec,
        CheckpointFolder checkpoints,
        Optional<Snapshot> start,
        Identity identity) {
    /** What a training writes. */
    private static final String[] FILES = {
        "metrics.jsonl",
        "report.html",
        "summary.json",
        "model/model.json",
        "model/state.bin",
        "checkpoints/round-#.bin",
        "checkpoints/round-#.json"
    };

    /** Refuses a folder that cannot be written, or whose training is not to go on; writes nothing. */
    public static RunDirectory folder(String output, boolean overwrite, Resume resume, Configuration conf) {
        if (overwrite && resume.isAsked()) {
            throw new UsageException("got overwrite=true and resume=" + resume.written()
                    + ", expected one of them: overwriting removes what could go on");
        }
        if (!resume.isAsked()) {
            return RunDirectory.at(output, overwrite, conf);
        }
        RunDirectory run = RunDirectory.resumed(output, conf);
        requireUnfinishedTraining(run);
        return run;
    }

    private static void requireUnfinishedTraining(RunDirectory run) {
        try {
            FileSystem files = run.fileSystem();
            // an object store shows a file that grows only when it is closed
            boolean training =
                    switch (run.state()) {
                        case FREE -> true;
                        case OURS -> !files.exists(run.path("sweep.json"))
                                && (files.exists(run.path("metrics.jsonl"))
                                        || files.exists(run.path("checkpoints"))
                                        || !files.exists(run.path("summary.json")));
                            // what was written before there were records: only checkpoints tell that it is a training's
                        case FOREIGN -> CheckpointFolder.isIn(run);
                    };
            if (!training) {
                throw new UsageException("output " + run.path("")
                        + " holds no training, expected one to go on with: name its folder, or leave out resume");
            }
        } catch (IOException e) {
            throw new DataException(
                    "output " + run.path("") + " cannot be read (" + Reason.of(e)
                            + "), expected a folder: look at its permissions and its file system",
                    e);
        }
    }

    /**
     * Finds where to go on; writes nothing.
     *
     * @param identity all that the bits depend on
     * @param length numbers of a state
     */
    public static Output of(RunDirectory run, CheckpointSpec spec, Resume resume, Identity identity, int length) {
        CheckpointFolder checkpoints = new CheckpointFolder(run, spec, identity);
        if (!resume.isAsked()) {
            return new Output(run, spec, checkpoints, Optional.empty(), identity);
        }
        checkpoints.requireMarks();
        Optional<Snapshot> start =
                resume.isLatest() ? checkpoints.latest() : Optional.of(checkpoints.named(resume.written()));
        if (start.isEmpty()) {
            FinishedTraining.requireSame(run, identity);
        }
        start.ifPresent(snapshot -> {
            if (snapshot.state() == null || snapshot.state().length != length) {
                throw new DataException("checkpoint of round " + snapshot.round() + " has another state, expected "
                        + length + " numbers: go on with the version that wrote it");
            }
            MetricsLog.require(snapshot.metrics(), snapshot.round(), "checkpoint of round " + snapshot.round());
        });
        return new Output(run, spec, checkpoints, start, identity);
    }

    /**
     * The kernels to train with: those of the checkpoint where the training goes on, otherwise the fastest. Says in a line where it goes
     * on with others, for then the bits are not those of an unbroken run.
     *
     * @param products of a step
     */
    public KernelChoice kernels(Arithmetic arithmetic, Supplier<Map<Product, Integer>> products) {
        if (start.isEmpty()) {
            return KernelChoice.of(arithmetic, products);
        }
        String before = start.get().kernels();
        KernelChoice choice = KernelChoice.goingOn(arithmetic, before, products);
        String now = choice.rounding();
        // checkpoints of before say no more than the library and the kernels
        if (!now.equals(before) && !before.contains(" kernels")) {
            System.err.println("kernels: the checkpoint was computed with " + before + ", this process has " + now
                    + ": last bits may differ from an unbroken run");
        }
        return choice;
    }

    /**
     * Makes the folder, or makes it ready to go on.
     *
     * @param ending from now on another process has to go on
     */
    public void open(Ending ending) {
        int after = start.map(Snapshot::round).orElse(0);
        ending.inHaste(0, () -> TrainingStopped.early(ending.by(), after));
        checkpoints.requireUnchanged();
        if (start.isPresent()) {
            run.adopt(FILES);
            // until it is at its end again
            run.withdraw("summary.json");
            // until it is written anew, where it still is asked for
            run.withdraw(TrainingTracking.FILE);
            checkpoints.goOnAfter(start.get().round());
        } else {
            run.create(FILES);
            checkpoints.begin();
        }
    }

    /** The settings that bits depend on: all but where things are and how they are kept. */
    public static Identity identity(Map<String, Object> experiment, Object data) {
        return Identity.of(identityKeys(experiment, data));
    }

    public static Map<String, Object> identityKeys(Map<String, Object> experiment, Object data) {
        Map<String, Object> keys = new TreeMap<>(experiment);
        keys.keySet().removeAll(List.of("name", "output", "overwrite", "resume", "checkpoint", "tracking"));
        Map<String, Object> averaging = new TreeMap<>();
        ((Map<?, ?>) keys.get("averaging")).forEach((key, value) -> averaging.put((String) key, value));
        averaging.remove("partitions");
        averaging.remove("storage");
        Map<Object, Object> training = new TreeMap<>((Map<?, ?>) keys.get("training"));
        training.remove(TrainingSpec.MAX_SECONDS);
        keys.put("training", training);
        // what was there before the key was: the bits of such trainings are meant
        keys.remove("arithmetic", "fast");
        keys.put("averaging", averaging);
        keys.put("data", data);
        return keys;
    }
}
