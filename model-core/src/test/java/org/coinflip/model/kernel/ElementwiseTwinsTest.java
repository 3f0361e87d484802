package org.coinflip.model.kernel;

import static org.coinflip.model.kernel.Twins.LARGE;
import static org.coinflip.model.kernel.Twins.ROWS;
import static org.coinflip.model.kernel.Twins.SPECIAL;
import static org.coinflip.model.kernel.Twins.agree;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.kernel.operation.FiringRate;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vector and scalar kernels that go number by number give the same bits, whatever the width: so a model does not depend on the machine's vectors. */
@Tag("numerical")
class ElementwiseTwinsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 17, 64, 200})
    void elementwise(int width) {
        for (Activation f : Activation.values()) {
            agree(f.name(), width, (on, b) -> on.elementwise().activate(f, b.matrix(), b.vector(), ROWS));
            agree(f.name() + "'", width, (on, b) -> on.elementwise()
                    .activationGradient(f, b.notNegative(LARGE), b.matrix(), ROWS));
        }
        agree("multiply", width, (on, b) -> on.elementwise().multiply(b.matrix(), b.matrix(), ROWS));
        agree("multiplyByVariance", width, (on, b) -> on.elementwise()
                .activationGradient(Activation.SIGMOID, b.notNegative(1f), b.matrix(), ROWS));
        agree("multiplyByLikelier", width, (on, b) -> on.unitGradients()
                .multiplyByLikelier(b.notNegative(1f), b.matrix(), ROWS));
        agree("multiplyByResidual", width, (on, b) -> on.unitGradients()
                .multiplyByResidual(b.notNegative(1f), b.notNegative(1f), 0.5f, b.matrix(), ROWS));
        agree("multiplyWithin", width, (on, b) -> on.unitGradients()
                .multiplyWithin(b.matrix(), 1f, 0.7f, b.matrix(), ROWS));
        for (float temperature : new float[] {0.01f, 0.5f, 1f}) {
            agree("relax", width, (on, b) -> on.unitGradients()
                    .relax(b.matrix(), b.vector(), temperature, ROWS, b.matrix(), b.matrix()));
            agree("multiplyByRelaxedSlope", width, (on, b) -> on.unitGradients()
                    .multiplyByRelaxedSlope(b.matrix(), b.matrix(), temperature, b.matrix(), ROWS));
        }
        agree("rectifyNoisy", width, (on, b) -> on.unitGradients()
                .rectifyNoisy(b.matrix(), b.vector(), ROWS, b.matrix(), b.matrix()));
        for (int perRow : new int[] {1, 2, 5}) {
            agree("weightedSamples", width, (on, b) -> on.unitGradients()
                    .weightedSamples(b.matrix(), b.signal, perRow, ROWS / perRow, b.matrix()));
        }
        agree("bernoulliLoss", width, (on, b) -> on.losses()
                .bernoulliLoss(b.matrix(), b.notNegative(1f), 2, ROWS, 0.6f, b.vector(Matrix.ROW_UNIT), b.signal));
        agree("gaussianLoss", width, (on, b) -> on.losses()
                .gaussianLoss(b.matrix(), b.matrix(), 2, ROWS, 0.6f, b.vector(Matrix.ROW_UNIT), b.signal));
        agree("weightedDeviations", width, (on, b) -> on.unitGradients()
                .weightedDeviations(b.matrix(), b.notNegative(1f), b.signal, 2, ROWS / 2, b.matrix()));
        for (FiringRate rho : FiringRate.values()) {
            agree("settle " + rho, width, (on, b) -> on.elementwise()
                    .settle(rho, b.matrix(), b.matrix(), b.matrix(), 0.7f, 0.5f, ROWS, b.matrix(), b.notNegative(1f)));
        }
        agree("difference", width, (on, b) -> on.elementwise()
                .difference(b.matrix(), b.matrix(), 0.5f, ROWS, b.matrix()));
        agree("rescale", width, (on, b) -> on.elementwise().rescale(b.matrix(), 2f, -1f, ROWS, b.matrix()));
        agree("scaleRows", width, (on, b) -> on.elementwise().scaleRows(b.signal, ROWS, b.matrix()));
        agree("addPriorCost", width, (on, b) -> on.losses()
                .addPriorCost(
                        b.matrix(), b.vector(), 0.3f, b.notNegative(1f), 2, ROWS, b.vector(Matrix.ROW_UNIT), b.signal));
        agree("addPriorGradient", width, (on, b) -> on.losses()
                .addPriorGradient(b.matrix(), b.vector(), 2, ROWS, 0.6f, b.matrix()));
        agree("weightedColumnSums", width, (on, b) -> on.elementwise()
                .weightedColumnSums(b.matrix(), b.signal, ROWS, -0.3f, 0.9f, b.vector()));
        for (float carry : new float[] {0f, 0.9f}) {
            agree("add", width, (on, b) -> on.elementwise().add(b.matrix(), -0.3f, carry, ROWS, b.matrix()));
            agree("columnSums", width, (on, b) -> on.elementwise()
                    .columnSums(b.matrix(), ROWS, -0.3f, carry, b.vector()));
        }
        agree("addLinear", width, (on, b) -> on.elementwise()
                .addLinear(b.matrix(), b.vector(), b.vector(), ROWS, b.matrix()));
        agree("scaleColumns", width, (on, b) -> on.elementwise().scaleColumns(b.vector(), ROWS, b.matrix()));
        agree("columnSquares", width, (on, b) -> on.elementwise().columnSquares(b.matrix(), ROWS, 0.2f, b.vector()));
        agree("scoreTimesSignal", width, (on, b) -> on.unitGradients()
                .scoreTimesSignal(b.notNegative(1f), b.notNegative(1f), b.signal, 0.7f, b.vector(), ROWS, b.matrix()));
        agree("baselineStatistics", width, (on, b) -> on.unitGradients()
                .baselineStatistics(
                        b.notNegative(1f), b.notNegative(1f), b.signal, ROWS, 0.9f, b.vector(), b.vector()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 17, 64, 200})
    void gathering(int width) {
        Random random = new Random(1);
        byte[] bytes = new byte[ROWS * width];
        random.nextBytes(bytes);
        float[] scale = new float[width];
        float[] offset = new float[width];
        float[] floats = new float[ROWS * width];
        for (int j = 0; j < width; j++) {
            scale[j] = random.nextFloat();
            offset[j] = random.nextFloat() - 0.5f;
        }
        for (int i = 0; i < floats.length; i++) {
            floats[i] = SPECIAL[random.nextInt(SPECIAL.length)];
        }
        long[] ids = {0, 1, 2, 3, 4};
        int[] places = {4, 0, 2, 2, 1};
        for (Examples examples : List.of(
                Examples.ofBytes(width, 1, ids, new int[ROWS], bytes, scale, offset),
                Examples.ofFloats(width, 1, ids, new int[ROWS], floats))) {
            agree("gather", width, (on, b) -> on.elementwise().gather(examples, places, ROWS, b.matrix()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 17, 64, 200})
    void updating(int width) {
        agree("momentum", width, (on, b) -> on.updating().momentum(b.vector(), b.vector(), 0.1f, 0.01f));
        agree("nesterov", width, (on, b) -> on.updating()
                .nesterov(b.vector(), b.vector(), b.vector(), 0.1f, 0.9f, 0.01f));
        agree("adam", width, (on, b) -> on.updating()
                .adam(b.vector(), b.vector(), b.vector(), b.notNegativeVector(), 0.1f, 0.9f, 0.999f, 1e-8f, 0.01f));
        agree("rmsProp", width, (on, b) -> on.updating()
                .rmsProp(b.vector(), b.vector(), b.notNegativeVector(), 0.1f, 0.95f, 1e-8f, 0.01f));
        for (float most : new float[] {1e-3f, 1f, 60f, 1e4f}) {
            agree("limitColumnNorms", width, (on, b) -> on.updating()
                    .limitColumnNorms(Matrix.dense(b.vector(9 * width), 9, width), most, b.vector()));
        }
        agree("mean", width, (on, b) -> on.updating().mean(b.vector(), 0.3, b.vector(), 0.7));
        agree("isFinite", width, (on, b) -> {
            Floats vector = b.vector();
            Floats verdict = b.vector();
            verdict.set(0, on.updating().isFinite(vector) ? 1f : 0f);
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                vector.set(width - 1, bad);
                verdict.set(0, verdict.get(0) + (on.updating().isFinite(vector) ? 100f : 10f));
            }
            assertEquals(31f, verdict.get(0), "three are not finite");
        });
    }
}
