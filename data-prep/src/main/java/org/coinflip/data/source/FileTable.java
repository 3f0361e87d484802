package org.coinflip.data.source;

import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.raw.SourceFile;
import org.coinflip.data.table.ColumnPlan;
import org.coinflip.data.table.Reading;
import org.coinflip.data.table.TablePart;

/** A table in files, each of which can be read by itself, on any machine. */
public interface FileTable extends TableSource {
    /**
     * What a file was read into.
     *
     * @param part its rows
     * @param file the file as it is stored
     */
    record Read(TablePart part, SourceFile file) implements Serializable {}

    /** The files in the order of their rows, at least one. */
    List<Path> files(Configuration conf);

    /** What the columns are for, by the first file. */
    ColumnPlan plan(Reading reading, Path first, Configuration conf);

    /**
     * Reads and checks one of the files.
     *
     * @param plan by the first file
     * @throws org.coinflip.model.error.DataException where it is missing, damaged or not what it should be
     */
    Read read(ColumnPlan plan, Path file, Configuration conf);
}
