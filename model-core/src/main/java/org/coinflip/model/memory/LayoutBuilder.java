package org.coinflip.model.memory;

import java.util.ArrayList;
import java.util.List;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.memory.Segment.Role;

/** Collects the segments that layers ask for; parameters are laid before statistics, each in the order asked. */
public final class LayoutBuilder {
    private record Wish(String name, Role role, int rows, int columns, double rateScale, int blocks) {}

    private final List<Wish> wishes = new ArrayList<>();

    /** Asks for a segment; its name is how it is found again. */
    public LayoutBuilder add(String name, Role role, int rows, int columns, double rateScale) {
        return add(name, role, rows, columns, rateScale, 1);
    }

    /** The same for a segment of so many matrices, one under the other. @param rows of all */
    public LayoutBuilder add(String name, Role role, int rows, int columns, double rateScale, int blocks) {
        wishes.add(new Wish(name, role, rows, columns, rateScale, blocks));
        return this;
    }

    public Layout build() {
        List<Segment> segments = new ArrayList<>();
        int offset = 0;
        for (boolean parameter : new boolean[] {true, false}) {
            for (Wish wish : wishes) {
                Segment segment = new Segment(
                        wish.name,
                        wish.role,
                        offset,
                        wish.rows,
                        wish.columns,
                        wish.columns,
                        wish.rateScale,
                        wish.blocks);
                if (segment.isParameter() == parameter) {
                    segments.add(segment);
                    long end = offset + (long) wish.rows * wish.columns;
                    if (end > Integer.MAX_VALUE) {
                        throw new UsageException("network: got more than " + Integer.MAX_VALUE + " numbers with the "
                                + wish.rows + " × " + wish.columns + " of " + wish.name
                                + ", expected fewer: make layers smaller");
                    }
                    offset = (int) end;
                }
            }
        }
        return new Layout(segments, 1);
    }
}
