package org.coinflip.spark.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Map;
import java.util.Optional;
import org.coinflip.model.kernel.BlasLibrary;
import org.junit.jupiter.api.Test;

class ForcedKernelsTest {
    @Test
    void variablesOfOtherLibrariesForceNothing() {
        assertEquals(
                Optional.empty(),
                ForcedKernels.look(BlasLibrary.PORTABLE, Map.of("OPENBLAS_CORETYPE", "Haswell", "MKL_CBWR", "SSE2")));
        assertEquals(Optional.empty(), ForcedKernels.look(BlasLibrary.MKL, Map.of("OPENBLAS_CORETYPE", "Haswell")));
    }

    @Test
    void whatIsForcedIsNamedAndMeasuredAgainstAProcessWithoutIt() {
        assumeTrue(BlasLibrary.OPENBLAS.loads());
        ForcedKernels forced = ForcedKernels.look(
                        BlasLibrary.OPENBLAS, Map.of("OPENBLAS_CORETYPE", "Haswell", "A", "b"))
                .orElseThrow();
        assertEquals("OPENBLAS_CORETYPE=Haswell", forced.toString());
        // whatever this process is forced to, the other has a rate
        assertTrue(forced.cost() < 1, "cost " + forced.cost());
    }
}
