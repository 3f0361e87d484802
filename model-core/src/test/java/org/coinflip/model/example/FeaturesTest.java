package org.coinflip.model.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.coinflip.model.error.DataException;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.Matrix;
import org.junit.jupiter.api.Test;

/** Bytes, floats and lists of the same numbers are the same features, bit for bit. */
class FeaturesTest {
    private static final int SIZE = 23;
    private static final int WIDTH = 37;
    private static final float[] NONE = {};

    private final ByteFeatures bytes = bytes();
    private final Features floats = bytes.dense();
    private final Features listed = bytes.sparse();

    /** One in six is not 0; of row 5 none is, of row 6 all are. */
    private static ByteFeatures bytes() {
        Random random = new Random(1);
        byte[] all = new byte[SIZE * WIDTH];
        for (int k = 0; k < all.length; k++) {
            int row = k / WIDTH;
            all[k] = (byte) (row == 6 || (row != 5 && random.nextInt(6) == 0) ? 1 + random.nextInt(255) : 0);
        }
        return new ByteFeatures(SIZE, WIDTH, all);
    }

    private static float[] numbers(int seed) {
        Random random = new Random(seed);
        float[] numbers = new float[WIDTH];
        for (int j = 0; j < WIDTH; j++) {
            numbers[j] = j % 5 == 0 ? 0f : random.nextFloat() - 0.5f;
        }
        return numbers;
    }

    private void areSameAfter(UnaryOperator<Features> change) {
        Features expected = change.apply(floats);
        for (Features form : List.of(bytes, listed)) {
            Features got = change.apply(form);
            assertEquals(expected.size(), got.size());
            float[] row = new float[WIDTH + 1];
            for (int i = 0; i < got.size(); i++) {
                got.read(i, row, 1);
                for (int j = 0; j < WIDTH; j++) {
                    int bits = Float.floatToIntBits(expected.get(i, j));
                    assertEquals(bits, Float.floatToIntBits(got.get(i, j)), form.form() + " " + i + " " + j);
                    assertEquals(bits, Float.floatToIntBits(row[1 + j]), form.form() + " " + i + " " + j);
                }
            }
        }
    }

    @Test
    void areTheSameInEveryForm() {
        int[] places = {22, 6, 5, 5, 0};
        int[] turned = new int[WIDTH];
        for (int j = 0; j < WIDTH; j++) {
            turned[j] = (7 * j + 3) % WIDTH;
        }
        areSameAfter(features -> features);
        areSameAfter(features -> features.select(places));
        areSameAfter(features -> Features.concatenate(List.of(features, features.select(places), features)));
        areSameAfter(features -> features.reordered(turned));
        areSameAfter(features -> features.scaled(numbers(2), numbers(3), NONE));
        areSameAfter(features -> features.scaled(numbers(2), numbers(3), NONE).select(places));
        areSameAfter(features -> features.scaled(numbers(2), numbers(3), NONE).scaled(numbers(4), numbers(5), NONE));
        areSameAfter(Features::dense);
        areSameAfter(Features::sparse);
        assertEquals(
                Features.Form.SPARSE,
                listed.scaled(numbers(2), numbers(3), NONE).form());
        assertEquals(floats.entries(), listed.entries());
        assertTrue(listed.memory() < floats.memory() / 2);
    }

    /** Of a positive scale 0 and −0 give 0. */
    @Test
    void aSummandThatIsMinusNoughtIsNoughtWhereNothingIsListed() {
        Features one = new SparseFeatures(2, new int[] {0, 1}, new int[] {1}, new float[] {3});
        float[] scale = {2, 2};
        float[] offset = {-0f, -0f};
        Features expected = one.dense().scaled(scale, offset, NONE);
        Features got = one.scaled(scale, offset, NONE);
        for (int j = 0; j < 2; j++) {
            assertEquals(Float.floatToRawIntBits(expected.get(0, j)), Float.floatToRawIntBits(got.get(0, j)));
        }
        assertEquals(0, Float.floatToRawIntBits(got.get(0, 0)));
    }

    @Test
    void aListTakesNumbersForItsHoles() {
        Features holes = new SparseFeatures(3, new int[] {0, 2}, new int[] {0, 2}, new float[] {Float.NaN, 4});
        Features filled = holes.scaled(new float[] {2, 2, 2}, new float[] {1, 1, 1}, new float[] {7, 8, 9});
        assertEquals(15f, filled.get(0, 0));
        assertEquals(1f, filled.get(0, 1));
        assertEquals(9f, filled.get(0, 2));
        assertTrue(Float.isNaN(holes.get(0, 0)));
    }

    @Test
    void aBatchOfThemIsTheSameOnEveryBackend() {
        int[] places = {6, 5, 22, 1};
        float[] expected = null;
        for (Arithmetic arithmetic : Arithmetic.values()) {
            Backend backend = Backend.of(KernelChoice.usual(arithmetic));
            for (Features form : List.of(floats, bytes, listed)) {
                Features scaled = form.scaled(numbers(2), numbers(3), NONE);
                Matrix batch = Matrix.padded(places.length, WIDTH);
                // what was in a batch before is no part of it
                batch.floats().fill(Float.NaN);
                backend.elementwise()
                        .gather(Examples.of(scaled, 1, new long[SIZE], new int[SIZE]), places, places.length, batch);
                float[] got = new float[places.length * WIDTH];
                for (int r = 0; r < places.length; r++) {
                    batch.getRow(r, got, r * WIDTH);
                }
                expected = expected == null ? got : expected;
                assertArrayEquals(expected, got, arithmetic + " " + form.form());
            }
        }
    }

    @Test
    void aListPaysUpToAQuarter() {
        assertTrue(SparseFeatures.pays(250, 1000));
        assertFalse(SparseFeatures.pays(251, 1000));
        assertTrue(SparseFeatures.pays(0, 0));
    }

    @Test
    void refusesListsThatAreNone() {
        refused("expected 2 of each", new int[] {0, 2}, new int[] {0}, new float[2]);
        refused("expected 2 of each", new int[] {0, 2, 1, 2}, new int[] {0, 1}, new float[2]);
        refused("expected 2 of each", new int[] {0, 5, 2}, new int[] {0, 1}, new float[2]);
        refused("index 1", new int[] {0, 2}, new int[] {1, 1}, new float[2]);
        refused("index 3", new int[] {0, 1}, new int[] {3}, new float[1]);
        refused("index -1", new int[] {0, 1}, new int[] {-1}, new float[1]);
    }

    private static void refused(String part, int[] starts, int[] indices, float[] values) {
        DataException refused = assertThrows(DataException.class, () -> new SparseFeatures(3, starts, indices, values));
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
    }
}
