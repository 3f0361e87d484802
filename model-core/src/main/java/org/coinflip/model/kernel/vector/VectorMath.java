package org.coinflip.model.kernel.vector;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ROL;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.coinflip.model.kernel.operation.ScalarMath;

/** {@link ScalarMath} on vectors: the same operations in the same order, so the same bits. */
public final class VectorMath {
    public static final VectorSpecies<Float> FLOATS =
            FloatVector.SPECIES_PREFERRED.length() <= 16 ? FloatVector.SPECIES_PREFERRED : FloatVector.SPECIES_512;
    public static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
    public static final int LANES = FLOATS.length();

    /** Bytes from one vector of floats to the next. */
    static final int STEP = LANES * Float.BYTES;

    static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private static final IntVector LANE_NUMBERS = IntVector.zero(INTS).addIndex(1);

    private VectorMath() {}

    static FloatVector load(ByteBuffer memory, int at) {
        return FloatVector.fromByteBuffer(FLOATS, memory, at, ORDER);
    }

    static FloatVector load(float[] values, int at) {
        return FloatVector.fromArray(FLOATS, values, at);
    }

    static FloatVector exp(FloatVector x) {
        FloatVector y = x.max(ScalarMath.EXP_LEAST).min(ScalarMath.EXP_MOST);
        FloatVector shifted = y.fma(
                FloatVector.broadcast(FLOATS, ScalarMath.LOG2_E), FloatVector.broadcast(FLOATS, ScalarMath.ROUNDER));
        FloatVector n = shifted.sub(ScalarMath.ROUNDER);
        FloatVector r = n.fma(
                FloatVector.broadcast(FLOATS, -ScalarMath.LN2_LOW),
                n.fma(FloatVector.broadcast(FLOATS, -ScalarMath.LN2_HIGH), y));
        FloatVector p = FloatVector.broadcast(FLOATS, ScalarMath.EXP_6);
        p = p.fma(r, FloatVector.broadcast(FLOATS, ScalarMath.EXP_5));
        p = p.fma(r, FloatVector.broadcast(FLOATS, ScalarMath.EXP_4));
        p = p.fma(r, FloatVector.broadcast(FLOATS, ScalarMath.EXP_3));
        p = p.fma(r, FloatVector.broadcast(FLOATS, ScalarMath.EXP_2));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 1f));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 1f));
        return p.reinterpretAsInts()
                .add(shifted.reinterpretAsInts().lanewise(LSHL, 23))
                .reinterpretAsFloats();
    }

    static FloatVector log(FloatVector x) {
        IntVector bits = x.reinterpretAsInts().sub(ScalarMath.SQRT_HALF_BITS);
        FloatVector exponent = bits.lanewise(VectorOperators.ASHR, 23)
                .add(ScalarMath.ROUNDER_BITS)
                .reinterpretAsFloats()
                .sub(ScalarMath.ROUNDER);
        FloatVector f = bits.and(0x007F_FFFF)
                .add(ScalarMath.SQRT_HALF_BITS)
                .reinterpretAsFloats()
                .sub(1f);
        FloatVector p = FloatVector.broadcast(FLOATS, ScalarMath.LOG_9);
        p = p.fma(f, FloatVector.broadcast(FLOATS, ScalarMath.LOG_8));
        p = p.fma(f, FloatVector.broadcast(FLOATS, ScalarMath.LOG_7));
        p = p.fma(f, FloatVector.broadcast(FLOATS, ScalarMath.LOG_6));
        p = p.fma(f, FloatVector.broadcast(FLOATS, ScalarMath.LOG_5));
        p = p.fma(f, FloatVector.broadcast(FLOATS, ScalarMath.LOG_4));
        p = p.fma(f, FloatVector.broadcast(FLOATS, ScalarMath.LOG_3));
        p = p.fma(f, FloatVector.broadcast(FLOATS, ScalarMath.LOG_2));
        p = p.fma(f, FloatVector.broadcast(FLOATS, ScalarMath.LOG_1));
        FloatVector f2 = f.mul(f);
        FloatVector y = f2.mul(f).mul(p);
        y = exponent.fma(FloatVector.broadcast(FLOATS, ScalarMath.LOG_LN2_LOW), y);
        y = f2.fma(FloatVector.broadcast(FLOATS, -0.5f), y);
        y = f.add(y);
        return exponent.fma(FloatVector.broadcast(FLOATS, ScalarMath.LOG_LN2_HIGH), y);
    }

    static FloatVector sigmoid(FloatVector x) {
        return FloatVector.broadcast(FLOATS, 1f).div(exp(x.neg()).add(1f));
    }

    static FloatVector tanh(FloatVector x) {
        return FloatVector.broadcast(FLOATS, 1f)
                .sub(FloatVector.broadcast(FLOATS, 2f).div(exp(x.add(x)).add(1f)));
    }

    static FloatVector softplus(FloatVector x) {
        return log(exp(x.abs().neg()).add(1f)).add(x.max(0f));
    }

    static FloatVector uniform(IntVector words) {
        return words.lanewise(LSHR, 9)
                .or(ScalarMath.ONE_BITS)
                .reinterpretAsFloats()
                .sub(ScalarMath.ONE_LESS);
    }

    static FloatVector logistic(FloatVector u) {
        return log(u.div(FloatVector.broadcast(FLOATS, 1f).sub(u)));
    }

    static FloatVector normal(FloatVector u, FloatVector v) {
        FloatVector radius = log(u).mul(-2f).sqrt();
        FloatVector s = FloatVector.broadcast(FLOATS, 0.25f).sub(v.sub(0.5f).abs());
        FloatVector s2 = s.mul(s);
        FloatVector p = FloatVector.broadcast(FLOATS, ScalarMath.SIN_11);
        p = p.fma(s2, FloatVector.broadcast(FLOATS, ScalarMath.SIN_9));
        p = p.fma(s2, FloatVector.broadcast(FLOATS, ScalarMath.SIN_7));
        p = p.fma(s2, FloatVector.broadcast(FLOATS, ScalarMath.SIN_5));
        p = p.fma(s2, FloatVector.broadcast(FLOATS, ScalarMath.SIN_3));
        p = p.fma(s2, FloatVector.broadcast(FLOATS, ScalarMath.SIN_1));
        return radius.mul(p.mul(s)).neg();
    }

    /** 1 where the difference is negative, else 0: its sign bit, spread over the bits of 1. */
    static FloatVector whereNegative(FloatVector difference) {
        return difference
                .reinterpretAsInts()
                .lanewise(VectorOperators.ASHR, 31)
                .and(ScalarMath.ONE_BITS)
                .reinterpretAsFloats();
    }

    /** 1 where a number that is not negative is above zero, else 0: as whole numbers, the bits of such floats are ordered alike. */
    static FloatVector wherePositive(FloatVector notNegative) {
        return notNegative
                .reinterpretAsInts()
                .neg()
                .lanewise(VectorOperators.ASHR, 31)
                .and(ScalarMath.ONE_BITS)
                .reinterpretAsFloats();
    }

    /** One group of {@link #LANES} counters from {@code block} on: word w of lane i goes to {@code out[at + 16 w + i]}. */
    static void threefry(int k0, int k1, int k2, int k3, int block, int draw, long id, int[] out, int at) {
        int k4 = 0x1BD11BDA ^ k0 ^ k1 ^ k2 ^ k3;
        IntVector x0 = LANE_NUMBERS.add(block + k0);
        IntVector x1 = IntVector.broadcast(INTS, draw + k1);
        IntVector x2 = IntVector.broadcast(INTS, (int) id + k2);
        IntVector x3 = IntVector.broadcast(INTS, (int) (id >>> 32) + k3);
        x0 = x0.add(x1);
        x1 = x1.lanewise(ROL, 10).lanewise(XOR, x0);
        x2 = x2.add(x3);
        x3 = x3.lanewise(ROL, 26).lanewise(XOR, x2);
        x0 = x0.add(x3);
        x3 = x3.lanewise(ROL, 11).lanewise(XOR, x0);
        x2 = x2.add(x1);
        x1 = x1.lanewise(ROL, 21).lanewise(XOR, x2);
        x0 = x0.add(x1);
        x1 = x1.lanewise(ROL, 13).lanewise(XOR, x0);
        x2 = x2.add(x3);
        x3 = x3.lanewise(ROL, 27).lanewise(XOR, x2);
        x0 = x0.add(x3);
        x3 = x3.lanewise(ROL, 23).lanewise(XOR, x0);
        x2 = x2.add(x1);
        x1 = x1.lanewise(ROL, 5).lanewise(XOR, x2);
        x0 = x0.add(k1);
        x1 = x1.add(k2);
        x2 = x2.add(k3);
        x3 = x3.add(k4 + 1);
        x0 = x0.add(x1);
        x1 = x1.lanewise(ROL, 6).lanewise(XOR, x0);
        x2 = x2.add(x3);
        x3 = x3.lanewise(ROL, 20).lanewise(XOR, x2);
        x0 = x0.add(x3);
        x3 = x3.lanewise(ROL, 17).lanewise(XOR, x0);
        x2 = x2.add(x1);
        x1 = x1.lanewise(ROL, 11).lanewise(XOR, x2);
        x0 = x0.add(x1);
        x1 = x1.lanewise(ROL, 25).lanewise(XOR, x0);
        x2 = x2.add(x3);
        x3 = x3.lanewise(ROL, 10).lanewise(XOR, x2);
        x0 = x0.add(x3);
        x3 = x3.lanewise(ROL, 18).lanewise(XOR, x0);
        x2 = x2.add(x1);
        x1 = x1.lanewise(ROL, 20).lanewise(XOR, x2);
        x0 = x0.add(k2);
        x1 = x1.add(k3);
        x2 = x2.add(k4);
        x3 = x3.add(k0 + 2);
        x0 = x0.add(x1);
        x1 = x1.lanewise(ROL, 10).lanewise(XOR, x0);
        x2 = x2.add(x3);
        x3 = x3.lanewise(ROL, 26).lanewise(XOR, x2);
        x0 = x0.add(x3);
        x3 = x3.lanewise(ROL, 11).lanewise(XOR, x0);
        x2 = x2.add(x1);
        x1 = x1.lanewise(ROL, 21).lanewise(XOR, x2);
        x0 = x0.add(x1);
        x1 = x1.lanewise(ROL, 13).lanewise(XOR, x0);
        x2 = x2.add(x3);
        x3 = x3.lanewise(ROL, 27).lanewise(XOR, x2);
        x0 = x0.add(x3);
        x3 = x3.lanewise(ROL, 23).lanewise(XOR, x0);
        x2 = x2.add(x1);
        x1 = x1.lanewise(ROL, 5).lanewise(XOR, x2);
        x0 = x0.add(k3);
        x1 = x1.add(k4);
        x2 = x2.add(k0);
        x3 = x3.add(k1 + 3);
        x0 = x0.add(x1);
        x1 = x1.lanewise(ROL, 6).lanewise(XOR, x0);
        x2 = x2.add(x3);
        x3 = x3.lanewise(ROL, 20).lanewise(XOR, x2);
        x0 = x0.add(x3);
        x3 = x3.lanewise(ROL, 17).lanewise(XOR, x0);
        x2 = x2.add(x1);
        x1 = x1.lanewise(ROL, 11).lanewise(XOR, x2);
        x0 = x0.add(x1);
        x1 = x1.lanewise(ROL, 25).lanewise(XOR, x0);
        x2 = x2.add(x3);
        x3 = x3.lanewise(ROL, 10).lanewise(XOR, x2);
        x0 = x0.add(x3);
        x3 = x3.lanewise(ROL, 18).lanewise(XOR, x0);
        x2 = x2.add(x1);
        x1 = x1.lanewise(ROL, 20).lanewise(XOR, x2);
        x0 = x0.add(k4);
        x1 = x1.add(k0);
        x2 = x2.add(k1);
        x3 = x3.add(k2 + 4);
        x0 = x0.add(x1);
        x1 = x1.lanewise(ROL, 10).lanewise(XOR, x0);
        x2 = x2.add(x3);
        x3 = x3.lanewise(ROL, 26).lanewise(XOR, x2);
        x0 = x0.add(x3);
        x3 = x3.lanewise(ROL, 11).lanewise(XOR, x0);
        x2 = x2.add(x1);
        x1 = x1.lanewise(ROL, 21).lanewise(XOR, x2);
        x0 = x0.add(x1);
        x1 = x1.lanewise(ROL, 13).lanewise(XOR, x0);
        x2 = x2.add(x3);
        x3 = x3.lanewise(ROL, 27).lanewise(XOR, x2);
        x0 = x0.add(x3);
        x3 = x3.lanewise(ROL, 23).lanewise(XOR, x0);
        x2 = x2.add(x1);
        x1 = x1.lanewise(ROL, 5).lanewise(XOR, x2);
        x0 = x0.add(k0);
        x1 = x1.add(k1);
        x2 = x2.add(k2);
        x3 = x3.add(k3 + 5);
        x0.intoArray(out, at);
        x1.intoArray(out, at + 16);
        x2.intoArray(out, at + 32);
        x3.intoArray(out, at + 48);
    }
}
