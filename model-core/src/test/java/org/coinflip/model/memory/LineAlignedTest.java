package org.coinflip.model.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class LineAlignedTest {
    @Test
    void rowsOfAnyWidthAreWholeLinesApartAndHaveRoom() {
        for (int columns : new int[] {1, 15, 16, 17, 784}) {
            for (int rows : new int[] {0, 1, 3}) {
                float[] floats = LineAligned.rows(rows, columns);
                assertTrue(floats.length >= LineAligned.row(rows, columns), rows + " × " + columns);
                // an array's numbers begin 16 bytes after it
                assertEquals(0, (16 + Float.BYTES * LineAligned.row(rows, columns)) % 64);
            }
        }
    }

    /** G1 gives an array a region of its own where it has more than half of one. */
    @Test
    void severalRowsHaveMoreThanHalfARegion() {
        HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        long region = Long.parseLong(jvm.getVMOption("G1HeapRegionSize").getValue());
        assertTrue(16 + 4L * LineAligned.rows(2, 1).length > region / 2);
        assertEquals(28, LineAligned.rows(1, 1).length, "a lone row");
    }
}
