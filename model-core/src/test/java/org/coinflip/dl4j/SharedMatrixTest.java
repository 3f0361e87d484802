package org.coinflip.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.coinflip.model.memory.Floats;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class SharedMatrixTest {
    @Test
    void nd4jSeesTheSameMemory() {
        Floats all = Floats.of(1, 2, 3, 4);
        INDArray array = SharedMatrix.view(all.view(1, 3));
        array.putScalar(0, 20f);
        all.set(3, 40);
        assertEquals(20f, all.get(1));
        assertEquals(40f, array.getFloat(2));
    }
}
