package org.coinflip.spark.train;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskContext;
import org.coinflip.model.memory.Floats;

/** One task (rank) of a stretch: takes its workers' steps of a round, one worker after another, and waits for the others. */
final class Member {
    /** Times what its own round took, beyond which a task that waits takes the others for lost. */
    private static final int SLOWER = 20;

    private final Crew crew;
    private final TaskContext task;
    private final List<Shards.Shard> shards;
    private final RoundWorker worker;
    private final Keeping keeping;
    private long busyNanos;

    Member(Crew crew, TaskContext task, List<Shards.Shard> shards, RoundWorker worker, Keeping keeping) {
        this.crew = crew;
        this.task = task;
        this.shards = shards;
        this.worker = worker;
        this.keeping = keeping;
    }

    StretchEnd run() {
        Stretch stretch = crew.stretch();
        StateBlocks blocks = StateBlocks.here();
        crew.begin(this::check);
        Floats[] kept = shards.stream()
                .map(shard -> keeping.take(blocks, stretch, shard))
                .toArray(Floats[]::new);
        int member = crew.memberOf(task.partitionId());
        while (!crew.isOver()) {
            RoundHost.endIfKilled(task);
            long began = System.nanoTime();
            MergeTree tree = crew.tree();
            busyNanos = 0;
            for (int s = 0; s < shards.size(); s++) {
                Shards.Shard shard = shards.get(s);
                RoundResult result = worker.run(
                        crew.state(),
                        shard.worker(),
                        shard.examples(),
                        crew.round(),
                        crew.stretch().rateFactor(),
                        kept[s],
                        crew.pool());
                if (s == shards.size() - 1) {
                    busyNanos = System.nanoTime() - began;
                    result = result.withTask(0, busyNanos);
                }
                tree.add(shard.worker(), result);
            }
            crew.average(member, tree.partial(), busyNanos, this::check);
        }
        if (crew.isGood()) {
            for (int s = 0; s < shards.size(); s++) {
                keeping.give(blocks, stretch, shards.get(s).worker(), kept[s]);
            }
        }
        return member == 0 ? crew.leaveBehind() : new StretchEnd(crew.round(), Left.NOTHING);
    }

    private void check(long waitedNanos) {
        RoundHost.endIfKilled(task);
        long most = crew.stretch().patienceNanos() + SLOWER * busyNanos;
        if (waitedNanos > most) {
            throw new StretchBroken("round " + (crew.round() + 1) + " has been waited for "
                    + TimeUnit.NANOSECONDS.toSeconds(waitedNanos) + " s, of which its own part took "
                    + TimeUnit.NANOSECONDS.toMillis(busyNanos) + " ms");
        }
    }
}
