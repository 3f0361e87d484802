package org.coinflip.spark.sweep.scheduler;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** The configurations that reached a rung, the best first, and which of them went on. */
final class Rung {
    private record Entry(double value, int configuration) {}

    private final TreeSet<Entry> entries =
            new TreeSet<>(Comparator.comparingDouble(Entry::value).thenComparingInt(Entry::configuration));
    private final Set<Integer> promoted = new HashSet<>();
    private int failures;

    void add(int configuration, double value) {
        if (Double.isNaN(value)) {
            failures++;
        } else {
            entries.add(new Entry(value, configuration));
        }
    }

    /** Results that are in, failures too. */
    int size() {
        return entries.size() + failures;
    }

    /** The best configuration that has not gone on and is among the best {@code count}, or −1. */
    int promotable(int count) {
        int rank = 0;
        for (Entry entry : entries) {
            if (rank++ == count) {
                break;
            }
            if (!promoted.contains(entry.configuration)) {
                return entry.configuration;
            }
        }
        return -1;
    }

    void promote(int configuration) {
        promoted.add(configuration);
    }

    /** The middle value: the upper one of two. NaN where nothing is in. */
    double median() {
        int middle = entries.size() / 2;
        for (Entry entry : entries) {
            if (middle-- == 0) {
                return entry.value;
            }
        }
        return Double.NaN;
    }
}
