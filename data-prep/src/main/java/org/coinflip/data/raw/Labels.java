package org.coinflip.data.raw;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;

/**
 * The labels of a source's examples, or of those of one of its files: whole numbers, names of classes, or values, as many of each example. Numbers of which some are
 * negative (−1 and 1) are the names of classes, too.
 */
public final class Labels implements Serializable {
    private static final long serialVersionUID = 1L;

    /** In the place of an example's number while nothing is known of the others: numbers as they are, or the place of its name among {@link #names}. */
    private final int[] given;

    /** In the order in which they were met; empty where labels are numbers. */
    private final List<String> names;
    /** Row-major; null where labels are of classes. */
    private final float[] values;

    private Labels(int[] given, List<String> names, float[] values) {
        this.given = given;
        this.names = List.copyOf(names);
        this.values = values;
    }

    /** Of examples without labels. */
    public static Labels none(int examples) {
        int[] none = new int[examples];
        Arrays.fill(none, Examples.UNLABELLED);
        return new Labels(none, List.of(), null);
    }

    /** Whole numbers of at least 0, which are not copied. */
    public static Labels of(int[] numbers) {
        return new Labels(numbers, List.of(), null);
    }

    /** What outputs are held to, row-major; null where labels are of classes. */
    public float[] values() {
        return values;
    }

    /** Values an example; 0 where labels are of classes. */
    public int targets() {
        return values == null ? 0 : values.length / Math.max(1, given.length);
    }

    /** Takes labels one after another. */
    public static final class Builder {
        private final LabelType type;
        private final OptionalInt declared;
        private final int targets;
        private final Map<String, Integer> names = new HashMap<>();
        private final List<String> inOrder = new ArrayList<>();
        private int[] given = new int[16];
        private int size;
        private boolean areNames;
        /** Null where labels are of classes. */
        private float[] values;

        /**
         * Of no example yet.
         *
         * @param declared number of classes; absent where the labels decide
         * @param targets labels an example, of which there are several only where they are values
         */
        public Builder(LabelType type, OptionalInt declared, int targets) {
            this.type = type;
            this.declared = declared;
            this.targets = targets;
            this.values = type == LabelType.VALUES ? new float[given.length * targets] : null;
        }

        /**
         * Takes the next label, of values the first of an example.
         *
         * @param cell a text, a number or a truth value; null where there is none
         * @param wrong makes the exception of what was expected; the remedy is its own
         */
        public void add(Object cell, Function<String, DataException> wrong) {
            if (size == 0) {
                areNames = type.isOfNames(cell);
            }
            if (size == given.length) {
                given = Arrays.copyOf(given, Math.multiplyExact(2, size));
                values = values == null ? null : Arrays.copyOf(values, Math.multiplyExact(targets, given.length));
            }
            if (values != null) {
                values[size * targets] = value(cell, wrong);
                given[size++] = Examples.UNLABELLED;
                return;
            }
            given[size++] = areNames ? name(cell, wrong) : number(cell, wrong);
        }

        /** Takes value {@code target}, from 1, of the example whose first was taken last. */
        public void add(int target, Object cell, Function<String, DataException> wrong) {
            values[(size - 1) * targets + target] = value(cell, wrong);
        }

        private int name(Object cell, Function<String, DataException> wrong) {
            String name = cell == null ? "" : cell.toString();
            if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
                throw wrong.apply("the name of a class");
            }
            return names.computeIfAbsent(name, added -> {
                inOrder.add(added);
                return inOrder.size() - 1;
            });
        }

        private int number(Object cell, Function<String, DataException> wrong) {
            double value = Cell.number(cell);
            boolean isAdmitted = value < 0 ? value > -ClassCount.MOST : ClassCount.admits(declared, (long) value);
            if (value != Math.rint(value) || !isAdmitted) {
                throw wrong.apply(ClassCount.expected(declared));
            }
            return (int) value;
        }

        private static float value(Object cell, Function<String, DataException> wrong) {
            double number = cell instanceof Boolean truth ? (truth ? 1 : 0) : Cell.number(cell);
            float value = Cell.nearestFloat(cell, number);
            if (!Float.isFinite(value)) {
                throw wrong.apply("a finite number");
            }
            return value;
        }

        /** All that were taken. */
        public Labels done() {
            return new Labels(
                    Arrays.copyOf(given, size), inOrder, values == null ? null : Arrays.copyOf(values, size * targets));
        }
    }

    /**
     * What labels of all parts of a source say together.
     *
     * @param numbers the label of each class, ascending; empty where class c has the label c, or where classes have names
     * @param names the name of each class, ascending; empty where classes have numbers
     * @param classes how many there are
     */
    public record Classes(List<Integer> numbers, List<String> names, int classes) implements Serializable {
        /** Of examples without labels: none, whatever is declared. */
        public static final Classes UNLABELLED = new Classes(List.of(), List.of(), 0);

        /** Labels as examples have them: the places of names, or the numbers that the source has. */
        public int[] of(Labels labels) {
            if (names.isEmpty()) {
                return labels.given;
            }
            Map<String, Integer> places = new HashMap<>();
            names.forEach(name -> places.put(name, places.size()));
            int[] own = labels.names.stream().mapToInt(places::get).toArray();
            return Arrays.stream(labels.given)
                    .map(label -> labels.names.isEmpty() ? places.get(String.valueOf(label)) : own[label])
                    .toArray();
        }
    }

    /**
     * The classes of a source.
     *
     * @param parts labels of all its parts
     * @param declared number of classes; absent where the labels decide
     * @throws UsageException where classes have names and their number is declared
     * @throws DataException where some parts have names and some numbers
     */
    public static Classes classes(Collection<Labels> parts, OptionalInt declared, String path) {
        if (parts.stream().anyMatch(part -> part.values != null)) {
            return new Classes(List.of(), List.of(), 0);
        }
        boolean areNames = parts.stream().anyMatch(part -> !part.names.isEmpty());
        if (areNames && parts.stream().anyMatch(part -> part.names.isEmpty() && part.given.length > 0)) {
            throw new DataException(
                    path + ": labels are names in some files and numbers in others, expected the same in"
                            + " all: correct the files, or give data.label-type = names");
        }
        TreeSet<Integer> numbers = new TreeSet<>();
        if (!areNames) {
            parts.forEach(part -> Arrays.stream(part.given).forEach(numbers::add));
        }
        boolean areSigned = !numbers.isEmpty() && numbers.first() < 0;
        if (areNames || areSigned) {
            Stream<String> all = areNames
                    ? parts.stream().flatMap(part -> part.names.stream())
                    : numbers.stream().map(String::valueOf);
            List<String> sorted = all.distinct().sorted().toList();
            if (declared.isPresent()) {
                throw new UsageException("data.classes: got " + declared.getAsInt() + " for labels that are "
                        + (areNames ? "names" : "negative, some of them")
                        + ", expected none: leave it out, the " + (areNames ? "names" : "labels")
                        + " say how many there are");
            }
            return new Classes(List.of(), sorted, sorted.size());
        }
        if (declared.isPresent()) {
            return new Classes(List.of(), List.of(), declared.getAsInt());
        }
        boolean count = !numbers.isEmpty() && numbers.first() == 0 && numbers.last() == numbers.size() - 1;
        return new Classes(count ? List.of() : List.copyOf(numbers), List.of(), numbers.size());
    }
}
