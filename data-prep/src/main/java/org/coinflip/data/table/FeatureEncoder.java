package org.coinflip.data.table;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.coinflip.data.raw.HeapRoom;
import org.coinflip.data.raw.IdTexts;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.Labels;
import org.coinflip.data.raw.Order;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.raw.Resolution;
import org.coinflip.data.raw.Shown;
import org.coinflip.data.raw.SourceFile;
import org.coinflip.data.raw.SplitKeys;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Features;
import org.coinflip.model.example.FloatFeatures;
import org.coinflip.model.example.SparseFeatures;
import org.coinflip.model.example.SparseRows;
import org.coinflip.model.transform.ColumnCode;
import org.coinflip.model.transform.Naming;

/** What the parts of a table are together: how columns become features, which classes there are. */
public final class FeatureEncoder implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final String PREPARE = "prepare them first, by prepare.sh";

    private final ColumnPlan plan;
    private final List<ColumnCode> codes;
    private final Labels.Classes classes;
    private final int width;
    /** Whether so few features are not 0 that these are listed. */
    private final boolean isSparse;
    /** Null where float32 tells all values apart. */
    private final String unresolved;

    /**
     * Looks at all parts.
     *
     * @throws DataException where they do not fit together
     */
    public FeatureEncoder(ColumnPlan plan, ColumnRules rules, Reading reading, List<TablePart> parts) {
        this.plan = plan;
        List<TablePart> filled = parts.stream().filter(part -> part.rows() > 0).toList();
        if (filled.isEmpty()) {
            throw new DataException(
                    plan.path() + ": has no row of values, expected at least one example: fetch the files"
                            + " again, or correct data.path or data.header");
        }
        requireEqualWidths(plan, filled);
        this.codes = reading.codes().isEmpty()
                ? IntStream.range(0, plan.features().length)
                        .mapToObj(f -> code(f, rules, filled))
                        .toList()
                : reading.codes();
        requireTrained(filled);
        this.width = codes.stream().mapToInt(ColumnCode::width).sum();
        long rows = filled.stream().mapToLong(TablePart::rows).sum();
        this.isSparse = SparseFeatures.pays(entries(filled), rows * width);
        this.classes = plan.labels().length == 0
                ? Labels.Classes.UNLABELLED
                : Labels.classes(filled.stream().map(TablePart::labels).toList(), rules.classes(), plan.path());
        this.unresolved = unresolved(filled).orElse(null);
    }

    private static long entries(List<TablePart> parts) {
        return parts.stream().mapToLong(TablePart::entries).sum();
    }

    private static void requireEqualWidths(ColumnPlan plan, List<TablePart> parts) {
        for (TablePart part : parts) {
            if (!Arrays.equals(part.widths(), parts.get(0).widths())) {
                throw new DataException(plan.path() + ": has vectors of other lengths in some parts, expected the same"
                        + " number of numbers in all rows of a column: correct the table");
            }
        }
    }

    private ColumnCode code(int f, ColumnRules rules, List<TablePart> parts) {
        ColumnCode code;
        if (!plan.isCategory(f)) {
            code = ColumnCode.number(plan.name(f), parts.get(0).widths()[f]);
        } else if (rules.buckets() > 0) {
            code = ColumnCode.hashed(plan.name(f), rules.buckets());
        } else {
            int category = category(f);
            List<String> levels = parts.stream()
                    .flatMap(part -> part.levels().get(category).stream())
                    .distinct()
                    .sorted()
                    .toList();
            if (levels.isEmpty()) {
                throw new DataException(plan.path() + ": " + plan.called(plan.features()[f])
                        + " has no value in any row, expected a text: leave the column out by data.leave-out");
            }
            code = ColumnCode.category(plan.name(f), levels);
        }
        boolean hasHoles = parts.stream().anyMatch(part -> part.holes()[f]);
        return rules.holes().areMarked() && hasHoles ? code.markingHoles() : code;
    }

    /** The place of a feature among the categories. */
    private int category(int f) {
        return (int) IntStream.range(0, f).filter(plan::isCategory).count();
    }

    private void requireTrained(List<TablePart> parts) {
        if (!arePlain() && !plan.isNamed()) {
            throw new DataException(plan.path() + ": has categories or marked holes and columns without names, expected"
                    + " names, by which a network finds them again: give the file a header");
        }
        for (int f = 0; f < codes.size(); f++) {
            if (!plan.isCategory(f) && parts.get(0).widths()[f] != codes.get(f).numbers()) {
                throw new DataException("data " + plan.path() + ": " + plan.called(plan.features()[f]) + " has "
                        + parts.get(0).widths()[f] + " numbers a row, expected the model's "
                        + codes.get(f).numbers() + ": give data of the form that the model was trained on");
            }
        }
    }

    private Optional<String> unresolved(List<TablePart> parts) {
        int[] widths = parts.get(0).widths();
        Resolution all = new Resolution(Arrays.stream(widths).sum());
        parts.forEach(part -> all.see(part.resolution()));
        int[] columnOf = IntStream.range(0, widths.length)
                .flatMap(f -> IntStream.generate(() -> plan.features()[f]).limit(widths[f]))
                .toArray();
        return all.lost(plan.path(), j -> plan.called(columnOf[j]));
    }

    /** Bytes that the features of all rows take: floats, or lists where these are shorter. */
    public long featureBytes(List<TablePart> parts) {
        long rows = parts.stream().mapToLong(TablePart::rows).sum();
        return (isSparse ? Features.Form.SPARSE : Features.Form.FLOATS).bytes(rows, width, entries(parts));
    }

    /** Whether every column is one number, so that parts have their features as they are. */
    private boolean arePlain() {
        return codes.stream().allMatch(ColumnCode::isPlain);
    }

    /** How many features an example has. */
    public int width() {
        return width;
    }

    /** What columns and classes are called. */
    public Naming naming() {
        List<String> names = plan.isNamed()
                ? codes.stream().flatMap(code -> code.features().stream()).toList()
                : List.of();
        List<String> outputs = plan.targets().isEmpty() ? classes.names() : plan.targets();
        return new Naming(names, classes.numbers(), outputs, arePlain() ? List.of() : codes);
    }

    /** The features of a part's rows. */
    private Features coded(TablePart part) {
        int[][] places = places(part);
        float[] numbers = new float[part.numbers().width()];
        float[] row = new float[width];
        SparseRows listed = new SparseRows(width);
        float[] all = new float[isSparse ? 0 : Math.multiplyExact(part.rows(), width)];
        for (int i = 0; i < part.rows(); i++) {
            part.numbers().read(i, numbers, 0);
            write(part, i, places, numbers, row);
            if (isSparse) {
                listed.add(row);
            } else {
                System.arraycopy(row, 0, all, i * width, width);
            }
        }
        return isSparse ? listed.done() : new FloatFeatures(part.rows(), width, all);
    }

    /** Writes the features of a row. */
    private void write(TablePart part, int row, int[][] places, float[] numbers, float[] out) {
        int at = 0;
        int number = 0;
        int category = 0;
        for (int f = 0; f < codes.size(); f++) {
            ColumnCode code = codes.get(f);
            if (code.isCategory()) {
                int place = part.category(category)[row];
                code.write(place < 0 ? -1 : places[category][place], out, at);
                category++;
            } else {
                System.arraycopy(numbers, number, out, at, code.numbers());
                if (code.marksHoles()) {
                    out[at + code.numbers()] = Float.isNaN(out[at]) ? 1f : 0f;
                }
                number += code.numbers();
            }
            at += code.width();
        }
    }

    /** For each category, which feature each of the part's texts is. */
    private int[][] places(TablePart part) {
        List<int[]> all = new ArrayList<>();
        for (int f = 0; f < codes.size(); f++) {
            ColumnCode code = codes.get(f);
            if (code.isCategory()) {
                String called = plan.called(plan.features()[f]);
                all.add(part.levels().get(all.size()).stream()
                        .mapToInt(text -> {
                            int place = code.place(text);
                            if (place < 0) {
                                throw new DataException("data " + plan.path() + ": " + called + " has \""
                                        + Shown.of(text)
                                        + "\", expected one of the "
                                        + code.levels().size()
                                        + " texts that the model was trained on: correct the value, leave the row out,"
                                        + " or train with data.buckets");
                            }
                            return place;
                        })
                        .toArray());
            }
        }
        return all.toArray(int[][]::new);
    }

    /**
     * The rows of a part as examples, in their order.
     *
     * @param firstId id of the first row; not looked at where rows have ids of their own
     */
    public RawExamples examples(TablePart part, long firstId) {
        Features features = arePlain() ? part.numbers() : coded(part);
        return rows(part, isSparse ? features.sparse() : features.dense(), firstId);
    }

    /** The rows of a part with some features. */
    private RawExamples rows(TablePart part, Features features, long firstId) {
        RawExamples rows = RawExamples.of(features, firstId, classes.of(part.labels()));
        float[] held = part.labels().values();
        rows = held == null ? rows : rows.withValues(part.labels().targets(), held);
        rows = part.weights() == null ? rows : rows.withWeights(part.weights());
        return part.ids() == null ? rows : rows.withIds(part.ids());
    }

    /**
     * All parts as examples in memory; the ids are the rows' own, or count up in the order of the parts.
     *
     * @param name the data's name, for reports
     * @throws DataException where there are too many rows, or an id twice
     */
    public RawData data(String name, List<TablePart> parts, List<SourceFile> files) {
        long rows = parts.stream().mapToLong(TablePart::rows).sum();
        if (isSparse) {
            HeapRoom.requireListed(plan.path(), rows, width, entries(parts), PREPARE);
        } else {
            HeapRoom.require(plan.path(), rows, width, PREPARE);
        }
        return data(name, blocks(parts, this::examples), parts, files);
    }

    /** The same without features: who is there, with which label, weight and key of the split. */
    public RawData index(String name, List<TablePart> parts, List<SourceFile> files) {
        return data(
                name,
                blocks(parts, (part, firstId) -> rows(part, new FloatFeatures(part.rows(), 0, new float[0]), firstId)),
                parts,
                files);
    }

    private interface Block {
        RawExamples of(TablePart part, long firstId);
    }

    private static List<RawExamples> blocks(List<TablePart> parts, Block block) {
        List<RawExamples> blocks = new ArrayList<>();
        long firstId = 0;
        for (TablePart part : parts) {
            blocks.add(block.of(part, firstId));
            firstId += part.rows();
        }
        return blocks;
    }

    private RawData data(String name, List<RawExamples> blocks, List<TablePart> parts, List<SourceFile> files) {
        Optional<int[]> order = plan.id() < 0 ? Optional.empty() : Optional.of(byDifferentIds(parts));
        RawExamples examples = blocks.size() == 1 && order.isEmpty() ? blocks.get(0) : RawExamples.merged(blocks);
        Optional<SplitKeys> keys = plan.splitKind().map(kind -> keys(kind, parts));
        return new RawData(
                name,
                classes.classes(),
                naming(),
                Optional.ofNullable(unresolved),
                ImageShape.NONE,
                examples,
                Optional.empty(),
                files,
                order.isPresent() ? keys.map(all -> all.at(order.get())) : keys,
                idTexts(parts));
    }

    /** Of parts with their features. */
    private static IdTexts idTexts(List<TablePart> parts) {
        return new IdTexts(
                parts.stream().flatMap(part -> part.idTexts().stream()).toList());
    }

    /** In the order of the parts. */
    private static SplitKeys keys(SplitKeys.Kind kind, List<TablePart> parts) {
        return new SplitKeys(
                kind,
                parts.stream()
                        .flatMapToLong(part -> Arrays.stream(part.splitKeys().keys()))
                        .toArray());
    }

    /** The rows of all parts in ascending order of their ids, which differ. */
    private int[] byDifferentIds(List<TablePart> parts) {
        long[] ids =
                parts.stream().flatMapToLong(part -> Arrays.stream(part.ids())).toArray();
        int[] order = Order.ascending(ids.length, place -> ids[place]);
        for (int i = 1; i < order.length; i++) {
            if (ids[order[i - 1]] == ids[order[i]]) {
                String id = plan.areIdsTexts() ? "of one text, or of texts that hash alike" : "" + ids[order[i]];
                throw new DataException(plan.path() + ": examples " + (order[i - 1] + 1) + " and " + (order[i] + 1)
                        + " both have the id " + id + ", expected another for each: correct "
                        + plan.called(plan.id()) + ", or leave data.id-column out");
            }
        }
        return order;
    }
}
