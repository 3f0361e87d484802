package org.coinflip.spark.averaging;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.coinflip.model.memory.Floats;
import org.coinflip.spark.state.StatePool;

/** Messages received from the other processes of a span, until they are asked for. Thread-safe. */
final class Inbox {
    private static final long NAP_MILLIS = 20;

    private record Label(int round, MessageHeader.Kind kind, int process) {}

    /** A head that came, with its numbers; null where it has none. */
    record Delivery(MessageHeader head, Floats numbers) {}

    private final Map<Label, Floats> places = new HashMap<>();
    private final Map<Label, Delivery> delivered = new HashMap<>();
    private final Map<Integer, StatePool> pools = new HashMap<>();
    private SpanBroken broken;

    /** Says where a head's numbers are to lie, before its sender can have sent it. */
    synchronized void expect(int round, MessageHeader.Kind kind, int process, Floats place) {
        places.put(new Label(round, kind, process), place);
    }

    /** Where a head's numbers are to lie; null where it has none. */
    synchronized Floats place(MessageHeader head) {
        if (head.numbers() == 0) {
            return null;
        }
        Floats place = places.remove(label(head));
        return place != null ? place : pool(head.numbers()).take();
    }

    synchronized void arrived(MessageHeader head, Floats numbers) {
        delivered.put(label(head), new Delivery(head, numbers));
        notifyAll();
    }

    /**
     * Waits for a head.
     *
     * @throws SpanBroken where its sender is lost
     */
    synchronized Delivery take(int round, MessageHeader.Kind kind, int process, LocalBarrier.Patience patience) {
        Label label = new Label(round, kind, process);
        long began = System.nanoTime();
        while (true) {
            Delivery delivery = delivered.remove(label);
            if (delivery != null) {
                return delivery;
            }
            if (broken != null) {
                throw new SpanBroken(broken.getMessage(), broken);
            }
            patience.check(System.nanoTime() - began);
            try {
                TimeUnit.MILLISECONDS.timedWait(this, NAP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SpanBroken("a task was interrupted", e);
            }
        }
    }

    /** Takes back numbers that lay in no place of the receiver's own. */
    synchronized void giveBack(Floats numbers) {
        pool(numbers.length()).give(numbers);
    }

    /** Lets nobody wait any more; the first reason counts. */
    synchronized void breakUp(SpanBroken why) {
        if (broken == null) {
            broken = why;
        }
        notifyAll();
    }

    private StatePool pool(int numbers) {
        return pools.computeIfAbsent(numbers, StatePool::new);
    }

    private static Label label(MessageHeader head) {
        return new Label(head.round(), head.kind(), head.process());
    }
}
