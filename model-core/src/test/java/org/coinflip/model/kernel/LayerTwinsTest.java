package org.coinflip.model.kernel;

import static org.coinflip.model.kernel.Twins.ROWS;
import static org.coinflip.model.kernel.Twins.agree;

import org.coinflip.model.memory.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vector and scalar kernels of recurrent cells and of normalisation give the same bits, whatever the width: so a model does not depend on the machine's vectors. */
@Tag("numerical")
class LayerTwinsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 17, 64, 200})
    void recurrentCells(int width) {
        agree("leak", width, (on, b) -> on.cells()
                .leak(b.notNegativeVector(), b.matrix(), b.matrix(), ROWS, b.matrix()));
        agree("leakGradient", width, (on, b) -> on.cells()
                .leakGradient(b.notNegativeVector(), ROWS, b.matrix(), b.matrix()));
        agree("addDots", width, (on, b) -> on.cells()
                .addDots(b.matrix(), b.vector(), ROWS, b.vector(Matrix.ROW_UNIT), b.signal));
        agree("addOuter", width, (on, b) -> on.cells().addOuter(b.signal, 1, b.vector(), ROWS - 1, b.matrix()));
        agree("skip", width, (on, b) -> on.cells().skip(b.signal, 1, b.matrix(), b.matrix(), ROWS - 1, b.matrix()));
        agree("skipGradient", width, (on, b) -> on.cells()
                .skipGradient(
                        new float[] {0f, 1f, 0.3f, 0f, 1f},
                        0,
                        b.matrix(),
                        b.matrix(),
                        ROWS,
                        b.vector(Matrix.ROW_UNIT),
                        b.matrix(),
                        b.matrix(),
                        b.signal));
        agree("addProduct", width, (on, b) -> on.cells().addProduct(b.notNegative(1f), b.matrix(), ROWS, b.matrix()));
        agree("gruState", width, (on, b) -> on.cells()
                .gruState(b.notNegative(1f), b.matrix(), b.matrix(), ROWS, b.matrix()));
        agree("gruGradient", width, (on, b) -> on.cells()
                .gruGradient(
                        b.notNegative(1f),
                        b.notNegative(1f),
                        b.notNegative(1f),
                        b.matrix(),
                        b.matrix(),
                        ROWS,
                        b.matrix(),
                        b.matrix()));
        agree("lstmCell", width, (on, b) -> on.cells()
                .lstmCell(b.notNegative(1f), b.notNegative(1f), b.matrix(), b.matrix(), ROWS, b.matrix()));
        agree("addShownGradient", width, (on, b) -> on.cells()
                .addShownGradient(b.notNegative(1f), b.matrix(), b.matrix(), ROWS, b.matrix()));
        agree("lstmWrittenGradient", width, (on, b) -> on.cells()
                .lstmWrittenGradient(b.notNegative(1f), b.notNegative(1f), b.matrix(), ROWS));
        agree("lstmKeptGradient", width, (on, b) -> on.cells()
                .lstmKeptGradient(b.notNegative(1f), b.matrix(), ROWS, b.matrix()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 17, 64, 200})
    void normalising(int width) {
        for (int size : new int[] {1, 4, 7, 16, 17, 40, width}) {
            if (width % size != 0) {
                continue;
            }
            int groups = ROWS * (width / size);
            agree("standardise " + size, width, (on, b) -> {
                float[] scales = new float[groups];
                on.normalising()
                        .standardise(b.matrix(), size, 1e-5f, ROWS, b.vector(Matrix.ROW_UNIT), scales, b.matrix());
                b.vector(groups).set(scales);
            });
            for (float carry : new float[] {0f, 1f}) {
                agree("standardiseGradient " + size, width, (on, b) -> on.normalising()
                        .standardiseGradient(
                                b.matrix(),
                                b.vector(groups).toArray(),
                                b.vector(),
                                b.matrix(),
                                size,
                                ROWS,
                                carry,
                                b.vector(Matrix.ROW_UNIT),
                                b.matrix()));
            }
        }
        agree("normalise", width, (on, b) -> on.normalising()
                .normalise(b.matrix(), b.vector(), b.vector(), b.vector(), ROWS, b.matrix()));
        agree("squaredDeviations", width, (on, b) -> on.normalising()
                .squaredDeviations(b.matrix(), b.vector(), b.signal, ROWS, b.paddedVector()));
        agree("gradientSums", width, (on, b) -> on.normalising()
                .gradientSums(b.matrix(), b.vector(), b.matrix(), b.signal, ROWS, b.paddedVector(), b.paddedVector()));
        for (float carry : new float[] {0f, 1f}) {
            agree("normaliseGradient", width, (on, b) -> on.normalising()
                    .normaliseGradient(
                            b.matrix(),
                            b.vector(),
                            b.vector(),
                            b.vector(),
                            b.vector(),
                            b.matrix(),
                            ROWS,
                            carry,
                            b.matrix()));
        }
    }
}
