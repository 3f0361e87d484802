package org.coinflip.spark.averaging;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskContext;
import org.coinflip.model.memory.Floats;
import org.coinflip.spark.round.ExampleStateStore;
import org.coinflip.spark.round.MergeTree;
import org.coinflip.spark.round.RoundResult;
import org.coinflip.spark.round.RoundSpan;
import org.coinflip.spark.round.RoundWorker;
import org.coinflip.spark.shard.Shards;
import org.coinflip.spark.state.StateBlocks;

/** One task (rank) of a span: takes its workers' steps of a round, one worker after another, and waits for the others. */
final class Rank {
    /** Times what its own round took, beyond which a task that waits takes the others for lost. */
    private static final int SLOWER = 20;

    private final ProcessRanks process;
    private final TaskContext task;
    private final List<Shards.Shard> shards;
    private final RoundWorker worker;
    private final ExampleStateStore exampleStates;
    private long busyNanos;

    Rank(
            ProcessRanks process,
            TaskContext task,
            List<Shards.Shard> shards,
            RoundWorker worker,
            ExampleStateStore exampleStates) {
        this.process = process;
        this.task = task;
        this.shards = shards;
        this.worker = worker;
        this.exampleStates = exampleStates;
    }

    SpanEnd run() {
        RoundSpan span = process.span();
        StateBlocks blocks = StateBlocks.here();
        process.begin(this::check);
        Floats[] kept = shards.stream()
                .map(shard -> exampleStates.take(blocks, span, shard))
                .toArray(Floats[]::new);
        int rank = process.rankOf(task.partitionId());
        while (!process.isOver()) {
            RoundHost.endIfKilled(task);
            long began = System.nanoTime();
            MergeTree tree = process.tree();
            busyNanos = 0;
            for (int s = 0; s < shards.size(); s++) {
                Shards.Shard shard = shards.get(s);
                RoundResult result = worker.run(
                        process.state(),
                        shard.worker(),
                        shard.examples(),
                        process.round(),
                        process.span().rateFactor(),
                        kept[s],
                        process.pool());
                if (s == shards.size() - 1) {
                    busyNanos = System.nanoTime() - began;
                    result = result.withTask(0, busyNanos);
                }
                tree.add(shard.worker(), result);
            }
            process.average(rank, tree.partial(), busyNanos, this::check);
        }
        if (process.isGood()) {
            for (int s = 0; s < shards.size(); s++) {
                exampleStates.give(blocks, span, shards.get(s).worker(), kept[s]);
            }
        }
        return rank == 0 ? process.leaveBehind() : new SpanEnd(process.round(), SnapshotPart.NOTHING);
    }

    private void check(long waitedNanos) {
        RoundHost.endIfKilled(task);
        long most = process.span().patienceNanos() + SLOWER * busyNanos;
        if (waitedNanos > most) {
            throw new SpanBroken("round " + (process.round() + 1) + " has been waited for "
                    + TimeUnit.NANOSECONDS.toSeconds(waitedNanos) + " s, of which its own part took "
                    + TimeUnit.NANOSECONDS.toMillis(busyNanos) + " ms");
        }
    }
}
