package org.coinflip.spark.sweep;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.spark.sweep.trial.TrainingProgram;
import org.coinflip.spark.sweep.trial.TrialData;
import org.coinflip.spark.sweep.trial.TrialRecord;
import org.coinflip.spark.sweep.trial.TrialRequest;
import org.coinflip.spark.sweep.trial.TrialRunner;
import org.coinflip.spark.train.TrialTraining;

/** Trials that are large: one after another, each a data-parallel training with its workers in tasks. The same bits. */
final class JobExecution implements Execution {
    private final JavaSparkContext spark;
    private final TrialRunner runner;
    private final BlockingQueue<Event> events;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    JobExecution(JavaSparkContext spark, TrialRunner runner, BlockingQueue<Event> events) {
        this.spark = spark;
        this.runner = runner;
        this.events = events;
    }

    @Override
    public int capacity() {
        return 1;
    }

    @Override
    public boolean bundles() {
        return false;
    }

    @Override
    public void submit(List<TrialRequest> bundle) {
        thread.execute(() -> {
            List<TrialRecord> records = bundle.stream().map(this::run).toList();
            events.add(new Event(bundle, records, null));
        });
    }

    private TrialRecord run(TrialRequest request) {
        return runner.run(request, () -> {
            TrialData data = request.data().value();
            return TrainingProgram.run(
                    runner.settings(request),
                    request,
                    runner.checkpoints(),
                    (experiment, start, from, to) -> new TrialTraining(
                                    experiment, Optional.of(data.kernels()), data.shape(), data.valid(), data.test())
                            .run(spark, data.train(), start, from, to));
        });
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
