package org.coinflip.model.energy;

import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;

/**
 * The states of a batch on their way down the energy: layers take Euler steps of
 * {@code ds/dt = −∂E/∂s − β ∂C/∂s}, all at once or in another {@linkplain RelaxationOrder order}, {@code C = ½ ‖s_N − d‖²} or that of a {@link SoftmaxReadOut}.
 * Rows do not touch each other.
 * Belongs to one thread; steps allocate nothing.
 */
public final class Relaxation {
    private final LayeredEnergy energy;
    private final SoftmaxReadOut readOut;
    private final Backend backend;
    private final RelaxationOrder order;
    private final float step;
    private final Matrix[] drives;
    private final Matrix[] fields;
    private final Matrix[] states;
    private final Matrix[] rates;
    private final Matrix[] kept;
    private final FeedForward feedForward;
    private FieldNoise noise;
    private int rows;

    /**
     * Makes memory for a batch whose cost is {@code ½ ‖s_N − d‖²}.
     *
     * @param drive {@code x W_1 + b_1}, capacity × units of layer 1; read at every step, kept
     * @param outputs states of the top layer, s_N, capacity × units; written, kept
     * @param step ε of the Euler steps
     */
    public Relaxation(LayeredEnergy energy, Matrix drive, Matrix outputs, float step, Backend backend) {
        this(energy, drive, outputs, null, RelaxationOrder.SYNCHRONOUS, step, backend);
    }

    /**
     * Makes memory for a batch.
     *
     * @param drive {@code x W_1 + b_1}, capacity × units of layer 1; read at every step, kept
     * @param outputs states of the top layer, s_N, capacity × units; written, kept
     * @param readOut what makes the cost; null for {@code ½ ‖s_N − d‖²}
     * @param order which layers take a step at once
     * @param step ε of the Euler steps
     */
    public Relaxation(
            LayeredEnergy energy,
            Matrix drive,
            Matrix outputs,
            SoftmaxReadOut readOut,
            RelaxationOrder order,
            float step,
            Backend backend) {
        this.energy = energy;
        this.order = order;
        this.readOut = readOut;
        this.backend = backend;
        this.step = step;
        int layers = energy.layers();
        drives = new Matrix[layers];
        fields = new Matrix[layers];
        states = new Matrix[layers];
        rates = new Matrix[layers];
        kept = new Matrix[layers];
        drives[0] = drive;
        for (int l = 0; l < layers; l++) {
            boolean top = l == layers - 1;
            int units = top ? outputs.columns() : l == 0 ? drive.columns() : energy.weights()[l].rows();
            if (l > 0) {
                Floats biases = energy.biases()[l - 1];
                drives[l] = Matrix.dense(biases, 1, units);
            }
            fields[l] = Matrix.padded(drive.rows(), units);
            states[l] = top ? outputs : Matrix.padded(drive.rows(), units);
            rates[l] = energy.rho().isClipped() ? states[l] : Matrix.padded(drive.rows(), units);
            kept[l] = Matrix.padded(drive.rows(), units);
        }
        feedForward = new FeedForward(this, drives, fields, states, rates, readOut, backend);
    }

    public LayeredEnergy energy() {
        return energy;
    }

    /** Rows in use. */
    public int rows() {
        return rows;
    }

    float step() {
        return step;
    }

    /** The state of layer {@code l} of 0 … N − 1, clamped ones not counted. */
    public Matrix states(int l) {
        return states[l];
    }

    /** Firing rates ρ(s) of a layer. */
    public Matrix rates(int l) {
        return rates[l];
    }

    /** Sets all states to 0. */
    public void start(int count) {
        rows = count;
        float rest = (float) energy.rho().rate(0);
        for (int l = 0; l < states.length; l++) {
            states[l].floats().clear();
            rates[l].floats().fill(rest);
        }
    }

    /** Disturbs what units receive at the steps to come; null for no more. */
    public void disturb(FieldNoise by) {
        noise = by;
    }

    /** Takes steps without a nudge. */
    public void relax(int steps) {
        nudge(steps, 0f, states[states.length - 1]);
    }

    /**
     * Takes steps under a nudge of the top layer.
     *
     * @param beta β, of any sign
     * @param targets d, rows × outputs
     */
    public void nudge(int steps, float beta, Matrix targets) {
        step(steps, states.length, beta, targets);
    }

