package org.coinflip.data.source;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.source.file.FileList;
import org.coinflip.data.table.ColumnPlan;
import org.coinflip.data.table.ColumnRules;
import org.coinflip.data.table.FeatureEncoder;
import org.coinflip.data.table.Reading;
import org.coinflip.data.table.TablePart;
import org.coinflip.model.settings.Section;

/**
 * A table in CSV, UTF-8, each file plain or gzipped: a file, a folder of files or those that match a pattern, which all have the same columns. Where no column
 * of ids is named, an id is the place of the row, from 0, header and empty lines not counted, the files in the order of their names; a line that begins with # is a line as any.
 *
 * @param path any Hadoop path of a file or a folder, or a pattern
 * @param rules what the columns are for
 * @param header whether the first line of each file names the columns, each differently; names that are all numbers are refused
 * @param delimiter the one character between values
 */
public record CsvSource(String path, ColumnRules rules, boolean header, char delimiter) implements FileTable {
    static final String EXPECTED = "a CSV file";

    static CsvSource read(Section section) {
        String delimiter = section.text("delimiter", ",");
        if (delimiter.length() != 1) {
            throw section.wrong("delimiter", "one character");
        }
        return new CsvSource(
                section.text("path"),
                ColumnRules.read(section, ColumnRules.LAST),
                section.flag("header", true),
                delimiter.charAt(0));
    }

    @Override
    public SourceType type() {
        return SourceType.CSV;
    }

    @Override
    public Map<String, Object> keys() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("path", path);
        keys.put("header", header);
        keys.put("delimiter", String.valueOf(delimiter));
        keys.putAll(rules.asMap());
        return keys;
    }

    @Override
    public List<Path> files(Configuration conf) {
        return FileList.of(path, EXPECTED, conf);
    }

    @Override
    public ColumnPlan plan(Reading reading, Path first, Configuration conf) {
        return CsvFile.plan(this, reading, first, conf);
    }

    @Override
    public Read read(ColumnPlan plan, Path file, Configuration conf) {
        return CsvFile.read(this, plan, file, conf);
    }

    @Override
    public RawData read(Reading reading, Configuration conf) {
        List<Path> files = files(conf);
        ColumnPlan plan = plan(reading, files.get(0), conf);
        List<Read> read = IntStream.range(0, files.size())
                .parallel()
                .mapToObj(i -> read(plan, files.get(i), conf))
                .toList();
        List<TablePart> parts = read.stream().map(Read::part).toList();
        return new FeatureEncoder(plan, rules, reading, parts)
                .data("csv", parts, read.stream().map(Read::file).toList());
    }
}
