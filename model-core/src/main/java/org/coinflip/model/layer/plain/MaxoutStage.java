package org.coinflip.model.layer.plain;

import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.PreActivation;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.Matrix;

/** Maxout units in one pass, {@code y_i = max_j a_ij}. */
public final class MaxoutStage extends Stage {
    private final Binding binding;
    private final PreActivation below;
    private final int units;
    private final int pieces;
    /** Every unit's pieces side by side; then, going backward, their gradients. */
    private final Matrix all;

    private final int[] winners;

    /**
     * @param below of all pieces, those of a unit side by side
     * @param units columns of the output
     */
    public MaxoutStage(Binding binding, PreActivation below, int units, int pieces) {
        super(Matrix.padded(binding.capacity(), units));
        this.binding = binding;
        this.below = below;
        this.units = units;
        this.pieces = pieces;
        this.all = Matrix.padded(binding.capacity(), units * pieces);
        this.winners = new int[binding.capacity() * units];
        requireGradient();
    }

    @Override
    public int rows(PassContext context) {
        return binding.source().rows(context);
    }

    @Override
    public void forward(PassContext context) {
        int rows = rows(context) * context.copies();
        below.multiply(rows, all);
        binding.backend().elementwise().activate(Activation.LINEAR, all, below.biases(), rows);
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < units; i++) {
                int winner = i * pieces;
                for (int j = winner + 1; j < (i + 1) * pieces; j++) {
                    if (all.get(r, j) > all.get(r, winner)) {
                        winner = j;
                    }
                }
                winners[r * units + i] = winner;
                output().set(r, i, all.get(r, winner));
            }
        }
    }

    @Override
    public void backward(PassContext context) {
        int rows = rows(context) * context.copies();
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < units * pieces; j++) {
                all.set(r, j, 0f);
            }
            for (int i = 0; i < units; i++) {
                all.set(r, winners[r * units + i], gradient().get(r, i));
            }
        }
        below.propagate(all, rows);
    }

    @Override
    public void accumulate(PassContext context) {
        below.accumulate(all, rows(context), context);
    }
}
