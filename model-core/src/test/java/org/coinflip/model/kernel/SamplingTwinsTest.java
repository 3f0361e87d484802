package org.coinflip.model.kernel;

import static org.coinflip.model.kernel.Twins.ROWS;
import static org.coinflip.model.kernel.Twins.agree;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.Consumer;
import org.coinflip.model.kernel.Twins.Bench;
import org.coinflip.model.kernel.Twins.NoBlas;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vector and scalar kernels that draw give the same bits, whatever the width: so a model does not depend on the machine's vectors. */
@Tag("numerical")
class SamplingTwinsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 17, 64, 200})
    void sampling(int width) {
        agree("words", width, (on, b) -> {
            int[] words = new int[b.draws.words().length];
            on.sampling().words(b.draws, 4, 9, width, words);
            Floats out = b.vector(words.length);
            for (int i = 0; i < words.length; i++) {
                out.set(i, words[i] >>> 8);
                out.set(i, out.get(i) + (words[i] & 0xFF) * 0x1p-9f);
            }
        });
        agree("bernoulli", width, (on, b) -> on.sampling()
                .bernoulli(b.matrix(), b.vector(), b.draws, 1, ROWS, b.matrix(), b.matrix()));
        agree("antitheticBernoulli", width, (on, b) -> on.sampling()
                .antitheticBernoulli(b.matrix(), b.vector(), b.draws, 1, ROWS / 2, b.matrix(), b.matrix()));
        for (int perRow : new int[] {2, 5}) {
            agree("dirichletBernoulli", width, (on, b) -> on.sampling()
                    .dirichletBernoulli(
                            b.matrix(), b.vector(), perRow, b.draws, 1, ROWS / perRow, b.matrix(), b.matrix()));
        }
        agree("addGumbel", width, (on, b) -> on.sampling().addGumbel(b.matrix(), b.draws, 1, ROWS, b.matrix()));
        agree("gaussian", width, (on, b) -> on.sampling().gaussian(1.7f, b.draws, 1, ROWS, b.matrix()));
        agree("uniformTimesSignal", width, (on, b) -> on.sampling()
                .uniformTimesSignal(b.draws, 1, b.signal, ROWS, b.matrix()));
        agree("logistic", width, (on, b) -> on.sampling().logistic(b.draws, 1, ROWS, b.matrix()));
        for (float ratio : new float[] {0.5f, 0.2f}) {
            agree("stochasticTimesSmooth", width, (on, b) -> on.sampling()
                    .stochasticTimesSmooth(
                            b.matrix(), b.vector(), ratio, b.draws, 1, ROWS, b.matrix(), b.matrix(), b.matrix()));
        }
        for (float scale : new float[] {0f, 1f, 2.5f}) {
            agree("logisticRectifier", width, (on, b) -> on.sampling()
                    .logisticRectifier(b.matrix(), b.vector(), scale, b.draws, 1, ROWS, b.matrix()));
            agree("gaussianRectifier", width, (on, b) -> on.sampling()
                    .gaussianRectifier(b.matrix(), b.vector(), scale, b.draws, 1, ROWS, b.matrix()));
            agree("addGaussian", width, (on, b) -> on.sampling()
                    .addGaussian(b.matrix(), scale, b.draws, 1, ROWS, b.matrix()));
        }
        agree("dropout", width, (on, b) -> on.sampling()
                .dropout(b.matrix(), 0.7f, b.draws, 1, ROWS, b.matrix(), b.matrix()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 17, 64, 200})
    void paddingOfSamplesBecomesZero(int width) {
        for (Backend on : List.of(Backend.vector(new NoBlas()), Backend.scalar(new NoBlas()))) {
            List<Consumer<Matrix>> laws = List.of(
                    out -> {
                        Bench b = new Bench(width);
                        on.sampling().bernoulli(b.matrix(), b.vector(), b.draws, 0, ROWS, b.matrix(), out);
                    },
                    out -> {
                        Bench b = new Bench(width);
                        // Three pairs, of which the sixth row is left out.
                        Matrix six = Matrix.padded(ROWS + 1, width);
                        six.floats().fill(Float.NaN);
                        on.sampling().antitheticBernoulli(b.matrix(), b.vector(), b.draws, 0, 3, b.matrix(), six);
                        out.setRows(0, six, 0, ROWS);
                    },
                    out -> {
                        Bench b = new Bench(width);
                        on.sampling().dirichletBernoulli(b.matrix(), b.vector(), ROWS, b.draws, 0, 1, b.matrix(), out);
                    },
                    out -> {
                        Bench b = new Bench(width);
                        on.sampling().logistic(b.draws, 0, ROWS, out);
                    },
                    out -> {
                        Bench b = new Bench(width);
                        on.sampling().addGumbel(b.matrix(), b.draws, 0, ROWS, out);
                    },
                    out -> {
                        Bench b = new Bench(width);
                        on.sampling().gaussian(1f, b.draws, 0, ROWS, out);
                    },
                    out -> {
                        Bench b = new Bench(width);
                        on.unitGradients().rectifyNoisy(b.matrix(), b.vector(), ROWS, out, b.matrix());
                    },
                    out -> {
                        Bench b = new Bench(width);
                        on.unitGradients().relax(b.matrix(), b.vector(), 1f, ROWS, out, b.matrix());
                    },
                    out -> {
                        Bench b = new Bench(width);
                        on.sampling()
                                .stochasticTimesSmooth(
                                        b.matrix(), b.vector(), 0.5f, b.draws, 0, ROWS, b.matrix(), out, b.matrix());
                    },
                    out -> {
                        Bench b = new Bench(width);
                        on.sampling().logisticRectifier(b.matrix(), b.vector(), 1f, b.draws, 0, ROWS, out);
                    },
                    out -> {
                        Bench b = new Bench(width);
                        on.sampling().gaussianRectifier(b.matrix(), b.vector(), 1f, b.draws, 0, ROWS, out);
                    });
            for (Consumer<Matrix> law : laws) {
                Matrix samples = Matrix.padded(ROWS, width);
                samples.floats().fill(Float.NaN);
                law.accept(samples);
                for (int r = 0; r < ROWS; r++) {
                    for (int j = width; j < samples.stride(); j++) {
                        assertEquals(0f, samples.floats().get(r * samples.stride() + j), "row " + r + " column " + j);
                    }
                }
            }
        }
    }
}
