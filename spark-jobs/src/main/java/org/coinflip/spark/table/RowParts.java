package org.coinflip.spark.table;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.coinflip.data.table.ColumnPlan;
import org.coinflip.data.table.TableRows;

/** The parts of one partition of a frame: rows that follow each other in a file. After the table's columns, a row has its file and the place in it where Spark's split begins. */
final class RowParts implements Iterator<SparkTable.Part> {
    private final ColumnPlan plan;
    private final int partition;
    private final Iterator<Row> rows;
    private final Object[] cells;
    private Row next;

    RowParts(ColumnPlan plan, int partition, Iterator<Row> rows) {
        this.plan = plan;
        this.partition = partition;
        this.rows = rows;
        this.cells = new Object[plan.columns()];
        this.next = rows.hasNext() ? rows.next() : null;
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public SparkTable.Part next() {
        if (next == null) {
            throw new NoSuchElementException();
        }
        String file = next.getString(cells.length);
        long block = next.getLong(cells.length + 1);
        TableRows part = new TableRows(plan, file.isEmpty() ? plan.path() : called(file, block));
        while (next != null && next.getString(cells.length).equals(file) && next.getLong(cells.length + 1) == block) {
            Cells.write(next, cells);
            part.add(cells, part.rows() + 1L);
            next = rows.hasNext() ? rows.next() : null;
        }
        // rows that are not of files have ids of their own, and no order
        return new SparkTable.Part(file, file.isEmpty() ? partition : block, part.done(), null);
    }

    private static String called(String file, long block) {
        return block == 0 ? file : file + " from byte " + block + " on";
    }
}
