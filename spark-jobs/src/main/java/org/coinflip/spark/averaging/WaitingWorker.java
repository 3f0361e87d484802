package org.coinflip.spark.averaging;

import java.util.concurrent.TimeUnit;
import org.coinflip.model.example.ExampleStore;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.Floats;
import org.coinflip.spark.round.RoundResult;
import org.coinflip.spark.round.RoundWorker;
import org.coinflip.spark.round.WorkTimes;
import org.coinflip.spark.state.StatePool;

/**
 * A drill: takes no step, waits as long as steps would take, and gives back the state that it was given. What is timed of its rounds is
 * their end, and hosts may share a processor.
 *
 * @param waitNanos how long it waits in a round
 * @param kernels what a round's end is computed with
 */
public record WaitingWorker(long waitNanos, KernelChoice kernels) implements RoundWorker {
    @Override
    public RoundResult run(
            Floats start, int number, ExampleStore shard, int round, double rateFactor, Floats kept, StatePool pool) {
        long began = System.nanoTime();
        try {
            TimeUnit.NANOSECONDS.sleep(waitNanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SpanBroken("a task was interrupted", e);
        }
        long waited = System.nanoTime() - began;
        Floats end = pool.take();
        end.set(start);
        return new RoundResult(end, 1, 1, 0, new WorkTimes(0, waited, 0), null);
    }
}
