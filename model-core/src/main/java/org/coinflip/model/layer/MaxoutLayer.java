package org.coinflip.model.layer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.kernel.Activation;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Section;

/**
 * Maxout units: {@code y_i = max_j (x W_ij + b_ij)}, j = 1 … pieces. The gradient goes to the piece that won, the first of equals.
 *
 * <p>Goodfellow, Warde-Farley, Mirza, Courville, Bengio (2013), "Maxout networks".
 *
 * @param units columns of the output
 * @param pieces linear pieces of a unit, at least 2
 * @param initial initial weights and biases, rate scale
 */
public record MaxoutLayer(int units, int pieces, Initial initial) implements Layer {
    public static final String TYPE = "maxout";

    public static MaxoutLayer read(Section section) {
        int units = section.integer("units", 1, Integer.MAX_VALUE);
        int pieces = section.integer("pieces", 2, 2, Integer.MAX_VALUE);
        if ((long) units * pieces > Integer.MAX_VALUE) {
            throw section.wrong("pieces", "at most " + Integer.MAX_VALUE / units + " for so many units");
        }
        return new MaxoutLayer(units, pieces, Initial.read(section));
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("units", units);
        keys.put("pieces", pieces);
        initial.write(keys);
        return keys;
    }

    @Override
    public int outputs(int inputs) {
        return units;
    }

    @Override
    public void declare(LayoutBuilder layout, int index, int inputs) {
        Affine.declare(layout, index, inputs, units * pieces, initial.rateScale());
    }

    @Override
    public double initialWeightBound(int inputs, int unitsOfWeights) {
        return Layer.super.initialWeightBound(inputs, unitsOfWeights / pieces);
    }

    @Override
    public boolean takesWeights() {
        return true;
    }

    @Override
    public Stage bind(Binding binding) {
        return new MaxoutStage(binding);
    }

    private final class MaxoutStage extends Stage {
        private final Binding binding;
        private final Affine affine;
        /** Every unit's pieces side by side; then, going backward, their gradients. */
        private final Matrix all;

        private final int[] winners;

        MaxoutStage(Binding binding) {
            super(Matrix.padded(binding.capacity(), units));
            this.binding = binding;
            this.affine = new Affine(binding);
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
            affine.multiply(rows, all);
            binding.backend().elementwise().activate(Activation.LINEAR, all, affine.biases(), rows);
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
            affine.propagate(all, rows);
        }

        @Override
        public void accumulate(PassContext context) {
            affine.accumulate(all, rows(context), context);
        }
    }
}
