package org.coinflip.spark.study.estimators;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import org.coinflip.model.function.UnitFunction;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.layer.DenseLayer;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.plain.FunctionLayer;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;

/** The loss as a function of the first layer's units, in double precision and with none of the engine's arithmetic. */
final class LossOfUnits implements ToDoubleFunction<double[]> {
    private final List<UnaryOperator<double[]>> dense = new ArrayList<>();
    private final UnitFunction.Evaluator top;
    private final int degree;

    /** @param network dense layers and a function above the first layer */
    LossOfUnits(Network network, State state) {
        int last = network.layers().size() - 1;
        for (int i = 1; i < last; i++) {
            Layer layer = network.layers().get(i);
            if (!(layer instanceof DenseLayer deterministic)) {
                throw new IllegalArgumentException("no double-precision form of " + layer.write());
            }
            double[][] weights = doubles(state.matrix("layer" + i + ".weights"));
            double[] biases = doubles(state.matrix("layer" + i + ".biases"))[0];
            dense.add(x -> affine(deterministic.activation(), weights, biases, x));
        }
        UnitFunction function = ((FunctionLayer) network.layers().get(last)).function();
        int inputs = last == 1
                ? network.layers().get(0).outputs(network.spec().inputs())
                : ((DenseLayer) network.layers().get(last - 1)).units();
        top = function.evaluator(inputs);
        degree = function.degree(1);
    }

    /** Whether it is linear in each unit, so that the mean of independent units' losses is the loss of their means. */
    boolean isMultilinear() {
        return dense.isEmpty() && degree <= 1;
    }

    @Override
    public double applyAsDouble(double[] units) {
        double[] x = units;
        for (UnaryOperator<double[]> layer : dense) {
            x = layer.apply(x);
        }
        return top.value(x);
    }

    private static double[][] doubles(Matrix matrix) {
        double[][] doubles = new double[matrix.rows()][matrix.columns()];
        for (int r = 0; r < doubles.length; r++) {
            for (int j = 0; j < doubles[r].length; j++) {
                doubles[r][j] = matrix.get(r, j);
            }
        }
        return doubles;
    }

    private static double[] affine(Activation activation, double[][] weights, double[] biases, double[] x) {
        double[] y = biases.clone();
        for (int j = 0; j < y.length; j++) {
            for (int i = 0; i < x.length; i++) {
                y[j] += x[i] * weights[i][j];
            }
            y[j] = activate(activation, y[j]);
        }
        return y;
    }

    private static double activate(Activation activation, double a) {
        return switch (activation) {
            case LINEAR -> a;
            case TANH -> StrictMath.tanh(a);
            case SIGMOID -> 1 / (1 + StrictMath.exp(-a));
            case RELU -> Math.max(0, a);
            case SOFTPLUS -> Math.max(0, a) + StrictMath.log1p(StrictMath.exp(-Math.abs(a)));
        };
    }
}
