package org.coinflip.model.layer.experts;

import java.util.Arrays;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.SkipConnection;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.Matrix;

/** A {@link ProductLayer} in one pass. Rows are worked on in arrays, which are what the compiler's vectors are fastest on. */
final class ProductStage extends Stage implements SkipConnection.Gradient {
    private final ProductLayer layer;
    private final Stage gates;
    private final SkipConnection x;
    /** x of every row, as the pass forward had it. */
    private Matrix values;

    private final float[] row;
    private final float[] other;
    private final float[] gate;
    private final float[] gateGradient;
    private final float[] before;

    ProductStage(ProductLayer layer, Binding binding) {
        super(Matrix.padded(binding.capacity(), layer.maps().columns()));
        this.layer = layer;
        gates = binding.source();
        x = new SkipConnection(binding, layer.source(binding.index()));
        if (x.columns() != output().columns()) {
            throw new UsageException("network.layers[" + binding.index() + "].image: got "
                    + layer.maps().inWords() + ", expected the " + x.columns() + " columns that the gater reads");
        }
        row = new float[output().columns()];
        other = new float[output().columns()];
        gate = new float[layer.gates()];
        gateGradient = new float[layer.gates()];
        before = new float[layer.gates()];
        if (gates.gradient() != null || x.isDifferentiable()) {
            requireGradient();
        }
    }

    @Override
    public Matrix gates() {
        return gates.output();
    }

    @Override
    public int rows(PassContext context) {
        return gates.rows(context);
    }

    @Override
    public void forward(PassContext context) {
        int rows = rows(context) * context.copies();
        values = x.values(context, rows);
        for (int r = 0; r < rows; r++) {
            values.getRow(r, row, 0);
            gates.output().getRow(r, gate, 0);
            multiply();
            output().setRow(r, row, 0);
        }
    }

    /** Multiplies each number of the row by its gate. */
    private void multiply() {
        int inner = layer.gatesLieSideBySide() ? gate.length : row.length / gate.length;
        for (int from = 0, outer = 0; from < row.length; from += inner, outer++) {
            if (layer.gatesLieSideBySide()) {
                for (int i = 0; i < inner; i++) {
                    row[from + i] *= gate[i];
                }
            } else {
                float g = gate[outer];
                for (int i = 0; i < inner; i++) {
                    row[from + i] *= g;
                }
            }
        }
    }

    @Override
    public void backward(PassContext context) {
        if (gradient() == null) {
            return;
        }
        int rows = rows(context) * context.copies();
        if (gates.gradient() != null) {
            float carry = gates.claimGradient();
            for (int r = 0; r < rows; r++) {
                values.getRow(r, other, 0);
                gradient().getRow(r, row, 0);
                sumProducts();
                if (carry != 0f) {
                    gates.gradient().getRow(r, before, 0);
                    for (int k = 0; k < before.length; k++) {
                        gateGradient[k] += before[k];
                    }
                }
                gates.gradient().setRow(r, gateGradient, 0);
            }
        }
        x.propagate(context, rows, this);
    }

    /** Adds up the products of the row and the other, gate by gate. */
    private void sumProducts() {
        boolean sideBySide = layer.gatesLieSideBySide();
        int inner = sideBySide ? gate.length : row.length / gate.length;
        Arrays.fill(gateGradient, 0f);
        for (int from = 0, outer = 0; from < row.length; from += inner, outer++) {
            if (sideBySide) {
                for (int i = 0; i < inner; i++) {
                    gateGradient[i] += row[from + i] * other[from + i];
                }
            } else {
                float sum = 0f;
                for (int i = 0; i < inner; i++) {
                    sum += row[from + i] * other[from + i];
                }
                gateGradient[outer] = sum;
            }
        }
    }

    @Override
    public void add(int rows, float carry, Matrix to) {
        for (int r = 0; r < rows; r++) {
            gradient().getRow(r, row, 0);
            gates.output().getRow(r, gate, 0);
            multiply();
            if (carry != 0f) {
                to.getRow(r, other, 0);
                for (int i = 0; i < row.length; i++) {
                    row[i] += other[i];
                }
            }
            to.setRow(r, row, 0);
        }
    }

    @Override
    public void accumulate(PassContext context) {}
}
