package org.coinflip.spark.checkpoint;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Whether a job is asked to end before its time, and what becomes of it where it does not do so by itself. In any thread. */
@FunctionalInterface
public interface Ending extends BooleanSupplier {
    /** What asked, such as {@code SIGTERM}. */
    default String by() {
        return "SIGTERM";
    }

    /**
     * Says how the process ends where it is asked to and does not do so by itself.
     *
     * @param seconds how long it may go on by itself
     * @param last run then, while the job still runs: keeps what there is to keep, and says in a line how to go on
     */
    default void inHaste(long seconds, Supplier<String> last) {}

    /** From now on the process ends as soon as it is asked to, with nothing to keep. */
    default void atOnce() {}
}
