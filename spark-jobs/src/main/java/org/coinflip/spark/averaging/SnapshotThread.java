package org.coinflip.spark.averaging;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.memory.Floats;
import org.coinflip.spark.evaluation.Validation;
import org.coinflip.spark.state.StatePool;

/** A background thread of an executor that scores the validation split and publishes snapshots, on a copy of the state, while training steps go on. */
final class SnapshotThread {
    private final Validation validation;
    private final Arithmetic arithmetic;
    private final StatePool pool;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread named = new Thread(task, "coinflip-snapshots");
        named.setDaemon(true);
        return named;
    });

    /**
     * @param validation null where nothing is looked at
     * @param pool where copies are taken from
     */
    SnapshotThread(Validation validation, Arithmetic arithmetic, StatePool pool) {
        this.validation = validation;
        this.arithmetic = arithmetic;
        this.pool = pool;
    }

    /**
     * Copies a state, and goes on by itself.
     *
     * @param state may change when this returns
     * @param use what is done with the copy, which is gone after it
     * @param failed told of what goes wrong, but for a {@link SpanBroken}: then nobody wants it any more
     */
    void later(Floats state, Consumer<Floats> use, Consumer<Throwable> failed) {
        Floats copy = pool.take();
        copy.set(state);
        thread.execute(() -> {
            try (FlushToZero flushing = arithmetic.begin()) {
                use.accept(copy);
            } catch (SpanBroken e) {
                // the driver wants nothing of the span any more
            } catch (Exception | Error e) {
                failed.accept(e);
            } finally {
                pool.give(copy);
            }
        });
    }

    /** Looks at a process's part of the validation split; in this thread alone. */
    Validation.Seen look(Floats state, int process, int processes) {
        return validation.look(state, process, processes);
    }
}
