package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.Updating;
import org.coinflip.model.memory.Floats;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Crews that are threads of one process, joined by a wire that takes its time: whatever the torus, all have the state that one process makes. */
@Tag("numerical")
class ExchangeTest {
    private static final Updating KERNELS = Backend.detect().updating();
    private static final int ROUNDS = 3;
    private static final Meeting.Patience PATIENCE = waited -> assertTrue(waited < 60_000_000_000L, "nothing came");

    /** The crews, and their wire. */
    private static final class Crews {
        private final int workers;
        private final int length;
        private final Torus torus;
        private final Roster roster;
        private final List<Inbox> inboxes;
        private final ExecutorService wires;
        private final AtomicLong messages = new AtomicLong();
        private final AtomicLong numbers = new AtomicLong();

        Crews(Torus torus, int workers, int length, long seed, ExecutorService wires) {
            this.torus = torus;
            this.workers = workers;
            this.length = length;
            this.wires = wires;
            int crews = torus.sides().stream().reduce(1, (a, b) -> a * b);
            List<List<Integer>> parts = new ArrayList<>();
            for (int c = 0; c < crews; c++) {
                parts.add(new ArrayList<>());
            }
            Random random = new Random(seed);
            for (int w = 0; w < workers; w++) {
                // consecutive, as tasks have them, or anyone's: every crew has one at least
                parts.get(w < crews ? w : seed % 2 == 0 ? random.nextInt(crews) : w * crews / workers)
                        .add(w);
            }
            roster = new Roster(IntStream.range(0, crews)
                    .mapToObj(c -> new Roster.Entry(
                            7,
                            c,
                            c,
                            "process " + c,
                            "" + c,
                            null,
                            parts.get(c).stream().mapToInt(Integer::intValue).toArray()))
                    .toList());
            inboxes = IntStream.range(0, crews).mapToObj(c -> new Inbox()).toList();
        }

        private void carry(int peer, Parcel parcel, Floats... body) {
            messages.incrementAndGet();
            numbers.addAndGet(parcel.numbers());
            wires.execute(() -> {
                Parcel read = Parcel.read(parcel.write());
                Floats place = inboxes.get(peer).place(read);
                int at = 0;
                for (Floats part : body) {
                    if (part.length() > 0) {
                        place.view(at, part.length()).set(part);
                    }
                    at += part.length();
                }
                assertEquals(read.numbers(), at);
                inboxes.get(peer).arrived(read, place);
            });
        }

        /** What a crew has after each round, as a thread of its own. */
        List<float[]> run(int crew) {
            Exchange exchange = new Exchange(7, roster, torus, crew, this::carry, inboxes.get(crew), length);
            List<float[]> states = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                MergeTree tree = new MergeTree(roster.workers(), Merging.atOnce(KERNELS, new StatePool(length)));
                for (int worker : roster.crew(crew).get(0).workers()) {
                    tree.add(worker, worker(worker, round, length));
                }
                Floats next = Floats.allocate(length);
                exchange.begin(round, tree.partial(), next, crew == 0 && round == ROUNDS - 1, crew + 1);
                for (int i = 0; i < exchange.dimensions(); i++) {
                    exchange.reduce(i, PATIENCE);
                    exchange.merging().run(KERNELS, 0, exchange.sliceNow().count());
                }
                assertEquals(round == ROUNDS - 1, exchange.isLast(), "the first crew's word reaches all");
                assertEquals(roster.crews(), exchange.busiestNanos());
                assertEquals(exchange.slice(), exchange.sliceNow());
                RoundResult whole = exchange.result();
                RoundResult expected = whole(round);
                assertEquals(expected.examples(), whole.examples());
                assertEquals(expected.lossSum(), whole.lossSum());
                exchange.slice().of(next).set(whole.state());
                exchange.gather(next, PATIENCE);
                states.add(next.toArray());
            }
            return states;
        }

