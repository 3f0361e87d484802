package org.coinflip.spark.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rows of one length and of several, in one block and in many: each lies where it was written. */
class RowPlacesTest {
    private static final int ROWS = 500;

    @Test
    void rowsLieOneAfterTheOtherInTheirBlocks() {
        Random random = new Random(1);
        for (int most : new int[] {1, 64, 100, 1 << 20}) {
            for (int differsFrom : new int[] {1, 7, ROWS}) {
                int[] lengths = new int[ROWS];
                for (int row = 0; row < ROWS; row++) {
                    lengths[row] = row < differsFrom ? 24 : random.nextInt(90);
                }
                assertPlaces(most, lengths);
            }
        }
    }

    /** Places, by writing down where each row would be. */
    private static void assertPlaces(int most, int[] lengths) {
        RowPlaces.Builder builder = new RowPlaces.Builder(most);
        List<Integer> blocks = new ArrayList<>();
        List<Integer> starts = new ArrayList<>();
        int end = 0;
        for (int row = 0; row < lengths.length; row++) {
            boolean begins = row == 0 || end + lengths[row] > most;
            assertEquals(begins, builder.add(lengths[row]));
            blocks.add(row == 0 ? 0 : blocks.get(row - 1) + (begins ? 1 : 0));
            starts.add(begins ? 0 : end);
            end = starts.get(row) + lengths[row];
        }
        RowPlaces places = builder.places();
        assertEquals(lengths.length, places.size());
        assertEquals(blocks.get(lengths.length - 1) + 1, places.blocks());
        assertEquals(places.blocks(), builder.blocks());
        for (int row = 0; row < lengths.length; row++) {
            assertEquals(blocks.get(row), places.block(row));
            assertEquals(starts.get(row), places.start(row));
            assertEquals(lengths[row], places.length(row));
        }
    }

    @Test
    void whereAllAreOfOneLengthThatIsAllThatIsKept() {
        RowPlaces.Builder builder = new RowPlaces.Builder(100);
        for (int row = 0; row < ROWS; row++) {
            assertEquals(row % 4 == 0, builder.add(25));
        }
        assertEquals(1, builder.places().ends().length);
        builder.add(26);
        assertTrue(builder.places().ends().length == ROWS + 1);
    }
}
