package org.coinflip.data.source;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.raw.RawData;
import org.coinflip.data.table.ColumnRules;
import org.coinflip.data.table.Reading;
import org.coinflip.model.settings.Section;

/**
 * A table in any form that Spark reads: a file, a folder or a pattern of Parquet, ORC, JSON lines, Avro or another form that Spark has been given a reader for, or a table
 * of Spark's catalog. Columns hold numbers, truth values, texts, vectors, or arrays of numbers. Where no column of ids is named, an id is the place of the row, from 0, the
 * files in the order of their names.
 *
 * @param path what the reader loads; of {@code format = catalog} the table's name
 * @param format as Spark calls it, or {@code catalog}
 * @param options of the reader
 * @param rules what the columns are for
 */
public record StoredTable(String path, String format, Map<String, String> options, ColumnRules rules)
        implements TableSource {
    /** A table of Spark's catalog. */
    public static final String CATALOG = "catalog";

    /** Options of Spark's, and the value with which it passes over what it cannot read. */
    private static final Map<String, String> LOSING_ROWS =
            Map.of("mode", "DROPMALFORMED", "ignorecorruptfiles", "true", "ignoremissingfiles", "true");

    /** Where no column of labels is named. */
    private static final String LABEL = "label";

    public StoredTable {
        options = Map.copyOf(options);
    }

    static StoredTable read(Section section) {
        Map<String, String> options = new TreeMap<>();
        Section written = section.section("options");
        written.config().entrySet().forEach(entry -> {
            String name = entry.getKey().replace("\"", "");
            String value = entry.getValue().unwrapped().toString();
            if (value.equalsIgnoreCase(LOSING_ROWS.get(name.toLowerCase(Locale.ROOT)))) {
                throw written.wrong(name, "another value, or none: rows are lost without a word");
            }
            options.put(name, value);
        });
        return new StoredTable(
                section.text("path"), section.text("format", "parquet"), options, ColumnRules.read(section, LABEL));
    }

    @Override
    public SourceType type() {
        return SourceType.TABLE;
    }

    @Override
    public Map<String, Object> keys() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("path", path);
        keys.put("format", format);
        if (!options.isEmpty()) {
            keys.put("options", new TreeMap<>(options));
        }
        keys.putAll(rules.asMap());
        return keys;
    }

    @Override
    public RawData read(Reading reading, Configuration conf) {
        return TableReader.found().read(this, reading, conf);
    }
}
