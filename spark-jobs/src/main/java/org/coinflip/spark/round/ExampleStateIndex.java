package org.coinflip.spark.round;

import java.util.Arrays;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.memory.Floats;
import org.coinflip.spark.checkpoint.Snapshot;
import org.coinflip.spark.state.StateBlocks;

/**
 * Persistent per-example state (such as the states of an energy-based network), as the driver sees it: executors hold the numbers in blocks ({@link ExampleStateStore}); the driver knows which span's
 * blocks are current, and fetches them for a checkpoint alone. As a vector, they are ordered by worker, each one's examples in ascending order of id.
 */
public final class ExampleStateIndex implements AutoCloseable {
    /** Its name among a trainer's vectors. */
    static final String VECTOR = "examples";

    private final JavaSparkContext spark;
    private final int perExample;
    private final int[] sizes;
    private Broadcast<Integer> before;
    private Broadcast<Integer> next;

    /**
     * @param perExample numbers that are kept of an example; 0 for none
     * @param sizes examples of each worker
     */
    public ExampleStateIndex(JavaSparkContext spark, int perExample, int[] sizes) {
        this.spark = spark;
        this.perExample = perExample;
        this.sizes = sizes;
        check(perExample, sizes);
    }

    /** Refuses more than a checkpoint's vector or a worker's memory can hold. */
    public static void check(int perExample, int[] sizes) {
        long all = perExample * Arrays.stream(sizes).asLongStream().sum();
        long most = perExample * (long) Arrays.stream(sizes).max().orElse(0);
        if (all > Integer.MAX_VALUE - 8 || most > (1 << 29) - 49) {
            throw new UsageException("network.layers: got " + perExample + " numbers to keep of each of "
                    + Arrays.stream(sizes).asLongStream().sum()
                    + " examples, expected fewer than 2^31 in all and 2^29 a worker: set persistent = false");
        }
    }

    /** Makes room for what a span will keep. Of what it reads the driver has what only one executor has by now. */
    public void begin() {
        if (perExample > 0) {
            secure();
            next = spark.broadcast(perExample);
        }
    }

    /** What only one executor has, the driver has too: until the next span's end, whatever is looked at in between, no loss of one executor ends the training. */
    private void secure() {
        for (int worker = 0; before != null && worker < sizes.length; worker++) {
            StateBlocks.here().secure(before.id(), ExampleStateStore.name(worker), perExample * sizes[worker]);
        }
    }

    /** Identifies the blocks that the coming span reads. */
    public long before() {
        return id(before);
    }

    /** Identifies the blocks that it writes. */
    public long next() {
        return id(next);
    }

    private static long id(Broadcast<Integer> owner) {
        return owner == null ? RoundSpan.NONE : owner.id();
    }

    /** @param good whether what the span kept counts; otherwise what was kept before it does */
    public void end(boolean good) {
        Broadcast<Integer> old = good && next != null ? before : next;
        before = good && next != null ? next : before;
        next = null;
        if (good) {
            secure();
        }
        if (old != null) {
            old.destroy();
        }
    }

    /** All that is kept. */
    public Map<String, float[]> memory() {
        if (before == null) {
            return Map.of();
        }
        float[] all = new float[perExample * Arrays.stream(sizes).sum()];
        int at = 0;
        for (int worker = 0; worker < sizes.length; worker++) {
            Floats numbers = Floats.allocate(perExample * sizes[worker]);
            if (sizes[worker] > 0 && !StateBlocks.here().find(before.id(), ExampleStateStore.name(worker), numbers)) {
                throw new IllegalStateException("what was kept of the examples of worker " + worker + " is gone");
            }
            numbers.get(0, all, at, numbers.length());
            at += numbers.length();
        }
        return Map.of(VECTOR, all);
    }

    /** Takes up what {@link #memory} gave in the process before. */
    public void restore(Map<String, float[]> vectors) {
        if (perExample == 0 || !vectors.containsKey(VECTOR)) {
            return;
        }
        Snapshot.requireLength(
                VECTOR, vectors.get(VECTOR), perExample * Arrays.stream(sizes).sum());
        begin();
        int at = 0;
        for (int worker = 0; worker < sizes.length; worker++) {
            Floats numbers = Floats.allocate(perExample * sizes[worker]);
            numbers.set(0, vectors.get(VECTOR), at, numbers.length());
            StateBlocks.here().keep(next.id(), ExampleStateStore.name(worker), numbers);
            at += numbers.length();
        }
        end(true);
    }

    @Override
    public void close() {
        if (before != null) {
            before.destroy();
        }
    }
}
