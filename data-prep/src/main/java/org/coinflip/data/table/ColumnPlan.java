package org.coinflip.data.table;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.coinflip.data.raw.LabelType;
import org.coinflip.data.raw.Shown;
import org.coinflip.data.raw.SplitKeys;
import org.coinflip.model.error.DataException;
import org.coinflip.model.transform.ColumnCode;

/** What each column of one table is for: its {@link ColumnRules}, resolved against the columns that there are. */
public final class ColumnPlan implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final String rowsAre;
    private final List<String> names;
    private final int columns;
    private final int[] labels;
    private final int id;
    private final boolean areIdsTexts;
    private final int weight;
    private final int splitKey;
    /** Null where the table is not split by a column. */
    private final SplitKeys.Kind splitKind;

    private final int[] features;
    private final boolean[] areCategories;
    private final LabelType labelType;
    /** Declared number of classes; −1 where the labels decide. */
    private final int classes;

    private final boolean holesAllowed;
    private final boolean levelsDecide;
    private final List<String> holeValues;

    /**
     * Looks at the columns.
     *
     * @param path the table, for messages
     * @param rowsAre what a row is called in messages: line, row
     * @param names of the columns, all different; empty where they have none
     * @param columns how many there are
     * @throws DataException where a column is not there, is two things, or none is left for features
     */
    public ColumnPlan(
            ColumnRules rules, Reading reading, String path, String rowsAre, List<String> names, int columns) {
        this.path = path;
        this.rowsAre = rowsAre;
        this.names = List.copyOf(names);
        this.columns = columns;
        this.labelType = rules.labelType();
        this.classes = rules.classes().orElse(-1);
        this.holesAllowed = reading.holesAllowed().orElse(rules.holes().areAllowed());
        this.levelsDecide = reading.codes().isEmpty() && rules.buckets() == 0;
        this.holeValues = rules.holeValues();
        String labelKey = rules.labels().size() == 1 ? "data.label-column" : "data.label-columns";
        this.labels = rules.isLabelled()
                ? rules.labels().stream()
                        .mapToInt(name -> find(name, labelKey, ", last or none"))
                        .toArray()
                : new int[0];
        this.id = find(rules.id(), "data.id-column");
        this.areIdsTexts = rules.areIdsTexts();
        this.weight = find(rules.weight(), "data.weight-column");
        this.splitKind = reading.split().map(SplitColumn::kind).orElse(null);
        this.splitKey = reading.split()
                .map(split -> find(split.name(), "data.split." + split.key(), ""))
                .orElse(-1);
        Set<Integer> taken = new HashSet<>();
        for (int column :
                IntStream.concat(IntStream.of(labels), IntStream.of(id, weight)).toArray()) {
            if (column >= 0 && column != splitKey && !taken.add(column)) {
                throw new DataException(
                        path + ": " + called(column)
                                + " is a label, the id or the weight, two of them at once, expected one: correct the keys of data");
            }
        }
        taken.add(splitKey);
        this.features = features(rules, reading, taken);
        if (features.length == 0) {
            throw new DataException(path + ": has " + (columns == 1 ? "one column" : columns + " columns")
                    + ", none of which is left for features, expected at least one beside label, id and weight:"
                    + " correct the file or data.delimiter");
        }
        Set<Integer> categories = new HashSet<>();
        rules.categories().forEach(name -> categories.add(find(name, "data.categories", "")));
        this.areCategories = new boolean[features.length];
        for (int f = 0; f < features.length; f++) {
            areCategories[f] = reading.codes().isEmpty()
                    ? categories.contains(features[f])
                    : reading.codes().get(f).isCategory();
            categories.remove(features[f]);
        }
        if (!categories.isEmpty() && reading.codes().isEmpty()) {
            throw new DataException(path + ": " + called(categories.iterator().next())
                    + " is named in data.categories and is no feature, expected a feature: correct the keys of data");
        }
    }

    private int[] features(ColumnRules rules, Reading reading, Set<Integer> taken) {
        List<ColumnCode> codes = reading.codes();
        if (!codes.isEmpty()) {
            return coded(codes, rules, taken);
        }
        if (!rules.features().isEmpty()) {
            int[] chosen = rules.features().stream()
                    .mapToInt(name -> find(name, "data.features", ""))
                    .toArray();
            for (int column : chosen) {
                if (!taken.add(column)) {
                    throw new DataException(
                            path + ": " + called(column)
                                    + " is a feature and something else, or twice one, expected one use: correct data.features");
                }
            }
            return chosen;
        }
        rules.leftOut().forEach(name -> taken.add(find(name, "data.leave-out", "")));
        return IntStream.range(0, columns).filter(c -> !taken.contains(c)).toArray();
    }

    /** The columns of a trained network's features, by name. */
    private int[] coded(List<ColumnCode> codes, ColumnRules rules, Set<Integer> taken) {
        List<Integer> found = new ArrayList<>();
        for (ColumnCode code : codes) {
            int column = names.indexOf(code.column());
            if (column < 0) {
                throw new DataException("data " + path + ": lacks the column \"" + code.column()
                        + "\", expected the model's " + codes.size()
                        + ": correct the header, or give the table that the model was trained on");
            }
            found.add(column);
        }
        rules.leftOut().stream().filter(names::contains).forEach(name -> taken.add(names.indexOf(name)));
        taken.addAll(found);
        if (rules.features().isEmpty()) {
            IntStream.range(0, columns)
                    .filter(c -> !taken.contains(c))
                    .findFirst()
                    .ifPresent(more -> {
                        throw new DataException("data " + path + ": has a column that the model was not trained on: \""
                                + Shown.of(names.get(more)) + "\", expected the model's " + codes.size()
                                + ": remove it, or name it in data.leave-out");
                    });
        }
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    private int find(Optional<String> wanted, String key) {
        return wanted.map(name -> find(name, key, "")).orElse(-1);
    }

    /**
     * The place of a column.
     *
     * @param wanted its name, or its index from 0; {@code last} where that is among {@code others}
     * @param others what else could be given, for messages
     */
    private int find(String wanted, String key, String others) {
        int named = names.indexOf(wanted);
        int counted = -1;
        if (wanted.equals(ColumnRules.LAST) && !others.isEmpty()) {
            counted = columns - 1;
        } else if (wanted.matches("\\d{1,9}") && Integer.parseInt(wanted) < columns) {
            counted = Integer.parseInt(wanted);
        }
        String what = key.replaceAll("^data\\.(split\\.)?", "").replace("-column", "");
        if (named >= 0 && counted >= 0 && named != counted) {
            throw new DataException(path + ": " + key + " = " + wanted + " is the name of column " + (named + 1)
                    + " and says column " + (counted + 1) + " too, expected one of them: rename the column or give the "
                    + (what.equals("label") ? "label's name" : "name"));
        }
        if (named < 0 && counted < 0) {
            throw new DataException(path + ": has no " + (what.equals("label") ? "label column" : "column") + " \""
                    + wanted + "\", expected "
                    + (names.isEmpty() ? "" : "a name in its header, ") + "an index from 0 to " + (columns - 1)
                    + others + ": correct " + key);
        }
        return Math.max(named, counted);
    }

    /** What a column is called in messages: {@code column 3 (age)}. */
    public String called(int column) {
        return "column " + (column + 1) + (names.isEmpty() ? "" : " (" + Shown.of(names.get(column)) + ")");
    }

    /** The name of a feature's column; its number from 1 where columns have none. */
    String name(int feature) {
        return names.isEmpty() ? String.valueOf(features[feature] + 1) : names.get(features[feature]);
    }

    /** Whether columns have names. */
    boolean isNamed() {
        return !names.isEmpty();
    }

    /** The names of all columns. */
    public List<String> names() {
        return names;
    }

    /** How many columns there are, whatever they are for. */
    public int columns() {
        return columns;
    }

    /** The table, for messages. */
    public String path() {
        return path;
    }

    LabelType labelType() {
        return labelType;
    }

    /** The declared number of classes; absent where the labels decide. */
    OptionalInt classes() {
        return classes < 0 ? OptionalInt.empty() : OptionalInt.of(classes);
    }

    /** Whether rows may lack numbers. */
    boolean areHolesAllowed() {
        return holesAllowed;
    }

    /** Whether every text of a category becomes a feature of this table's own. */
    boolean doLevelsDecide() {
        return levelsDecide;
    }

    /** Whether a text says that there is no value. */
    boolean isHole(String text) {
        return text.isEmpty() || holeValues.contains(text);
    }

    /** Whether a column is looked at. */
    public boolean uses(int column) {
        return IntStream.of(labels).anyMatch(label -> label == column)
                || column == id
                || column == weight
                || column == splitKey
                || IntStream.of(features).anyMatch(feature -> feature == column);
    }

    String rowsAre() {
        return rowsAre;
    }

    /** The places of the labels; empty where there are none. */
    int[] labels() {
        return labels;
    }

    /** The name of each label where there are several; else empty. */
    List<String> targets() {
        return labels.length < 2
                ? List.of()
                : IntStream.of(labels)
                        .mapToObj(label -> names.isEmpty() ? String.valueOf(label) : names.get(label))
                        .toList();
    }

    /** The place of the id, -1 where there is none; the same of the others. */
    int id() {
        return id;
    }

    /** Whether ids are texts. */
    boolean areIdsTexts() {
        return areIdsTexts;
    }

    int weight() {
        return weight;
    }

    int splitKey() {
        return splitKey;
    }

    Optional<SplitKeys.Kind> splitKind() {
        return Optional.ofNullable(splitKind);
    }

    /** The places of the features. */
    int[] features() {
        return features;
    }

    /** Whether a feature is a text. */
    boolean isCategory(int feature) {
        return areCategories[feature];
    }
}
