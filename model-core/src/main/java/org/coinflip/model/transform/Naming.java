package org.coinflip.model.transform;

import java.io.Serializable;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.coinflip.model.error.DataException;

/**
 * What a source calls its features and its classes, so that other data of a trained network are read by name and not by place.
 *
 * @param columns the name of each feature, all different; empty where the source has no names
 * @param labels the label that each class has in the source, ascending; empty where class {@code c} has the label {@code c}
 * @param names the name that each class has in the source, ascending; empty where classes have numbers. Of examples with several values the name of each value, in their order
 * @param codes how the source's columns become features, in their order; empty where each is one number
 */
public record Naming(List<String> columns, List<Integer> labels, List<String> names, List<ColumnCode> codes)
        implements Serializable {
    /** Features have places only, and class {@code c} has the label {@code c}. */
    public static final Naming NONE = new Naming(List.of(), List.of());

    private static final int LISTED = 10;
    /** What a terminal may take for orders. */
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    public Naming {
        columns = List.copyOf(columns);
        labels = List.copyOf(labels);
        names = List.copyOf(names);
        requirePrintable("column", columns);
        codes = List.copyOf(codes);
        requirePrintable("class", names);
        if (!codes.isEmpty()
                && !columns.equals(
                        codes.stream().flatMap(code -> code.features().stream()).toList())) {
            throw new IllegalArgumentException("got features with other names than their columns give them");
        }
        if (!labels.isEmpty() && !names.isEmpty()) {
            throw new IllegalArgumentException("got labels and names of classes, expected either");
        }
    }

    /** Of columns that are one number each. */
    public Naming(List<String> columns, List<Integer> labels, List<String> names) {
        this(columns, labels, names, List.of());
    }

    /** Of classes that have numbers. */
    public Naming(List<String> columns, List<Integer> labels) {
        this(columns, labels, List.of());
    }

    private static void requirePrintable(String what, List<String> all) {
        for (String name : all) {
            if (CONTROL.matcher(name).find()) {
                throw new IllegalArgumentException("got the " + what + " "
                        + CONTROL.matcher(name).replaceAll("?") + ", whose name has control characters");
            }
        }
    }

    /**
     * The class that a label of the source stands for.
     *
     * @param id the example, for messages
     * @throws DataException where it is none of {@link #labels}
     */
    public int classOf(int label, long id) {
        if (labels.isEmpty()) {
            return label;
        }
        int place = Collections.binarySearch(labels, label);
        if (place < 0) {
            throw new DataException("example " + id + " has the label " + label + ", expected one that was trained on: "
                    + listed(labels) + ": correct the label, or train again with data.classes");
        }
        return place;
    }

    /** The label that a class has in the source. */
    public int labelOf(int category) {
        return labels.isEmpty() ? category : labels.get(category);
    }

    /** What a class is called: its name or its label. */
    public String called(int category) {
        return names.isEmpty() ? String.valueOf(labelOf(category)) : names.get(category);
    }

    /** What classes are called, in their order: names or labels; empty where class {@code c} has the label {@code c}. */
    public List<?> classes() {
        return names.isEmpty() ? labels : names;
    }

    /**
     * The labels that other data's labels are here, where classes have names.
     *
     * @param theirs the names of the other data's classes, in their order; empty where they have none
     * @param path the other data, for messages
     * @return what each of their labels is here; empty where it is the same
     * @throws DataException where a class was not trained on, or one side alone has names
     */
    public Optional<int[]> relabelling(List<String> theirs, String path) {
        if (theirs.isEmpty() != names.isEmpty()) {
            throw new DataException("data " + path + ": got labels that are "
                    + (theirs.isEmpty() ? "numbers" : "names: " + listed(theirs)) + ", expected the model's "
                    + (names.isEmpty() ? "numbers" : "names: " + listed(names)) + ": give labels as in the training");
        }
        if (theirs.equals(names)) {
            return Optional.empty();
        }
        int[] here = new int[theirs.size()];
        for (int i = 0; i < here.length; i++) {
            here[i] = Collections.binarySearch(names, theirs.get(i));
            if (here[i] < 0) {
                throw new DataException(
                        "data " + path + ": got the class \"" + theirs.get(i) + "\", expected one that was trained on: "
                                + listed(names) + ": correct the label, or train again");
            }
        }
        return Optional.of(here);
    }

    /** The line that tells the user of labels that are not the classes' numbers. */
    public Optional<String> note() {
        if (!names.isEmpty()) {
            return Optional.of("classes 0 to " + (names.size() - 1) + " are " + listed(names));
        }
        return labels.isEmpty()
                ? Optional.empty()
                : Optional.of("labels " + listed(labels) + " are taken for classes 0 to " + (labels.size() - 1)
                        + ": give data.classes where labels are the classes' numbers");
    }

    /**
     * The order in which features of other data are these.
     *
     * @param names what the other data call their features, in any order
     * @param path the other data, for messages
     * @return the place there of each feature here; empty where it is the same, as it is where these or the others have no names
     * @throws DataException where a name is missing or there is one more
     */
    public Optional<int[]> order(List<String> names, String path) {
        if (columns.isEmpty() || names.isEmpty() || names.equals(columns)) {
            return Optional.empty();
        }
        requireAll(columns, names, path, "lacks the column");
        requireAll(names, columns, path, "has a column that the model was not trained on:");
        return Optional.of(columns.stream().mapToInt(names::indexOf).toArray());
    }

    private void requireAll(List<String> wanted, List<String> found, String path, String what) {
        HashSet<String> all = new HashSet<>(found);
        for (String name : wanted) {
            if (!all.contains(name)) {
                throw new DataException("data " + path + ": " + what + " \"" + name + "\", expected the model's "
                        + columns.size() + ": " + listed(columns)
                        + ": correct the header or data.label-column, or give data.header=false to go by places");
            }
        }
    }

    private static String listed(List<?> all) {
        return all.stream().limit(LISTED).map(String::valueOf).collect(Collectors.joining(", "))
                + (all.size() > LISTED ? ", …" : "");
    }
}
