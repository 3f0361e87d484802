package org.coinflip.model.kernel;

import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** {@link RecurrentCells} number by number. */
final class ScalarRecurrentCells implements RecurrentCells {
    @Override
    public void leak(Floats rate, Matrix target, Matrix previous, int rows, Matrix state) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < state.columns(); j++) {
                float alpha = rate.get(j);
                state.set(r, j, ScalarMath.fma(alpha, target.get(r, j), (1f - alpha) * previous.get(r, j)));
            }
        }
    }

    @Override
    public void leakGradient(Floats rate, int rows, Matrix gradient, Matrix previousGradient) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < gradient.columns(); j++) {
                float alpha = rate.get(j);
                float g = gradient.get(r, j);
                previousGradient.set(r, j, ScalarMath.fma(1f - alpha, g, previousGradient.get(r, j)));
                gradient.set(r, j, alpha * g);
            }
        }
    }

    @Override
    public void addDots(Matrix m, Floats v, int rows, Floats parts, float[] out) {
        for (int r = 0; r < rows; r++) {
            parts.fill(0f);
            for (int j = 0; j < m.columns(); j++) {
                int part = j % Matrix.ROW_UNIT;
                parts.set(part, ScalarMath.fma(m.get(r, j), v.get(j), parts.get(part)));
            }
            out[r] += ScalarElementwise.sum(parts);
        }
    }

    @Override
    public void addOuter(float[] factors, int from, Floats v, int rows, Matrix m) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < m.columns(); j++) {
                m.set(r, j, ScalarMath.fma(factors[from + r], v.get(j), m.get(r, j)));
            }
        }
    }

    @Override
    public void skip(float[] open, int from, Matrix target, Matrix previous, int rows, Matrix state) {
        for (int r = 0; r < rows; r++) {
            float u = open[from + r];
            for (int j = 0; j < state.columns(); j++) {
                state.set(r, j, ScalarMath.fma(u, target.get(r, j), (1f - u) * previous.get(r, j)));
            }
        }
    }

    @Override
    public void skipGradient(
            float[] open,
            int from,
            Matrix target,
            Matrix previous,
            int rows,
            Floats parts,
            Matrix gradient,
            Matrix previousGradient,
            float[] openGradient) {
        for (int r = 0; r < rows; r++) {
            float u = open[from + r];
            parts.fill(0f);
            for (int j = 0; j < gradient.columns(); j++) {
                float g = gradient.get(r, j);
                int part = j % Matrix.ROW_UNIT;
                float change = target.get(r, j) - previous.get(r, j);
                parts.set(part, ScalarMath.fma(g, change, parts.get(part)));
                previousGradient.set(r, j, ScalarMath.fma(1f - u, g, previousGradient.get(r, j)));
                gradient.set(r, j, u * g);
            }
            openGradient[from + r] = ScalarElementwise.sum(parts);
        }
    }

    @Override
    public void gruState(
            Matrix reset,
            Matrix update,
            Matrix recurrent,
            Floats bias,
            Matrix previous,
            int rows,
            Matrix candidate,
            Matrix state) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < state.columns(); j++) {
                float from = candidate.get(r, j) + bias.get(j);
                float n = ScalarMath.tanh(ScalarMath.fma(reset.get(r, j), recurrent.get(r, j), from));
                candidate.set(r, j, n);
                state.set(r, j, ScalarMath.fma(update.get(r, j), previous.get(r, j) - n, n));
            }
        }
    }

    @Override
    public void gruGradient(
            Matrix reset,
            Matrix update,
            Matrix candidate,
            Matrix recurrent,
            Matrix previous,
            int rows,
            Matrix gradient,
            Matrix previousGradient) {
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < gradient.columns(); j++) {
                float g = gradient.get(row, j);
                float r = reset.get(row, j);
                float z = update.get(row, j);
                float n = candidate.get(row, j);
                float dn = g * (1f - z) * (1f - n * n);
                previousGradient.set(row, j, ScalarMath.fma(g, z, previousGradient.get(row, j)));
                reset.set(row, j, dn * recurrent.get(row, j) * (r * (1f - r)));
                update.set(row, j, g * (previous.get(row, j) - n) * (z * (1f - z)));
                candidate.set(row, j, dn);
                recurrent.set(row, j, dn * r);
            }
        }
    }

    @Override
    public void lstmState(
            Matrix input,
            Matrix forget,
            Matrix output,
            Matrix candidate,
            Matrix previousCell,
            int rows,
            Matrix cell,
            Matrix state) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < state.columns(); j++) {
                float written = input.get(r, j) * candidate.get(r, j);
                float c = ScalarMath.fma(forget.get(r, j), previousCell.get(r, j), written);
                cell.set(r, j, c);
                state.set(r, j, output.get(r, j) * ScalarMath.tanh(c));
            }
        }
    }

    @Override
    public void lstmGradient(
            Matrix input,
            Matrix forget,
            Matrix output,
            Matrix candidate,
            Matrix previousCell,
            Matrix cell,
            int rows,
            Matrix gradient,
            Matrix cellGradient,
            Matrix previousCellGradient) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < gradient.columns(); j++) {
                float g = gradient.get(r, j);
                float i = input.get(r, j);
                float f = forget.get(r, j);
                float o = output.get(r, j);
                float n = candidate.get(r, j);
                float shown = ScalarMath.tanh(cell.get(r, j));
                float dc = ScalarMath.fma(g * o, 1f - shown * shown, cellGradient.get(r, j));
                previousCellGradient.set(r, j, dc * f);
                input.set(r, j, dc * n * (i * (1f - i)));
                forget.set(r, j, dc * previousCell.get(r, j) * (f * (1f - f)));
                output.set(r, j, g * shown * (o * (1f - o)));
                candidate.set(r, j, dc * i * (1f - n * n));
            }
        }
    }
}
