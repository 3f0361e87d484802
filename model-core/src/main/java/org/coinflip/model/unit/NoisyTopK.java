package org.coinflip.model.unit;

import java.util.LinkedHashMap;
import java.util.Map;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.operation.Activation;
import org.coinflip.model.memory.Floats;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.noise.Draws;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * Noisy top-k gates: units that each take n neighbouring columns of the layer. Of the noisy logits {@code a_i + s z_i}, z standard normal, the k greatest
 * are kept, and h is their softmax; the others are 0. So exactly k columns are open, and they sum to 1. Back-propagation with z held fixed, {@code ∂h_i/∂a_j =
 * h_i (1[i = j] − h_j)}, leaves out that which columns are open depends on a too: biased. Where means or thresholds are asked for it gives the gates
 * without noise. The noise is of one size, where the source learns one for each gate and example.
 *
 * <p>Shazeer and others (2017), "Outrageously large neural networks: the sparsely-gated mixture-of-experts layer", arXiv 1701.06538, section 2.1.
 *
 * @param columns n
 * @param open k, from 1 to n − 1
 * @param noise s, written as {@code std}, not negative; 0 for the greatest logits themselves
 */
public record NoisyTopK(int columns, int open, double noise) implements UnitLaw {
    public static final String TYPE = "noisy-top-k";

    static NoisyTopK read(Section section) {
        int columns = section.integer("n", 4, 2, Integer.MAX_VALUE);
        int open = section.integer("k", 2, 1, Integer.MAX_VALUE);
        if (open >= columns) {
            throw section.wrong("k", "less than n = " + columns + ": gates that are all open leave nothing out");
        }
        return new NoisyTopK(columns, open, section.number("std", 1, Range.NOT_NEGATIVE));
    }

    /** Room for a row of logits and of gates. */
    private record Room(float[] logits, float[] gates) {
        static Room of(int columns) {
            return new Room(new float[columns], new float[columns]);
        }
    }

    @Override
    public void sample(
            Backend backend,
            double progress,
            Matrix logits,
            Floats biases,
            Draws draws,
            int draw,
            int rows,
            Matrix probabilities,
            Matrix samples,
            Matrix derivative) {
        backend.elementwise().activate(Activation.LINEAR, logits, biases, rows);
        backend.sampling().addGaussian(logits, (float) noise, draws, draw, rows, samples);
        Room room = draws.room() instanceof Room made ? made : draws.keep(Room.of(samples.columns()));
        gate(samples, rows, room);
        // the weights of the softmax's Jacobian
        derivative.setRows(0, samples, 0, rows);
    }

    /** Puts the gates in the place of the logits. */
    private void gate(Matrix values, int rows, Room room) {
        for (int r = 0; r < rows; r++) {
            values.getRow(r, room.logits, 0);
            for (int from = 0; from < values.columns(); from += columns) {
                gate(room, from);
            }
            values.setRow(r, room.gates, 0);
        }
    }

    private void gate(Room room, int from) {
        float[] h = room.gates;
        int to = from + columns;
        for (int i = from; i < to; i++) {
            h[i] = 0f;
        }
        float greatest = 0f;
        float sum = 0f;
        for (int taken = 0; taken < open; taken++) {
            int next = -1;
            for (int i = from; i < to; i++) {
                if (h[i] == 0f && (next < 0 || room.logits[i] > room.logits[next])) {
                    next = i;
                }
            }
            greatest = taken == 0 ? room.logits[next] : greatest;
            // never 0, for what is open must be seen to be
            h[next] = Math.max(Float.MIN_NORMAL, (float) StrictMath.exp(room.logits[next] - greatest));
            sum += h[next];
        }
        for (int i = from; i < to; i++) {
            h[i] = h[i] == 0f ? 0f : Math.max(Float.MIN_NORMAL, h[i] / sum);
        }
    }

    @Override
    public void means(Backend backend, Matrix values, Floats biases, int rows) {
        backend.elementwise().activate(Activation.LINEAR, values, biases, rows);
        gate(values, rows, Room.of(values.columns()));
    }

    @Override
    public void thresholds(Backend backend, Matrix values, Floats biases, int rows) {
        means(backend, values, biases, rows);
    }

    @Override
    public int columnsPerUnit() {
        return columns;
    }

    @Override
    public boolean isOftenZero() {
        return true;
    }

    @Override
    public Pathwise pathwise() {
        return Pathwise.SOFTMAX;
    }

    /** No: which columns are open depends on a too, and that is not differentiated. */
    @Override
    public boolean isReparameterised() {
        return false;
    }

    @Override
    public boolean isFlatAtZero() {
        return true;
    }

    @Override
    public Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("type", TYPE);
        keys.put("n", columns);
        keys.put("k", open);
        keys.put("std", noise);
        return keys;
    }
}
