package org.coinflip.spark.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.TimeZone;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

class CellsTest {
    /** Whatever they are texts for, ids, groups or categories, and on whatever machine. */
    @Test
    @ResourceLock(Resources.TIME_ZONE)
    void timesAreThoseOfNoTimeZone() {
        TimeZone before = TimeZone.getDefault();
        try {
            for (String zone : List.of("UTC", "Asia/Kolkata", "America/St_Johns")) {
                TimeZone.setDefault(TimeZone.getTimeZone(zone));
                Object[] cells = new Object[3];
                Cells.write(RowFactory.create(new Timestamp(1_234_567L), Date.valueOf("2026-11-29"), null), cells);
                assertArrayEquals(
                        new Object[] {Instant.ofEpochMilli(1_234_567L), LocalDate.of(2026, 11, 29), null}, cells);
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }
}
