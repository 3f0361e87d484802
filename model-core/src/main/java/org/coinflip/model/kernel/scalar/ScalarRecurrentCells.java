package org.coinflip.model.kernel.scalar;

import org.coinflip.model.kernel.operation.RecurrentCells;
import org.coinflip.model.kernel.operation.ScalarMath;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/** {@link RecurrentCells} number by number. */
public final class ScalarRecurrentCells implements RecurrentCells {
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
            parts.clear();
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
            parts.clear();
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
    public void addProduct(Matrix reset, Matrix recurrent, int rows, Matrix out) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < out.columns(); j++) {
                out.set(r, j, ScalarMath.fma(reset.get(r, j), recurrent.get(r, j), out.get(r, j)));
            }
        }
    }

    @Override
    public void gruState(Matrix update, Matrix candidate, Matrix previous, int rows, Matrix state) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < state.columns(); j++) {
                float n = candidate.get(r, j);
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
    public void lstmCell(Matrix input, Matrix forget, Matrix candidate, Matrix previousCell, int rows, Matrix cell) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < cell.columns(); j++) {
                float written = input.get(r, j) * candidate.get(r, j);
                cell.set(r, j, ScalarMath.fma(forget.get(r, j), previousCell.get(r, j), written));
            }
        }
    }

    @Override
    public void addShownGradient(Matrix output, Matrix shown, Matrix gradient, int rows, Matrix cellGradient) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < gradient.columns(); j++) {
                float y = shown.get(r, j);
                float e = cellGradient.get(r, j);
                cellGradient.set(r, j, ScalarMath.fma(gradient.get(r, j) * output.get(r, j), 1f - y * y, e));
            }
        }
    }

    @Override
    public void lstmWrittenGradient(Matrix input, Matrix candidate, Matrix cellGradient, int rows) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < cellGradient.columns(); j++) {
                float e = cellGradient.get(r, j);
                float i = input.get(r, j);
                float n = candidate.get(r, j);
                input.set(r, j, e * n * (i * (1f - i)));
                candidate.set(r, j, e * i * (1f - n * n));
            }
        }
    }

    @Override
    public void lstmKeptGradient(Matrix forget, Matrix previousCell, int rows, Matrix cellGradient) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < cellGradient.columns(); j++) {
                float e = cellGradient.get(r, j);
                float f = forget.get(r, j);
                forget.set(r, j, e * previousCell.get(r, j) * (f * (1f - f)));
                cellGradient.set(r, j, e * f);
            }
        }
    }
}
