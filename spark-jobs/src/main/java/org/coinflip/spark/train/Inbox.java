package org.coinflip.spark.train;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.coinflip.model.memory.Floats;

/** Messages received from the other processes of a stretch, until they are asked for. Thread-safe. */
final class Inbox {
    private static final long NAP_MILLIS = 20;

    private record Label(int round, Parcel.Kind kind, int crew) {}

    /** A parcel that came, with its numbers; null where it has none. */
    record Delivery(Parcel parcel, Floats numbers) {}

    private final Map<Label, Floats> places = new HashMap<>();
    private final Map<Label, Delivery> delivered = new HashMap<>();
    private final Map<Integer, StatePool> pools = new HashMap<>();
    private StretchBroken broken;

    /** Says where a parcel's numbers are to lie, before its sender can have sent it. */
    synchronized void expect(int round, Parcel.Kind kind, int crew, Floats place) {
        places.put(new Label(round, kind, crew), place);
    }

    /** Where a parcel's numbers are to lie; null where it has none. */
    synchronized Floats place(Parcel parcel) {
        if (parcel.numbers() == 0) {
            return null;
        }
        Floats place = places.remove(label(parcel));
        return place != null ? place : pool(parcel.numbers()).take();
    }

    synchronized void arrived(Parcel parcel, Floats numbers) {
        delivered.put(label(parcel), new Delivery(parcel, numbers));
        notifyAll();
    }

    /**
     * Waits for a parcel.
     *
     * @throws StretchBroken where its sender is lost
     */
    synchronized Delivery take(int round, Parcel.Kind kind, int crew, Meeting.Patience patience) {
        Label label = new Label(round, kind, crew);
        long began = System.nanoTime();
        while (true) {
            Delivery delivery = delivered.remove(label);
            if (delivery != null) {
                return delivery;
            }
            if (broken != null) {
                throw new StretchBroken(broken.getMessage(), broken);
            }
            patience.check(System.nanoTime() - began);
            try {
                TimeUnit.MILLISECONDS.timedWait(this, NAP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StretchBroken("a task was interrupted", e);
            }
        }
    }

    /** Takes back numbers that lay in no place of the receiver's own. */
    synchronized void giveBack(Floats numbers) {
        pool(numbers.length()).give(numbers);
    }

    /** Lets nobody wait any more; the first reason counts. */
    synchronized void breakUp(StretchBroken why) {
        if (broken == null) {
            broken = why;
        }
        notifyAll();
    }

    private StatePool pool(int numbers) {
        return pools.computeIfAbsent(numbers, StatePool::new);
    }

    private static Label label(Parcel parcel) {
        return new Label(parcel.round(), parcel.kind(), parcel.crew());
    }
}
