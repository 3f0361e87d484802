package org.coinflip.spark.round;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.coinflip.model.error.DataException;
import org.coinflip.model.memory.Floats;
import org.coinflip.spark.shard.Shards;
import org.coinflip.spark.state.StateBlocks;

/**
 * Persistent per-example state on an executor: a worker's numbers are read as the span of rounds before left them, on whatever executor, changed in a
 * copy, and published for the next span. So a span that is run again reads the same input. {@link ExampleStateIndex} is the driver's side.
 */
public final class ExampleStateStore {
    /** Numbers that were published, and the broadcast with which; the next span reads them. */
    private record Published(long kept, Floats numbers) {}

    private final int perExample;
    private final Queue<Published> published = new ConcurrentLinkedQueue<>();
    private final Queue<Floats> idle = new ConcurrentLinkedQueue<>();

    /** @param perExample numbers that are kept of an example; 0 for none */
    public ExampleStateStore(int perExample) {
        this.perExample = perExample;
    }

    /** The name of a worker's block. */
    static String name(int worker) {
        return "kept" + worker;
    }

    /** What is kept of a worker's examples, for it to change; null where nothing is. */
    public Floats take(StateBlocks blocks, RoundSpan span, Shards.Shard shard) {
        if (perExample == 0) {
            return null;
        }
        recycle(span.before());
        Floats numbers = memory(perExample * shard.examples().size());
        if (span.before() == RoundSpan.NONE) {
            numbers.clear();
        } else if (!blocks.find(span.before(), name(shard.worker()), numbers)) {
            throw new DataException(
                    "got nothing that the last rounds kept of the examples of worker " + shard.worker()
                            + ", expected it on an executor: all that held it are gone, go on from the last checkpoint by resume=true");
        }
        return numbers;
    }

    /** Hands a worker's numbers on to the next span. */
    public void give(StateBlocks blocks, RoundSpan span, int worker, Floats numbers) {
        if (numbers != null) {
            blocks.keep(span.kept(), name(worker), numbers);
            published.add(new Published(span.kept(), numbers));
        }
    }

    private Floats memory(int length) {
        for (Floats numbers : idle) {
            if (numbers.length() == length && idle.remove(numbers)) {
                return numbers;
            }
        }
        return Floats.allocate(length);
    }

    private void recycle(long read) {
        for (Published old = published.peek(); old != null && old.kept() < read; old = published.peek()) {
            if (published.remove(old)) {
                idle.add(old.numbers());
            }
        }
    }
}
