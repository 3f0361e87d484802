package org.coinflip.data.source;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.StringTokenizer;
import org.coinflip.data.raw.HeapRoom;
import org.coinflip.data.raw.LabelType;
import org.coinflip.data.raw.Labels;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.raw.Resolution;
import org.coinflip.data.raw.Shown;
import org.coinflip.data.source.file.SourceContent;
import org.coinflip.model.error.DataException;
import org.coinflip.model.example.Features;
import org.coinflip.model.example.SparseFeatures;
import org.coinflip.model.example.SparseRows;
import org.coinflip.model.settings.DecimalNumber;

/** The lines of one file of LIBSVM's form, each checked as it is read. */
final class LibsvmFile {
    private static final String REMEDY = "take fewer of either";

    private final LibsvmSource source;
    private final SourceContent content;
    private final List<Row> rows = new ArrayList<>();
    private Optional<String> unresolved = Optional.empty();
    private final Labels.Builder labels;
    private Labels.Classes classes;
    private long line;

    /** What one line holds; indices count from 0. */
    private record Row(int[] indices, float[] values, double[] given) {}

    LibsvmFile(LibsvmSource source, SourceContent content) {
        this.source = source;
        this.content = content;
        this.labels = new Labels.Builder(LabelType.NUMBERS, source.classes(), 1);
    }

    RawExamples read() {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new ByteArrayInputStream(content.bytes()), StandardCharsets.UTF_8))) {
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                line++;
                int comment = text.indexOf('#');
                StringTokenizer parts = new StringTokenizer(comment < 0 ? text : text.substring(0, comment));
                if (parts.hasMoreTokens()) {
                    rows.add(row(parts));
                }
            }
        } catch (IOException e) {
            throw new DataException(content.path() + ": cannot be read (" + e.getMessage() + "): fetch it again", e);
        }
        if (rows.isEmpty()) {
            throw new DataException(
                    content.path() + ": has no line of values, expected at least one example: fetch the file again");
        }
        Labels given = source.isLabelled() ? labels.done() : Labels.none(rows.size());
        classes = source.isLabelled()
                ? Labels.classes(List.of(given), source.classes(), content.path())
                : Labels.Classes.UNLABELLED;
        return RawExamples.of(features(), 0, classes.of(given));
    }

    /** What the labels say, once {@link #read} is done. */
    Labels.Classes classes() {
        return classes;
    }

    /** Where float32 does not tell values apart, in words, once {@link #read} is done. */
    Optional<String> unresolved() {
        return unresolved;
    }

    private Row row(StringTokenizer parts) {
        String label = parts.nextToken();
        if (source.isLabelled()) {
            labels.add(label, expected -> wrong(label, expected + ": correct the label or data.classes"));
        } else if (!DecimalNumber.isOne(label)) {
            throw wrong(label, "a number in the place of the label: correct the line");
        }
        int most = parts.countTokens();
        int[] indices = new int[most];
        float[] values = new float[most];
        double[] given = new double[most];
        int count = 0;
        while (parts.hasMoreTokens()) {
            String part = parts.nextToken();
            int colon = part.indexOf(':');
            if (colon < 1) {
                throw wrong(part, "index:value, such as 3:0.5: correct the line");
            }
            if (part.startsWith("qid:")) {
                continue;
            }
            String value = part.substring(colon + 1);
            indices[count] = index(part, part.substring(0, colon), count == 0 ? -1 : indices[count - 1]);
            given[count] = number(part, value);
            values[count] = DecimalNumber.nearestFloat(value, given[count]);
            count++;
        }
        return new Row(Arrays.copyOf(indices, count), Arrays.copyOf(values, count), Arrays.copyOf(given, count));
    }

    private int index(String part, String text, int before) {
        int most = source.features().orElse(LibsvmSource.MOST_FEATURES);
        int index = text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
        if (index < 1 || index > most) {
            throw wrong(
                    part,
                    "an index from 1 to " + most
                            + (source.features().isPresent()
                                    ? ", data.features: correct either"
                                    : ": correct the line"));
        }
        if (index - 1 <= before) {
            throw wrong(
                    part, "an index greater than " + (before + 1) + ", the one before: sort the line, each index once");
        }
        return index - 1;
    }

    private double number(String part, String text) {
        double value = DecimalNumber.parseOrNaN(text);
        if (!Float.isFinite((float) value)) {
            throw wrong(part, "a finite number after the colon: correct the value or leave the line out");
        }
        return value;
    }

    private DataException wrong(String got, String expected) {
        return new DataException(
                content.path() + ": line " + line + ": got \"" + Shown.of(got) + "\", expected " + expected);
    }

    private int width() {
        int greatest = rows.stream()
                .mapToInt(row -> row.indices.length == 0 ? 0 : row.indices[row.indices.length - 1] + 1)
                .max()
                .orElse(0);
        int width = source.features().orElse(greatest);
        if (width < 1) {
            throw new DataException(content.path() + ": has no value, expected index:value: fetch the file again");
        }
        return width;
    }

    private Features features() {
        int width = width();
        long entries = rows.stream().mapToLong(row -> row.indices.length).sum();
        HeapRoom.requireListed(content.path(), rows.size(), width, entries, REMEDY);
        SparseRows sparse = new SparseRows(width);
        Resolution resolution = new Resolution(width);
        int[] present = new int[width];
        for (Row row : rows) {
            for (int k = 0; k < row.indices.length; k++) {
                int j = row.indices[k];
                sparse.add(j, row.values[k]);
                resolution.see(j, row.given[k], row.values[k]);
                present[j]++;
            }
            sparse.end();
        }
        for (int j = 0; j < width; j++) {
            if (present[j] < rows.size()) {
                resolution.see(j, 0, 0f);
            }
        }
        unresolved = resolution.lost(content.path(), j -> "feature " + (j + 1));
        if (SparseFeatures.pays(sparse.entries(), (long) rows.size() * width)) {
            return sparse.done();
        }
        HeapRoom.require(content.path(), rows.size(), width, REMEDY);
        return sparse.done().dense();
    }
}
