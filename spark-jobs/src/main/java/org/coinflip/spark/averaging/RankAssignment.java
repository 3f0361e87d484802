package org.coinflip.spark.averaging;

import java.io.Serializable;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which tasks make the process group of a span: in the order of their numbers, by the processes that they run in; those of one process are a {@link ProcessRanks}. */
final class RankAssignment implements Serializable {
    private static final long serialVersionUID = 1L;

    /**
     * A task that is ready.
     *
     * @param span its id
     * @param task number of the task in its job
     * @param attempt Spark's number of this try at it
     * @param process id of its process, which no other has
     * @param executor Spark's name of that process
     * @param address where other processes reach it; null where there are none
     * @param workers the numbers of its workers
     */
    record Entry(
            long span, int task, long attempt, String process, String executor, Wire.Address address, int[] workers)
            implements Serializable {}

    private final List<List<Entry>> processes;
    private final BitSet workers = new BitSet();

    RankAssignment(Iterable<Entry> entries) {
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
        processes = byProcess.values().stream()
                .sorted(Comparator.comparingInt(
                        (List<Entry> process) -> process.get(0).task()))
                .toList();
    }

    int processes() {
        return processes.size();
    }

    int tasks() {
        return processes.stream().mapToInt(List::size).sum();
    }

    /** A process's tasks. */
    List<Entry> process(int process) {
        return processes.get(process);
    }

    /** The number of a process, by its id. */
    int processOf(String process) {
        for (int c = 0; c < processes.size(); c++) {
            if (processes.get(c).get(0).process().equals(process)) {
                return c;
            }
        }
        throw new IllegalArgumentException("no task of the span runs in process " + process);
    }

    /** All workers that have examples; not a copy. */
    BitSet workers() {
        return workers;
    }
}
