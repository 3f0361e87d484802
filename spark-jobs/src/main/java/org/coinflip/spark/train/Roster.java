package org.coinflip.spark.train;

import java.io.Serializable;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The members of a stretch's process group: its tasks in the order of their numbers (ranks), those of one process as a {@link Crew}. */
final class Roster implements Serializable {
    private static final long serialVersionUID = 1L;

    /**
     * A task that is ready.
     *
     * @param stretch its id
     * @param task number of the task in its job
     * @param attempt Spark's number of this try at it
     * @param process no other process has it
     * @param executor Spark's name of that process
     * @param address where other processes reach it; null where there are none
     * @param workers the numbers of its workers
     */
    record Entry(
            long stretch, int task, long attempt, String process, String executor, Wire.Address address, int[] workers)
            implements Serializable {}

    private final List<List<Entry>> crews;
    private final BitSet workers = new BitSet();

    Roster(Iterable<Entry> entries) {
        Map<Integer, Entry> ordered = new TreeMap<>();
        entries.forEach(entry -> ordered.put(entry.task(), entry));
        Map<String, List<Entry>> byProcess = new LinkedHashMap<>();
        for (Entry entry : ordered.values()) {
            byProcess
                    .computeIfAbsent(entry.process(), process -> new java.util.ArrayList<>())
                    .add(entry);
            for (int worker : entry.workers()) {
                workers.set(worker);
            }
        }
        crews = byProcess.values().stream()
                .sorted(Comparator.comparingInt(
                        (List<Entry> crew) -> crew.get(0).task()))
                .toList();
    }

    int crews() {
        return crews.size();
    }

    int tasks() {
        return crews.stream().mapToInt(List::size).sum();
    }

    /** A crew's tasks. */
    List<Entry> crew(int crew) {
        return crews.get(crew);
    }

    /** The crew that runs in a process. */
    int crewOf(String process) {
        for (int c = 0; c < crews.size(); c++) {
            if (crews.get(c).get(0).process().equals(process)) {
                return c;
            }
        }
        throw new IllegalArgumentException("no task of the stretch runs in process " + process);
    }

    /** All workers that have examples; not a copy. */
    BitSet workers() {
        return workers;
    }
}
