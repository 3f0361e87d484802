package org.coinflip.spark.averaging;

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
import org.coinflip.model.kernel.operation.Updating;
import org.coinflip.model.memory.Floats;
import org.coinflip.spark.round.MergeTree;
import org.coinflip.spark.round.Merging;
import org.coinflip.spark.round.RoundResult;
import org.coinflip.spark.round.WorkTimes;
import org.coinflip.spark.state.StatePool;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Processes that are threads of one process, joined by a wire that takes its time: whatever the torus, all have the state that one process makes. */
@Tag("numerical")
class TorusAllReduceTest {
    private static final Updating KERNELS = Backend.detect().updating();
    private static final int ROUNDS = 3;
    private static final LocalBarrier.Patience PATIENCE =
            waited -> assertTrue(waited < 60_000_000_000L, "nothing came");

    /** The processes, and their wire. */
    private static final class Processes {
        private final int workers;
        private final int length;
        private final Torus torus;
        private final RankAssignment assignment;
        private final List<Inbox> inboxes;
        private final ExecutorService wires;
        private final AtomicLong messages = new AtomicLong();
        private final AtomicLong numbers = new AtomicLong();

        Processes(Torus torus, int workers, int length, long seed, ExecutorService wires) {
            this.torus = torus;
            this.workers = workers;
            this.length = length;
            this.wires = wires;
            int processes = torus.sides().stream().reduce(1, (a, b) -> a * b);
            List<List<Integer>> parts = new ArrayList<>();
            for (int c = 0; c < processes; c++) {
                parts.add(new ArrayList<>());
            }
            Random random = new Random(seed);
            for (int w = 0; w < workers; w++) {
                // consecutive, as tasks have them, or anyone's: every process has one at least
                parts.get(w < processes ? w : seed % 2 == 0 ? random.nextInt(processes) : w * processes / workers)
                        .add(w);
            }
            assignment = new RankAssignment(IntStream.range(0, processes)
                    .mapToObj(c -> new RankAssignment.Entry(
                            7,
                            c,
                            c,
                            "process " + c,
                            "" + c,
                            null,
                            parts.get(c).stream().mapToInt(Integer::intValue).toArray()))
                    .toList());
            inboxes = IntStream.range(0, processes).mapToObj(c -> new Inbox()).toList();
        }

        private void carry(int peer, MessageHeader head, Floats... body) {
            messages.incrementAndGet();
            numbers.addAndGet(head.numbers());
            wires.execute(() -> {
                MessageHeader read = MessageHeader.read(head.write());
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

        /** What a process has after each round, as a thread of its own. */
        List<float[]> run(int process) {
            TorusAllReduce exchange =
                    new TorusAllReduce(7, assignment, torus, process, this::carry, inboxes.get(process), length);
            List<float[]> states = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                MergeTree tree = new MergeTree(assignment.workers(), Merging.atOnce(KERNELS, new StatePool(length)));
                for (int worker : assignment.process(process).get(0).workers()) {
                    tree.add(worker, worker(worker, round, length));
                }
                Floats next = Floats.allocate(length);
                exchange.begin(round, tree.partial(), next, process == 0 && round == ROUNDS - 1, process + 1);
                for (int i = 0; i < exchange.dimensions(); i++) {
                    exchange.reduce(i, PATIENCE);
                    exchange.merging().run(KERNELS, 0, exchange.sliceNow().count());
                }
                assertEquals(round == ROUNDS - 1, exchange.isLast(), "the first process's word reaches all");
                assertEquals(assignment.processes(), exchange.busiestNanos());
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
            MergeTree tree = new MergeTree(assignment.workers(), Merging.atOnce(KERNELS, new StatePool(length)));
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

    private static Processes run(Torus torus, int workers, int length, long seed) throws Exception {
        ExecutorService wires = Executors.newFixedThreadPool(3);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            Processes processes = new Processes(torus, workers, length, seed, wires);
            List<Callable<List<float[]>>> all = new ArrayList<>();
            for (int c = 0; c < processes.assignment.processes(); c++) {
                int process = c;
                all.add(() -> processes.run(process));
            }
            List<Future<List<float[]>>> done = threads.invokeAll(all, 2, TimeUnit.MINUTES);
            for (int round = 0; round < ROUNDS; round++) {
                float[] expected = processes.whole(round).state().toArray();
                for (Future<List<float[]>> process : done) {
                    assertArrayEquals(expected, process.get().get(round));
                }
            }
            return processes;
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
            int processes = torus.sides().stream().reduce(1, (a, b) -> a * b);
            for (int workers : new int[] {processes, 2 * processes + 1, 40}) {
                for (int length : new int[] {1, 40, 1003}) {
                    run(torus, workers, length, workers + length);
                }
            }
        }
    }

    /** 2 P (m − 1) / m numbers out of each process, where workers of a side are a subtree, in 2 Σ (f − 1) messages. */
    @Test
    void bytesAreThoseOfALineAndMessagesAreFewer() throws Exception {
        int length = 16 * 16 * 4;
        for (Torus torus : List.of(new Torus(List.of(16)), new Torus(List.of(4, 4)), new Torus(List.of(2, 2, 2, 2)))) {
            Processes processes = run(torus, 16, length, 1);
            assertEquals(16L * ROUNDS * 2 * torus.messages(), processes.messages.get());
            assertEquals(ROUNDS * 2L * length * 15, processes.numbers.get());
        }
    }

    /** A round in which a worker diverged has no state: all know it, and the next goes on in the same memory. */
    @Test
    void divergenceIsTold() throws Exception {
        Torus torus = new Torus(List.of(2, 2));
        ExecutorService wires = Executors.newFixedThreadPool(2);
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            Processes processes = new Processes(torus, 4, 64, 1, wires);
            List<Callable<String>> all = new ArrayList<>();
            for (int c = 0; c < 4; c++) {
                int process = c;
                all.add(() -> {
                    TorusAllReduce exchange = new TorusAllReduce(
                            7,
                            processes.assignment,
                            torus,
                            process,
                            processes::carry,
                            processes.inboxes.get(process),
                            64);
                    RoundResult mine = process == 2
                            ? new RoundResult(null, 1, 1, 0, WorkTimes.NONE, "worker 2 diverged")
                            : worker(process, 0, 64);
                    exchange.begin(0, Map.of(MergeTree.Node.of(process), mine), Floats.allocate(64), true, 1);
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