        RoundResult whole(int round) {
            MergeTree tree = new MergeTree(roster.workers(), Merging.atOnce(KERNELS, new StatePool(length)));
            for (int w = 0; w < workers; w++) {
                tree.add(w, worker(w, round, length));
            }
            return tree.root();
        }
    }

    private static RoundResult worker(int number, int round, int length) {
        Random random = new Random(31L * number + round);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        // some have had no examples
        int examples = number % 17 == 16 ? 0 : 1 + random.nextInt(100);
        Floats state = examples == 0 ? null : Floats.of(values);
        return new RoundResult(state, examples, 1, random.nextDouble(), WorkTimes.NONE, null);
    }

    private static Crews run(Torus torus, int workers, int length, long seed) throws Exception {
        ExecutorService wires = Executors.newFixedThreadPool(3);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            Crews crews = new Crews(torus, workers, length, seed, wires);
            List<Callable<List<float[]>>> all = new ArrayList<>();
            for (int c = 0; c < crews.roster.crews(); c++) {
                int crew = c;
                all.add(() -> crews.run(crew));
            }
            List<Future<List<float[]>>> done = threads.invokeAll(all, 2, TimeUnit.MINUTES);
            for (int round = 0; round < ROUNDS; round++) {
                float[] expected = crews.whole(round).state().toArray();
                for (Future<List<float[]>> crew : done) {
                    assertArrayEquals(expected, crew.get().get(round));
                }
            }
            return crews;
        } finally {
            wires.shutdownNow();
            threads.shutdownNow();
        }
    }

    @Test
    void everyTorusGivesTheBitsOfOneProcess() throws Exception {
        for (Torus torus : List.of(
                new Torus(List.of(2)),
                new Torus(List.of(7)),
                new Torus(List.of(2, 2)),
                new Torus(List.of(3, 2)),
                new Torus(List.of(2, 3)),
                new Torus(List.of(2, 2, 2)),
                new Torus(List.of(4, 3, 2)))) {
            int crews = torus.sides().stream().reduce(1, (a, b) -> a * b);
            for (int workers : new int[] {crews, 2 * crews + 1, 40}) {
                for (int length : new int[] {1, 40, 1003}) {
                    run(torus, workers, length, workers + length);
                }
            }
        }
    }

    /** 2 P (m − 1) / m numbers out of each crew, where workers of a side are a subtree, in 2 Σ (f − 1) messages. */
    @Test
    void bytesAreThoseOfALineAndMessagesAreFewer() throws Exception {
        int length = 16 * 16 * 4;
        for (Torus torus : List.of(new Torus(List.of(16)), new Torus(List.of(4, 4)), new Torus(List.of(2, 2, 2, 2)))) {
            Crews crews = run(torus, 16, length, 1);
            assertEquals(16L * ROUNDS * 2 * torus.messages(), crews.messages.get());
            assertEquals(ROUNDS * 2L * length * 15, crews.numbers.get());
        }
    }

    /** A round in which a worker diverged has no state: all know it, and the next goes on in the same memory. */
    @Test
    void divergenceIsTold() throws Exception {
        Torus torus = new Torus(List.of(2, 2));
        ExecutorService wires = Executors.newFixedThreadPool(2);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            Crews crews = new Crews(torus, 4, 64, 1, wires);
            List<Callable<String>> all = new ArrayList<>();
            for (int c = 0; c < 4; c++) {
                int crew = c;
                all.add(() -> {
                    Exchange exchange =
                            new Exchange(7, crews.roster, torus, crew, crews::carry, crews.inboxes.get(crew), 64);
                    RoundResult mine = crew == 2
                            ? new RoundResult(null, 1, 1, 0, WorkTimes.NONE, "worker 2 diverged")
                            : worker(crew, 0, 64);
                    exchange.begin(0, Map.of(MergeTree.Node.of(crew), mine), Floats.allocate(64), true, 1);
                    for (int i = 0; i < exchange.dimensions(); i++) {
                        exchange.reduce(i, PATIENCE);
                        exchange.merging().run(KERNELS, 0, exchange.sliceNow().count());
                    }
                    exchange.end();
                    assertEquals(null, exchange.result().state());
                    return exchange.result().divergence();
                });
            }
            for (Future<String> why : threads.invokeAll(all, 1, TimeUnit.MINUTES)) {
                assertEquals("worker 2 diverged", why.get());
            }
        } finally {
            wires.shutdownNow();
            threads.shutdownNow();
        }
    }
}