    /** Takes steps of the lowest {@code layers} layers. */
    private void step(int steps, int layers, float beta, Matrix targets) {
        int top = states.length - 1;
        int sets = order.sets();
        for (int t = 0; t < steps; t++) {
            if (noise != null) {
                noise.next();
            }
            for (int set = 0; set < sets; set++) {
                for (int l = set; l < layers; l += sets) {
                    send(rates, l, fields[l]);
                    if (noise != null) {
                        noise.add(l, rows, fields[l]);
                    }
                    if (l == top && readOut != null && beta != 0f) {
                        readOut.push(rates[top], targets, beta, rows, fields[top]);
                    }
                }
                for (int l = set; l < layers; l += sets) {
                    boolean pulled = l == top && readOut == null;
                    settle(l, pulled ? targets : states[l], pulled ? beta : 0f);
                }
            }
        }
    }

    /** Writes {@code ∂C/∂s_N}; for reference, takes numbers one by one. */
    void costGradient(Matrix targets, Matrix out) {
        int top = states.length - 1;
        out.floats().clear();
        if (readOut != null) {
            readOut.push(rates[top], targets, -1f, rows, out);
        }
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < out.columns(); j++) {
                double s = states[top].get(r, j);
                double slope =
                        readOut == null ? s - targets.get(r, j) : energy.rho().slope(s) * out.get(r, j);
                out.set(r, j, (float) slope);
            }
        }
    }

    /** Takes steps with the outputs held at d; not with a read-out, whose outputs are no states. */
    public void clamp(int steps, Matrix targets) {
        int top = states.length - 1;
        states[top].setRows(0, targets, 0, rows);
        for (int r = 0; r < rows && rates[top] != states[top]; r++) {
            for (int j = 0; j < targets.columns(); j++) {
                rates[top].set(r, j, (float) energy.rho().rate(targets.get(r, j)));
            }
        }
        step(steps, top, 0f, targets);
    }

    private void settle(int l, Matrix targets, float beta) {
        backend.elementwise()
                .settle(energy.rho(), fields[l], drives[l], targets, beta, step, rows, states[l], rates[l]);
    }

    /** {@code out_l ← in_{l−1} W_l + in_{l+1} W_{l+1}ᵀ}; the clamped input is in the drive. */
    void send(Matrix[] in, Matrix[] out) {
        for (int l = 0; l < in.length; l++) {
            send(in, l, out[l]);
        }
    }

    /** What one layer receives. */
    private void send(Matrix[] in, int l, Matrix out) {
        if (l > 0) {
            Matrix w = energy.weights()[l - 1];
            backend.blas().gemm(false, false, rows, w.columns(), w.rows(), 1f, in[l - 1], w, 0f, out);
        }
        if (l < in.length - 1) {
            Matrix w = energy.weights()[l];
            backend.blas().gemm(false, true, rows, w.rows(), w.columns(), 1f, in[l + 1], w, l > 0 ? 1f : 0f, out);
        } else if (l == 0) {
            out.floats().clear();
        }
    }

    /** Sets the states to those that the input makes on its way up; see {@link FeedForward#ascend}. */
    public void feedForward(int count) {
        rows = count;
        feedForward.ascend(null);
    }

    /** The same states as those of a network that feeds forward. */
    FeedForward feedForward() {
        return feedForward;
    }

    /** Remembers the states. */
    public void keep() {
        for (int l = 0; l < states.length; l++) {
            kept[l].setRows(0, states[l], 0, rows);
        }
    }

    /** Writes how far each layer's states are from those that were kept. */
    void changes(Matrix[] out) {
        for (int l = 0; l < states.length; l++) {
            backend.elementwise().difference(states[l], kept[l], 1f, rows, out[l]);
        }
    }

    /** Returns to the states that were kept, and to their rates. */
    public void restore() {
        for (int l = 0; l < states.length; l++) {
            states[l].setRows(0, kept[l], 0, rows);
        }
        rate();
    }

    /** Numbers of the states of a row. */
    public int units() {
        int sum = 0;
        for (Matrix layer : states) {
            sum += layer.columns();
        }
        return sum;
    }

    /**
     * Starts from states that {@link #store} wrote.
     *
     * @param from states of many rows one after another
     * @param places which of them are those of the rows here, by row
     */
    public void start(int count, Floats from, int[] places) {
        rows = count;
        copy(from, places, false);
        rate();
    }

    /** Writes the states; otherwise as {@link #start(int, Floats, int[])}. */
    public void store(Floats to, int[] places) {
        copy(to, places, true);
    }

    private void copy(Floats stored, int[] places, boolean there) {
        int units = units();
        for (int r = 0; r < rows; r++) {
            int at = stored.byteOffset(Math.multiplyExact(places[r], units));
            for (Matrix layer : states) {
                int bytes = layer.columns() * Float.BYTES;
                if (there) {
                    stored.memory().put(at, layer.floats().memory(), layer.rowOffset(r), bytes);
                } else {
                    layer.floats().memory().put(layer.rowOffset(r), stored.memory(), at, bytes);
                }
                at += bytes;
            }
        }
    }

    /** Computes the rates of the states. */
    private void rate() {
        for (int l = 0; l < states.length; l++) {
            for (int r = 0; r < rows && rates[l] != states[l]; r++) {
                for (int j = 0; j < states[l].columns(); j++) {
                    rates[l].set(r, j, (float) energy.rho().rate(states[l].get(r, j)));
                }
            }
        }
    }

    /** {@code −∂E/∂s} of one unit, and 0 where that pushes a clipped state out of [0, 1]; after {@link #field}. */
    private double force(int l, int r, int j) {
        double s = states[l].get(r, j);
        double a = input(l, r, j);
        double slope = energy.rho().isClipped() ? 1 : energy.rho().slope(s);
        double force = slope * a - s;
        boolean stuck = energy.rho().isClipped() && ((s <= 0 && force < 0) || (s >= 1 && force > 0));
        return stuck ? 0 : force;
    }

    /** {@code b + Σ W ρ} of one unit; after {@link #field}. */
    double input(int l, int r, int j) {
        return fields[l].get(r, j) + drives[l].get(drives[l].rows() == 1 ? 0 : r, j);
    }

    /** Computes what units receive at the states as they are. */
    void field() {
        send(rates, fields);
    }

    /** How far the states are from a fixed point of the free dynamics: the greatest {@code |∂E/∂s|} of a unit that can move. */
    public double residual() {
        field();
        double most = 0;
        for (int r = 0; r < rows; r++) {
            most = Math.max(most, knownResidual(r));
        }
        return most;
    }

    /** The {@link #residual} of every row. */
    public double[] residuals() {
        field();
        double[] all = new double[rows];
        for (int r = 0; r < rows; r++) {
            all[r] = knownResidual(r);
        }
        return all;
    }

    private double knownResidual(int row) {
        double most = 0;
        for (int l = 0; l < states.length; l++) {
            for (int j = 0; j < states[l].columns(); j++) {
                most = Math.max(most, Math.abs(force(l, row, j)));
            }
        }
        return most;
    }

    /**
     * Relaxes until the residual is small.
     *
     * @param most steps at most
     * @throws DivergenceException where it is not small by then
     */
    public void settle(double tolerance, int most) {
        int taken = 0;
        double residual = residual();
        // not "residual > tolerance": a NaN has not settled
        while (!(residual <= tolerance)) {
            if (taken >= most || !Double.isFinite(residual)) {
                throw notSettled(residual, taken, tolerance);
            }
            int steps = Math.min(10, most - taken);
            relax(steps);
            taken += steps;
            residual = residual();
        }
    }

    /** Refuses states that are further from a fixed point than the tolerance. */
    public void requireSettled(double tolerance, int taken) {
        double residual = residual();
        if (!(residual <= tolerance)) {
            throw notSettled(residual, taken, tolerance);
        }
    }

    static DivergenceException notSettled(double residual, int steps, double tolerance) {
        return new DivergenceException(String.format(
                java.util.Locale.ROOT,
                "relaxation did not settle: got a residual of %.3g after %d steps, expected at most %.3g: take more"
                        + " steps, a smaller step, or smaller weights",
                residual,
                steps,
                tolerance));
    }

    /** The energy of one row, without the clamped input's own terms. */
    public double energy(int row) {
        field();
        return knownEnergy(row);
    }

    /** The mean of all rows' energies. */
    public double meanEnergy() {
        field();
        double sum = 0;
        for (int r = 0; r < rows; r++) {
            sum += knownEnergy(r);
        }
        return sum / rows;
    }

    private double knownEnergy(int row) {
        double sum = 0;
        for (int l = 0; l < states.length; l++) {
            for (int j = 0; j < states[l].columns(); j++) {
                double s = states[l].get(row, j);
                double received = fields[l].get(row, j);
                // a connection's product is received at both its ends
                sum += s * s / 2 - rates[l].get(row, j) * (input(l, row, j) - received / 2);
            }
        }
        return sum;
    }
}
