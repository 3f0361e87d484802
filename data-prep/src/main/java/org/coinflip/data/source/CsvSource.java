package org.coinflip.data.source;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.settings.DecimalNumber;
import org.coinflip.model.settings.Section;
import org.coinflip.model.transform.Naming;

/**
 * A table of finite decimal numbers, plain or gzipped, UTF-8, one of whose columns may hold labels: whole numbers, or the names of classes, which are
 * numbered in their order. Id: the place of
 * the row, from 0, header and empty lines not counted; a line that begins with # is a line as any. Features: the other columns, in their
 * order; a network that was trained on named columns finds them by name in other files.
 *
 * @param path any Hadoop path of one file
 * @param labelColumn a name in the header, or an index from 0, or {@code last}; {@code none} where there are no labels. What is the name
 *     of one column and the index of another is refused
 * @param labelType what labels are
 * @param header whether the first line names the columns, each differently; names that are all numbers are refused
 * @param delimiter the one character between values
 * @param classes number of classes; where absent, the labels that there are decide, see {@link ClassCount}
 */
public record CsvSource(
        String path, String labelColumn, LabelType labelType, boolean header, char delimiter, OptionalInt classes)
        implements RawSource {
    /** The label is in the last column. */
    public static final String LAST = "last";

    /** No column is a label. */
    public static final String NONE = "none";

    /** What the column of labels holds. */
    public enum LabelType {
        /** What its first value is. */
        AUTO,
        /** Whole numbers. */
        NUMBERS,
        /** Names of classes, whatever they look like. */
        NAMES;

        /** Whether labels are names, by the first of them. */
        boolean isOfNames(String first) {
            return this == NAMES || (this == AUTO && first != null && !DecimalNumber.isOne(first));
        }
    }

    static CsvSource read(Section section) {
        String delimiter = section.text("delimiter", ",");
        if (delimiter.length() != 1) {
            throw section.wrong("delimiter", "one character");
        }
        return new CsvSource(
                section.text("path"),
                section.text("label-column", LAST),
                section.choice("label-type", LabelType.AUTO),
                section.flag("header", true),
                delimiter.charAt(0),
                ClassCount.read(section));
    }

    @Override
    public SourceType type() {
        return SourceType.CSV;
    }

    @Override
    public Map<String, Object> keys() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("path", path);
        keys.put("label-column", labelColumn);
        if (labelType != LabelType.AUTO) {
            keys.put("label-type", Section.name(labelType));
        }
        keys.put("header", header);
        keys.put("delimiter", String.valueOf(delimiter));
        classes.ifPresent(count -> keys.put("classes", count));
        return keys;
    }

    @Override
    public boolean hasTestSet() {
        return false;
    }

    @Override
    public boolean isLabelled() {
        return !labelColumn.equals(NONE);
    }

    @Override
    public RawData read(Configuration conf) {
        SourceContent content = SourceContent.read(path, "a CSV file of numbers", conf);
        CsvTable table = new CsvTable(this, content);
        RawExamples examples = table.read();
        if (!table.classNames().isEmpty() && classes.isPresent()) {
            throw new UsageException("data.classes: got " + classes.getAsInt()
                    + " for labels that are names, expected none: leave it out, the names say how many there are");
        }
        ClassCount.Classes found = ClassCount.of(isLabelled(), classes, examples, Optional.empty());
        return new RawData(
                "csv",
                found.count(),
                new Naming(table.featureNames(), found.labels(), table.classNames()),
                table.unresolved(),
                ImageShape.NONE,
                examples,
                Optional.empty(),
                List.of(content.file()));
    }
}
