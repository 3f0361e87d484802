package org.coinflip.spark.train;

import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.training.Score;

/**
 * Hands the driver what it wants after marked rounds, and looks at the validation split, in a thread of its own: steps go on from a state of which
 * this has a copy.
 */
final class Lookout {
    private final Validation validation;
    private final Arithmetic arithmetic;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread named = new Thread(task, "coinflip-lookout");
        named.setDaemon(true);
        return named;
    });

    /** @param validation null where nothing is looked at */
    Lookout(Validation validation, Arithmetic arithmetic) {
        this.validation = validation;
        this.arithmetic = arithmetic;
    }

    /**
     * Hands over the state after a round, and goes on by itself.
     *
     * @param crew which of {@code crews} this is
     * @param state may change when this returns
     * @param memory this crew's part of the outer optimiser's memory, a copy; null where there is none
     * @param from where that part begins
     * @param failed told of what goes wrong
     */
    void hand(
            Stretch stretch,
            int round,
            int crew,
            int crews,
            Floats state,
            Floats memory,
            int from,
            StatePool pool,
            GangLine line,
            Consumer<Throwable> failed) {
        Floats copy = pool.take();
        copy.set(state);
        thread.execute(() -> {
            try (FlushToZero flushing = arithmetic.begin()) {
                Map<Integer, Score> scores = stretch.isLook(round) ? validation.scores(copy, crew, crews) : Map.of();
                StateBlocks blocks = StateBlocks.here();
                Left left = Left.publish(blocks, stretch.id(), "of" + round, crew == 0 ? copy : null, memory, from);
                line.hand(new Gang.Handed(stretch.id(), round, crew, scores, left));
                left.withdraw(blocks);
            } catch (StretchBroken e) {
                // the driver wants nothing of the stretch any more
            } catch (Exception | Error e) {
                failed.accept(e);
            } finally {
                pool.give(copy);
            }
        });
    }
}
