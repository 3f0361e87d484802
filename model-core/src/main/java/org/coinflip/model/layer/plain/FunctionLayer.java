package org.coinflip.model.layer.plain;

import java.util.Map;
import org.coinflip.model.function.UnitFunction;
import org.coinflip.model.function.UnitFunctions;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.layer.TopLayer;
import org.coinflip.model.memory.LayoutBuilder;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.settings.Section;

/**
 * A top layer whose loss of a row is a known function of what it is given, {@code L = f(h)}, whatever the example: for studies of
 * estimators. It has no parameters; its output is the loss.
 *
 * @param function f
 */
public record FunctionLayer(UnitFunction function) implements TopLayer {
    public static final String TYPE = "function";

    public static FunctionLayer read(Section section) {
        return new FunctionLayer(UnitFunctions.read(section.typed("function", null)));
    }

    @Override
    public Map<String, Object> write() {
        return Map.of("type", TYPE, "function", function.write());
    }

    @Override
    public void check(int inputs, int classes) {}

    @Override
    public int outputs(int inputs) {
        return 1;
    }

    @Override
    public void declare(LayoutBuilder layout, int index, int inputs) {
        function.check(inputs, "network.layers[" + index + "].function");
    }

    @Override
    public Stage bind(Binding binding) {
        return new FunctionStage(binding);
    }

    private final class FunctionStage extends Stage {
        private final Binding binding;
        private final UnitFunction.Evaluator evaluator;
        private final double[] point;
        private final double[] derivatives;

        FunctionStage(Binding binding) {
            super(Matrix.padded(binding.capacity(), 1));
            this.binding = binding;
            int inputs = binding.source().output().columns();
            this.evaluator = function.evaluator(inputs);
            this.point = new double[inputs];
            this.derivatives = new double[inputs];
        }

        @Override
        public int rows(PassContext context) {
            return binding.source().rows(context);
        }

        @Override
        public void forward(PassContext context) {
            int rows = rows(context) * context.copies();
            context.setTopRows(rows);
            for (int r = 0; r < rows; r++) {
                readPoint(r);
                float loss = (float) evaluator.value(point);
                output().set(r, 0, loss);
                if (context.mode() == Mode.TRAIN) {
                    context.losses()[r] = loss;
                }
            }
        }

        @Override
        public void backward(PassContext context) {
            Matrix below = binding.source().gradient();
            if (below == null) {
                return;
            }
            float carry = binding.source().claimGradient();
            float[] factors = context.rowFactors();
            float weight = (float) context.inputRows() / rows(context);
            int rows = rows(context) * context.copies();
            for (int r = 0; r < rows; r++) {
                readPoint(r);
                evaluator.differentiate(point, derivatives);
                double scale = factors == null ? weight : weight * factors[r];
                for (int j = 0; j < derivatives.length; j++) {
                    float before = carry == 0f ? 0f : carry * below.get(r, j);
                    below.set(r, j, before + (float) (scale * derivatives[j]));
                }
            }
        }

        @Override
        public void accumulate(PassContext context) {}

        private void readPoint(int row) {
            for (int j = 0; j < point.length; j++) {
                point[j] = binding.source().output().get(row, j);
            }
        }
    }
}
