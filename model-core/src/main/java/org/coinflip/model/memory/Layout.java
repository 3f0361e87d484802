package org.coinflip.model.memory;

import java.util.ArrayList;
import java.util.List;

/**
 * The segments of a {@link State}, in order: first all parameters, then statistics, then the updater's memory. Immutable.
 *
 * @param segments contiguous, without gaps
 */
public record Layout(List<Segment> segments) {
    public Layout {
        segments = List.copyOf(segments);
        int offset = 0;
        boolean parameters = true;
        for (Segment segment : segments) {
            if (segment.offset() != offset || (segment.isParameter() && !parameters)) {
                throw new IllegalArgumentException("segment " + segment.name() + " at " + segment.offset()
                        + ", expected at " + offset + " and parameters first");
            }
            parameters = segment.isParameter();
            offset += segment.length();
        }
    }

    /** Numbers in a state. */
    public int length() {
        return segments.isEmpty()
                ? 0
                : segments.get(segments.size() - 1).offset()
                        + segments.get(segments.size() - 1).length();
    }

    /** Trained numbers: the first so many of a state. */
    public int parameters() {
        return segments.stream()
                .filter(Segment::isParameter)
                .mapToInt(Segment::length)
                .sum();
    }

    public Segment segment(String name) {
        return segments.stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no segment " + name + " in " + names()));
    }

    private List<String> names() {
        return segments.stream().map(Segment::name).toList();
    }

    /** This layout followed by an updater's memory: {@code copies} vectors as long as the parameters. */
    public Layout withUpdaterMemory(int copies) {
        List<Segment> all = new ArrayList<>(segments);
        int offset = length();
        for (int copy = 0; copy < copies; copy++) {
            all.add(new Segment("updater" + copy, Segment.Role.UPDATER, offset, 1, parameters(), 1));
            offset += parameters();
        }
        return new Layout(all);
    }
}
