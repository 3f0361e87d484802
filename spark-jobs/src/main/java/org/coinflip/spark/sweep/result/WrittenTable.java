package org.coinflip.spark.sweep.result;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.model.error.DataException;
import org.coinflip.model.storage.Sha256;
import org.coinflip.spark.output.Reason;

/**
 * The {@code table.csv} of a sweep, read back.
 *
 * @param rows cells by column; those that are empty are left out
 * @param sha256 of the file
 */
public record WrittenTable(List<Map<String, String>> rows, String sha256) {
    private static final int MOST_COLUMNS = 100_000;
    private static final int LONGEST_CELL = 1 << 20;

    /**
     * Reads a table.
     *
     * @param folder the sweep's output
     * @throws DataException where there is none
     */
    public static WrittenTable read(String folder, Configuration conf) {
        Path path = new Path(StoredBytes.path(folder), "table.csv");
        byte[] bytes;
        try (InputStream in = path.getFileSystem(conf).open(path)) {
            bytes = in.readAllBytes();
        } catch (IOException e) {
            throw new DataException(
                    "sweep.evidence: " + path + " cannot be read (" + Reason.of(e)
                            + "), expected the output of a sweep that has come to an end: name its folder",
                    e);
        }
        CsvParserSettings settings = new CsvParserSettings();
        settings.setMaxColumns(MOST_COLUMNS);
        settings.setMaxCharsPerColumn(LONGEST_CELL);
        List<String[]> lines =
                new CsvParser(settings).parseAll(new java.io.StringReader(new String(bytes, StandardCharsets.UTF_8)));
        if (lines.isEmpty() || !List.of(lines.get(0)).contains("configuration")) {
            throw new DataException("sweep.evidence: " + path + " is no table of a sweep, expected columns such as"
                    + " trial and configuration: name the folder of a sweep");
        }
        List<Map<String, String>> rows = new ArrayList<>();
        for (String[] line : lines.subList(1, lines.size())) {
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 0; i < line.length && i < lines.get(0).length; i++) {
                if (line[i] != null) {
                    row.put(SweepTable.plain(lines.get(0)[i]), SweepTable.plain(line[i]));
                }
            }
            rows.add(row);
        }
        return new WrittenTable(rows, Sha256.hex(bytes));
    }
}
