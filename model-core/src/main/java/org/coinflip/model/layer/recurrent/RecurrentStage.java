package org.coinflip.model.layer.recurrent;

import java.util.Arrays;
import java.util.List;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.memory.Matrix;

/**
 * Recurrent units in one pass. Sequences are taken by length, the longest first, so that those that a step has are the first rows of its matrices,
 * and a step's states are what the next one's first rows read.
 */
final class RecurrentStage extends Stage {
    private final RecurrentLayer layer;
    private final Stage source;
    private final CellPass cell;
    private final List<RecurrentProducts> products;
    private final int features;
    private final int units;
    /** Whether nothing is learned in this pass: then products have all rows, so that none depends on how long the others are. */
    private final boolean inUse;

    private final StepMatrices inputs;
    /** h before each step, and after the last. */
    private final StepMatrices states;

    /** What decides whether a state is updated; null where it always is. */
    private final SkipGateStep skip;

    /** Rows of what is computed together where gates are closed: their inputs, and their states before and after. */
    private final Matrix openInputs;

    private final Matrix openStates;
    private final Matrix openTargets;
    private final int[] openPlaces;
    /** Rows that a product always has there; 0 for as many as are wanted. */
    private final int wholeRows;

    private final Matrix inputGradient;
    private Matrix gradientNow;
    private Matrix gradientBefore;

    /** Steps of each row's sequence. */
    private final int[] lengths;
    /** The row of each sequence, the longest first. */
    private final int[] order;
    /** How many sequences are longer than so many steps. */
    private final int[] active;

    private final float[] weightOf;

    RecurrentStage(RecurrentLayer layer, Binding binding) {
        super(Matrix.padded(binding.capacity(), layer.outputs(0)));
        int capacity = binding.capacity();
        this.layer = layer;
        source = binding.source();
        features = layer.features(source.output().columns());
        units = layer.units();
        cell = layer.cell().bind(binding, layer);
        products = cell.products();
        inUse = binding.sink() == null;
        inputs = new StepMatrices(layer.steps(), capacity, features);
        states = new StepMatrices(layer.steps() + 1, capacity, units);
        skip = layer.skip().map(gate -> new SkipGateStep(gate, layer, binding)).orElse(null);
        int together = skip == null || !inUse ? 0 : capacity;
        openInputs = Matrix.padded(together, features);
        openStates = Matrix.padded(together, units);
        openTargets = Matrix.padded(together, units);
        openPlaces = new int[together];
        wholeRows = binding.backend().blas().groupRows();
        gradientNow = Matrix.padded(capacity, units);
        gradientBefore = gradientNow.zeros();
        inputGradient =
                source.gradient() == null ? null : Matrix.padded(Math.multiplyExact(layer.steps(), capacity), features);
        lengths = new int[capacity];
        order = new int[capacity];
        active = new int[layer.steps() + 1];
        weightOf = new float[inUse ? 0 : layer.steps() * capacity];
        if (layer.cell().needsGradient()) {
            requireGradient();
        }
    }

    @Override
    public int rows(PassContext context) {
        return source.rows(context);
    }

    @Override
    public void forward(PassContext context) {
        int rows = rows(context) * context.copies();
        inputs.fit(rows);
        states.fit(rows);
        states.at(0).clearRows(0, rows);
        sort(rows);
        cell.begin(context, rows, order);
        if (skip != null) {
            skip.begin(context, rows, (double) context.inputRows() / source.rows(context));
        }
        for (int t = 0; active[t] > 0; t++) {
            Matrix input = inputs.at(t);
            int taken = inUse ? rows : active[t];
            for (int i = 0; i < taken; i++) {
                copy(source.output(), order[i], t * features, input, i, 0, features);
            }
            forward(t, taken, rows, input);
            if (taken < rows) {
                // what an earlier batch left is multiplied by gradients of 0, and must be finite
                input.clearRows(taken, rows - taken);
                states.at(t + 1).clearRows(taken, rows - taken);
            }
        }
        for (int i = 0; i < rows; i++) {
            write(order[i], i);
        }
    }

    private void forward(int step, int taken, int rows, Matrix input) {
        Matrix previous = states.at(step);
        Matrix state = states.at(step + 1);
        if (skip == null) {
            cell.forward(step, taken, input, previous, state);
            return;
        }
        skip.decide(step, active[step], order, input, previous);
        if (skip.isHard()) {
            state.setRows(0, previous, 0, rows);
            updateOpen(step, rows, input, previous, state);
        } else {
            cell.forward(step, taken, input, previous, skip.target(step));
            skip.apply(step, active[step], previous, state);
        }
    }

    /** Updates the states whose gates are open, and computes no others. */
    private void updateOpen(int step, int rows, Matrix input, Matrix previous, Matrix state) {
        int group = wholeRows == 0 ? rows : Math.min(wholeRows, rows);
        for (int i = 0; i < active[step]; ) {
            int count = 0;
            for (; i < active[step] && count < group; i++) {
                if (skip.isOpen(step, i)) {
                    openInputs.setRows(count, input, i, 1);
                    openStates.setRows(count, previous, i, 1);
                    openPlaces[count++] = i;
                }
            }
            if (count > 0) {
                cell.forward(step, wholeRows == 0 ? count : group, openInputs, openStates, openTargets);
            }
            for (int k = 0; k < count; k++) {
                state.setRows(openPlaces[k], openTargets, k, 1);
            }
        }
    }

