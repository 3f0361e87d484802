package org.coinflip.model.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FloatsTest {
    @Test
    void oneWidestVectorMayBeReadPastTheEndOfEveryLength() {
        for (int length = 0; length < 200; length++) {
            Floats floats = Floats.allocate(length);
            int last = floats.byteOffset(length);
            assertTrue(floats.memory().limit() >= last + 64, length + " floats have " + floats.memory());
            assertEquals(0, floats.pointer().address() % 64);
        }
    }

    @Test
    void viewsShareMemoryAndKnowTheirBounds() {
        Floats all = Floats.of(0, 1, 2, 3, 4, 5);
        Floats view = all.view(2, 3);
        view.set(0, 20);
        all.set(4, 40);
        assertArrayEquals(new float[] {20, 3, 40}, view.toArray());
        assertArrayEquals(new float[] {3}, view.view(1, 1).toArray());
        view.set(Floats.of(7, 8, 9));
        view.set(new float[] {6});
        assertArrayEquals(new float[] {0, 1, 6, 8, 9, 5}, all.toArray());
        assertThrows(IndexOutOfBoundsException.class, () -> view.get(3));
        assertThrows(IndexOutOfBoundsException.class, () -> view.set(-1, 0f));
        assertThrows(IndexOutOfBoundsException.class, () -> all.view(4, 3));
    }

    @Test
    void rowsOfAPaddedMatrixStartAtWholeVectors() {
        Matrix matrix = Matrix.padded(3, 17);
        assertEquals(32, matrix.stride());
        assertEquals(0, (matrix.pointer().address() + matrix.rowOffset(1) - matrix.rowOffset(0)) % 64);
        Matrix other = Matrix.padded(5, 17);
        other.set(4, 16, 3f);
        matrix.setRows(2, other, 4, 1);
        assertEquals(3f, matrix.get(2, 16));
        assertThrows(IllegalArgumentException.class, () -> Matrix.dense(Floats.allocate(5), 2, 3));
    }

    /** Longer than the block of zeros that it is cleared by. */
    @Test
    void clearingSetsTheNumbersOfARangeAndNoOthers() {
        Floats all = Floats.allocate(9000);
        all.fill(2f);
        Floats view = all.view(3, 8000);
        view.clear(5, 7001);
        for (int i = 0; i < all.length(); i++) {
            assertEquals(i < 8 || i >= 8 + 7001 ? 2f : 0f, all.get(i), "at " + i);
        }
        view.clear(8000, 0);
        assertThrows(IndexOutOfBoundsException.class, () -> view.clear(7999, 2));

        Matrix matrix = Matrix.padded(3, 5);
        matrix.floats().fill(1f);
        matrix.clearRow(1, 3);
        matrix.clearRows(2, 1);
        assertEquals(1f, matrix.get(0, 4));
        assertEquals(1f, matrix.get(1, 2));
        assertEquals(0f, matrix.get(1, 3));
        assertEquals(0f, matrix.get(1, 4));
        assertEquals(0f, matrix.get(2, 0));
    }
}
