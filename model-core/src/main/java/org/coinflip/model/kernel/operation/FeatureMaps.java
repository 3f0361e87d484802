package org.coinflip.model.kernel.operation;

import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * Kernels on pictures and maps of features, one a row, channels last as a {@link Window} has them. Stateless and thread-safe on disjoint
 * data; nothing is allocated.
 */
public interface FeatureMaps {
    /**
     * What the window shows at every place (im2col): {@code patches[p][(i · kernelWidth + j) · channels + c]} is channel c of line i and
     * column j of the window at place p, or the transpose where {@link Window#isTransposed}.
     *
     * @param framed a picture with its frame
     * @param patches {@link Window#patchRows} + 1 × {@link Window#patchColumns}; its last row, and what is behind a row's numbers, is undefined
     *     after
     */
    void patches(Window window, Floats framed, Matrix patches);

    /**
     * The transpose of {@link #patches}: {@code framed[i] ← Σ} of all numbers of the patches that were read from i, added row by row of the patches.
     *
     * @param framed a picture with its frame, modified
     */
    void sumPatches(Window window, Matrix patches, Floats framed);

    /** {@code out[r][p C + c] ← max} of channel c over the window at place p. */
    void maxPool(Window window, Matrix in, int rows, Matrix out);

    /**
     * Gives the gradient of each maximum to the number that it is, the first of equals: {@code gradient ← carry · gradient + Σ}.
     *
     * @param out the maxima
     * @param carry 0 or 1
     * @param gradient of the input, modified
     */
    void maxPoolGradient(
            Window window, Matrix in, Matrix out, Matrix outGradient, int rows, float carry, Matrix gradient);

    /** {@code out[r][p C + c] ←} mean of channel c over the window at place p. */
    void meanPool(Window window, Matrix in, int rows, Matrix out);

    /**
     * Gives each number its part of the gradients of the means that it is in: {@code gradient ← carry · gradient + Σ}.
     *
     * @param carry 0 or 1
     * @param gradient of the input, modified
     */
    void meanPoolGradient(Window window, Matrix outGradient, int rows, float carry, Matrix gradient);
}