    @Override
    public Matrix gates() {
        return skip == null ? null : skip.open();
    }

    /** Finds the length of each sequence, and their order. */
    private void sort(int rows) {
        Arrays.fill(active, 0);
        for (int r = 0; r < rows; r++) {
            lengths[r] = layer.padded() ? length(r) : layer.steps();
            active[lengths[r]]++;
        }
        // the place of the first sequence of each length, the longest first
        int place = 0;
        for (int length = layer.steps(); length >= 0; length--) {
            int count = active[length];
            active[length] = place;
            place += count;
        }
        for (int r = 0; r < rows; r++) {
            order[active[lengths[r]]++] = r;
        }
        // active[length] is now how many are of that length or longer
        System.arraycopy(active, 1, active, 0, layer.steps());
        active[layer.steps()] = 0;
    }

    private int length(int row) {
        int column = source.output().columns() - 1;
        while (column >= 0 && source.output().get(row, column) == 0f) {
            column--;
        }
        return (column + features) / features;
    }

    private void write(int row, int place) {
        int length = lengths[row];
        if (layer.output() == RecurrentLayer.Output.LAST) {
            copy(states.at(length), place, 0, output(), row, 0, units);
            return;
        }
        for (int t = 0; t < length; t++) {
            copy(states.at(t + 1), place, 0, output(), row, t * units, units);
        }
        output().clearRow(row, length * units);
    }

    private static void copy(Matrix from, int row, int column, Matrix to, int toRow, int toColumn, int count) {
        to.floats().set(toRow * to.stride() + toColumn, from.floats(), row * from.stride() + column, count);
    }

    @Override
    public void backward(PassContext context) {
        int rows = rows(context) * context.copies();
        int last = steps() - 1;
        cell.beginBackward();
        if (last >= 0) {
            read(last, rows, gradientNow);
        }
        for (int t = last; t >= 0; t--) {
            if (t > 0) {
                read(t - 1, rows, gradientBefore);
            }
            boolean isCut = layer.truncation() > 0 && t % layer.truncation() == 0;
            back(t, rows, isCut);
            if (isCut && t > 0) {
                cell.cut();
                read(t - 1, rows, gradientBefore);
            }
            Matrix done = gradientNow;
            gradientNow = gradientBefore;
            gradientBefore = done;
        }
        propagate(rows);
    }

    /** Steps of the longest sequence. */
    private int steps() {
        int steps = 0;
        while (active[steps] > 0) {
            steps++;
        }
        return steps;
    }

    private void back(int step, int rows, boolean isCut) {
        Matrix previous = states.at(step);
        if (skip != null) {
            skip.backward(step, active[step], isCut, previous, gradientNow, gradientBefore);
        }
        cell.backward(step, active[step], previous, gradientNow, gradientBefore);
        for (int g = 0; g < products.size(); g++) {
            RecurrentProducts gate = products.get(g);
            if (step > 0 && !isCut) {
                gate.propagate(step, active[step], gradientBefore);
            }
            if (active[step] < rows) {
                gate.clear(step, active[step], rows);
            }
        }
    }

    /** The gradient with respect to the states after a step, as far as the layers above have it. */
    private void read(int step, int rows, Matrix to) {
        if (gradient() == null || layer.output() == RecurrentLayer.Output.LAST) {
            to.clearRows(0, rows);
        }
        for (int i = 0; gradient() != null && i < active[step]; i++) {
            int row = order[i];
            if (layer.output() == RecurrentLayer.Output.ALL) {
                copy(gradient(), row, step * units, to, i, 0, units);
            } else if (lengths[row] == step + 1) {
                copy(gradient(), row, 0, to, i, 0, units);
            }
        }
    }

    private void propagate(int rows) {
        if (inputGradient == null) {
            return;
        }
        boolean adds = source.claimGradient() != 0f;
        int steps = steps();
        for (int g = 0; g < products.size(); g++) {
            products.get(g).propagateInputs(steps * rows, g == 0 ? 0f : 1f, inputGradient);
        }
        if (skip != null) {
            skip.propagateInputs(steps * rows, inputGradient);
        }
        for (int i = 0; i < rows; i++) {
            int row = order[i];
            for (int t = 0; t < lengths[row]; t++) {
                if (adds) {
                    add(inputGradient, t * rows + i, source.gradient(), row, t * features, features);
                } else {
                    copy(inputGradient, t * rows + i, 0, source.gradient(), row, t * features, features);
                }
            }
            if (!adds) {
                source.gradient().clearRow(row, lengths[row] * features);
            }
        }
    }

    private static void add(Matrix from, int row, Matrix to, int toRow, int toColumn, int count) {
        for (int k = 0; k < count; k++) {
            to.set(toRow, toColumn + k, to.get(toRow, toColumn + k) + from.get(row, k));
        }
    }

    @Override
    public void accumulate(PassContext context) {
        int rows = rows(context);
        int all = steps() * rows;
        float[] weights = context.weights();
        for (int k = 0; weights != null && k < all; k++) {
            weightOf[k] = weights[order[k % rows]];
        }
        float[] each = weights == null ? null : weightOf;
        for (int g = 0; g < products.size(); g++) {
            products.get(g).accumulate(inputs.all(), states.all(), all, each, context.examples());
        }
        if (skip != null) {
            skip.accumulate(inputs.all(), states.all(), all, each, context.examples());
        }
        cell.learn(steps());
    }
}
