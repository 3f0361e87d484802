package org.coinflip.spark.round;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.coinflip.model.memory.Floats;
import org.coinflip.spark.experiment.OuterSpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("numerical")
class OuterStepTest {
    @Test
    void momentumNoughtAndRateOneIsPlainAveragingToTheBit() {
        Random random = new Random(1);
        for (OuterSpec.Kind kind : OuterSpec.Kind.values()) {
            OuterStep outer = new OuterStep(new OuterSpec(kind, 1, 0), 50);
            for (int round = 0; round < 3; round++) {
                float[] mean = new float[50];
                for (int i = 0; i < mean.length; i++) {
                    mean[i] = i == 7 ? -0f : (float) (random.nextGaussian() * Math.pow(10, random.nextInt(9) - 4));
                }
                Floats state = Floats.of(mean);
                outer.take(Floats.of(new float[50]), state);
                for (int i = 0; i < mean.length; i++) {
                    assertEquals(
                            Float.floatToRawIntBits(mean[i]), Float.floatToRawIntBits(state.get(i)), "number " + i);
                }
            }
        }
    }

    /** By hand: x₀ = 1, steps 2 and −1 of the mean, μ = ½, η = ¼. v₁ = 2, x₁ = 1 + 2/4 = 1½; v₂ = 1 − 1 = 0, x₂ = 1½. */
    @Test
    void momentumIsTheHandComputedCase() {
        OuterStep outer = new OuterStep(new OuterSpec(OuterSpec.Kind.MOMENTUM, 0.25, 0.5), 1);
        assertEquals(1.5f, step(outer, 1f, 2f));
        assertEquals(1.5f, step(outer, 1.5f, -1f));
        assertArrayEquals(new float[] {0f}, outer.memory().values().iterator().next());
    }

    /** By hand, the same case: x₁ = 1 + (½·2 + 2)/4 = 1¾; v₂ = 0, x₂ = 1¾ + (0 − 1)/4 = 1½. */
    @Test
    void nesterovIsTheHandComputedCase() {
        OuterStep outer = new OuterStep(new OuterSpec(OuterSpec.Kind.NESTEROV, 0.25, 0.5), 1);
        assertEquals(1.75f, step(outer, 1f, 2f));
        assertEquals(1.5f, step(outer, 1.75f, -1f));
    }

    @Test
    void whatIsNotAParameterTakesTheMean() {
        OuterStep outer = new OuterStep(new OuterSpec(OuterSpec.Kind.MOMENTUM, 0.5, 0.9), 1);
        Floats mean = Floats.of(3f, 5f);
        outer.take(Floats.of(1f, 1f), mean);
        assertArrayEquals(new float[] {2f, 5f}, mean.toArray());
    }

    private static float step(OuterStep outer, float from, float step) {
        Floats mean = Floats.of(from + step);
        outer.take(Floats.of(from), mean);
        return mean.get(0);
    }
}
