package org.coinflip.spark.sweep.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The published minima. */
class FunctionProgramTest {
    @Test
    void braninHasItsThreeMinima() {
        assertEquals(0.397887, FunctionProgram.branin(-Math.PI, 12.275), 1e-6);
        assertEquals(0.397887, FunctionProgram.branin(Math.PI, 2.275), 1e-6);
        assertEquals(0.397887, FunctionProgram.branin(9.42478, 2.475), 1e-6);
    }

    @Test
    void hartmann6HasItsMinimum() {
        double[] at = {0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573};
        assertEquals(-3.32237, FunctionProgram.hartmann6(at), 1e-5);
    }
}
