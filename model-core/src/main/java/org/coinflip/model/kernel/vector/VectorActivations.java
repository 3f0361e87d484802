package org.coinflip.model.kernel.vector;

import static org.coinflip.model.kernel.vector.VectorMath.FLOATS;
import static org.coinflip.model.kernel.vector.VectorMath.ORDER;
import static org.coinflip.model.kernel.vector.VectorMath.STEP;
import static org.coinflip.model.kernel.vector.VectorMath.load;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import jdk.incubator.vector.FloatVector;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * Activations and their derivatives, a kernel each. They are called through handles that are no constants, for through such the compiler
 * inlines nothing: where two of these come into one method it reaches its limit of nodes within the second and leaves calls, and vectors
 * that calls pass are objects. One loop that is handed the function will not do: six of nine virtual machines boxed in it, up to 27 KB a step.
 */
final class VectorActivations {
    private final MethodHandle[] values = handles("", Matrix.class, Floats.class, int.class);
    private final MethodHandle[] gradients = handles("Gradient", Matrix.class, Matrix.class, int.class);

    /** Of every activation the kernel of its name. */
    private static MethodHandle[] handles(String suffix, Class<?>... parameters) {
        return Arrays.stream(Activation.values())
                .map(f -> handle(f.name().toLowerCase(Locale.ROOT) + suffix, parameters))
                .toArray(MethodHandle[]::new);
    }

    private static MethodHandle handle(String name, Class<?>... parameters) {
        try {
            return MethodHandles.lookup()
                    .findStatic(VectorActivations.class, name, MethodType.methodType(void.class, parameters));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@link org.coinflip.model.kernel.operation.Elementwise#activate}. */
    void activate(Activation f, Matrix outputs, Floats bias, int rows) {
        try {
            values[f.ordinal()].invokeExact(outputs, bias, rows);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    /** {@link org.coinflip.model.kernel.operation.Elementwise#activationGradient}. */
    void activationGradient(Activation f, Matrix outputs, Matrix gradient, int rows) {
        try {
            gradients[f.ordinal()].invokeExact(outputs, gradient, rows);
        } catch (Throwable e) {
            throw unchecked(e);
        }
    }

    private static RuntimeException unchecked(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return (RuntimeException) e;
    }

    private static void linear(Matrix values, Floats bias, int rows) {
        ByteBuffer memory = values.floats().memory();
        ByteBuffer biases = bias.memory();
        int b = bias.byteOffset(0);
        int bytes = values.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int at = values.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                load(memory, at + j).add(load(biases, b + j)).intoByteBuffer(memory, at + j, ORDER);
            }
        }
    }

    private static void tanh(Matrix values, Floats bias, int rows) {
        ByteBuffer memory = values.floats().memory();
        ByteBuffer biases = bias.memory();
        int b = bias.byteOffset(0);
        int bytes = values.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int at = values.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                VectorMath.tanh(load(memory, at + j).add(load(biases, b + j))).intoByteBuffer(memory, at + j, ORDER);
            }
        }
    }

    private static void sigmoid(Matrix values, Floats bias, int rows) {
        ByteBuffer memory = values.floats().memory();
        ByteBuffer biases = bias.memory();
        int b = bias.byteOffset(0);
        int bytes = values.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int at = values.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                VectorMath.sigmoid(load(memory, at + j).add(load(biases, b + j)))
                        .intoByteBuffer(memory, at + j, ORDER);
            }
        }
    }

    private static void relu(Matrix values, Floats bias, int rows) {
        ByteBuffer memory = values.floats().memory();
        ByteBuffer biases = bias.memory();
        int b = bias.byteOffset(0);
        int bytes = values.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int at = values.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                load(memory, at + j).add(load(biases, b + j)).max(0f).intoByteBuffer(memory, at + j, ORDER);
            }
        }
    }

    private static void softplus(Matrix values, Floats bias, int rows) {
        ByteBuffer memory = values.floats().memory();
        ByteBuffer biases = bias.memory();
        int b = bias.byteOffset(0);
        int bytes = values.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int at = values.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                VectorMath.softplus(load(memory, at + j).add(load(biases, b + j)))
                        .intoByteBuffer(memory, at + j, ORDER);
            }
        }
    }

    private static void linearGradient(Matrix outputs, Matrix gradient, int rows) {}

    private static void tanhGradient(Matrix outputs, Matrix gradient, int rows) {
        ByteBuffer ys = outputs.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int from = outputs.rowOffset(r);
            int to = gradient.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector y = load(ys, from + j);
                load(gs, to + j).mul(one.sub(y.mul(y))).intoByteBuffer(gs, to + j, ORDER);
            }
        }
    }

    private static void sigmoidGradient(Matrix outputs, Matrix gradient, int rows) {
        ByteBuffer ys = outputs.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int from = outputs.rowOffset(r);
            int to = gradient.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector y = load(ys, from + j);
                load(gs, to + j).mul(y.mul(one.sub(y))).intoByteBuffer(gs, to + j, ORDER);
            }
        }
    }

    private static void reluGradient(Matrix outputs, Matrix gradient, int rows) {
        ByteBuffer ys = outputs.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int from = outputs.rowOffset(r);
            int to = gradient.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector y = load(ys, from + j);
                load(gs, to + j).mul(VectorMath.wherePositive(y)).intoByteBuffer(gs, to + j, ORDER);
            }
        }
    }

    private static void softplusGradient(Matrix outputs, Matrix gradient, int rows) {
        ByteBuffer ys = outputs.floats().memory();
        ByteBuffer gs = gradient.floats().memory();
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        int bytes = gradient.columns() * Float.BYTES;
        for (int r = 0; r < rows; r++) {
            int from = outputs.rowOffset(r);
            int to = gradient.rowOffset(r);
            for (int j = 0; j < bytes; j += STEP) {
                FloatVector y = load(ys, from + j);
                load(gs, to + j).mul(one.sub(VectorMath.exp(y.neg()))).intoByteBuffer(gs, to + j, ORDER);
            }
        }
    }
}
