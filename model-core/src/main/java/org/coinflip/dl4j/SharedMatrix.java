package org.coinflip.dl4j;

import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A matrix of ours and an ND4J view over the same memory, through which numbers go in and out. Belongs to one thread. */
final class SharedMatrix {
    private final Matrix matrix;
    private final INDArray view;

    SharedMatrix(int rows, int columns) {
        matrix = Matrix.padded(rows, columns);
        // a view made in one of DL4J's workspaces would be invalid after it
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            view = view(matrix.floats())
                    .reshape('c', rows, matrix.stride())
                    .get(NDArrayIndex.all(), NDArrayIndex.interval(0, columns));
        }
    }

    /** An ND4J vector over the same memory: writing to one is writing to the other. The vector must outlive it. */
    static INDArray view(Floats floats) {
        DataBuffer buffer = Nd4j.createBuffer(floats.pointer(), floats.length(), DataType.FLOAT);
        return Nd4j.create(buffer, new long[] {floats.length()});
    }

    Matrix matrix() {
        return matrix;
    }

    /** The first so many rows; not a copy. */
    INDArray rows(int count) {
        return count == matrix.rows() ? view : view.get(NDArrayIndex.interval(0, count), NDArrayIndex.all());
    }

    /** Overwrites the first rows. */
    void assign(INDArray values) {
        rows((int) values.size(0)).assign(values);
    }
}
