package org.coinflip.model.network;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Binding;
import org.coinflip.model.layer.Layer;
import org.coinflip.model.layer.LazySteps;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.layer.Sink;
import org.coinflip.model.layer.Stage;
import org.coinflip.model.layer.energy.EnergyStage;
import org.coinflip.model.layer.stochastic.StochasticStage;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.State;
import org.coinflip.model.objective.Targets;

/**
 * The forward and backward computations of a network on batches, in memory made once. A function of (parameters, batch, noise): the
 * only things it changes are the sink's target and the statistics, both in {@link #accumulate}. Belongs to one thread.
 */
public final class Pass {
    private final Backend backend;
    private final InputStage input;
    private final List<Stage> stages = new ArrayList<>();
    private final PassContext context;
    private final int capacity;

    /**
     * A pass through the layers from {@code from} on.
     *
     * @param sink where gradients go; null for a pass that never accumulates
     * @param lazySteps what is told of weights before they are read
     * @param capacity the most examples of a batch
     * @param rowsPerExample rows of the input that an example has, for one copy
     * @param copies the most copies of the input's rows
     * @param differentiable whether the gradient with respect to the input is wanted
     * @param targets of the batches; null for those that the input holds
     * @param outside the stages of the pass that this is a probe of below the one that the input stands for; none in a main pass
     */
    Pass(
            Network network,
            int from,
            State state,
            Sink sink,
            LazySteps lazySteps,
            Backend backend,
            int capacity,
            int rowsPerExample,
            int copies,
            boolean differentiable,
            Targets targets,
            List<Stage> outside) {
        this.backend = backend;
        this.capacity = capacity;
        List<Layer> layers = network.layers();
        int rows = Math.multiplyExact(Math.multiplyExact(capacity, rowsPerExample), copies);
        input = new InputStage(rows, network.width(from), differentiable);
        List<Stage> below = new ArrayList<>(outside);
        below.add(input);
        int topRows = rows;
        for (int i = from; i < layers.size(); i++) {
            topRows *= layers.get(i).fanOut();
        }
        context = new PassContext(
                from,
                capacity,
                topRows,
                targets == null ? new Targets(input.output(), network.spec().targets()) : targets);
        int rowsPerInputRow = 1;
        for (int i = from; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            int next = i + 1;
            int incoming = rows;
            rowsPerInputRow *= layer.fanOut();
            int outgoing = rowsPerInputRow;
            List<Stage> source = List.copyOf(below);
            int most = rowsPerExample * rowsPerInputRow * copies;
            Binding binding = new Binding(
                    layers,
                    i,
                    from,
                    source,
                    state,
                    sink,
                    lazySteps,
                    backend,
                    incoming,
                    probes -> new ProbePass(
                            new Pass(
                                    network,
                                    next,
                                    state,
                                    null,
                                    lazySteps,
                                    backend,
                                    capacity,
                                    most,
                                    probes,
                                    true,
                                    context.targets(),
                                    source),
                            context,
                            outgoing,
                            probes));
            Stage stage = layer.bind(binding);
            stages.add(stage);
            below.add(stage);
            rows *= layer.fanOut();
        }
    }

    /** The most examples of a batch. */
    public int capacity() {
        return capacity;
    }

    public PassContext context() {
        return context;
    }

    InputStage input() {
        return input;
    }

    /** The stochastic stages, bottom-up. */
    public List<StochasticStage> stochasticStages() {
        return stages(StochasticStage.class);
    }

    /** The number of a layer of this pass. */
    public int layer(Stage stage) {
        return stages.indexOf(stage);
    }

    /** The numbers of the layers that gates open or close parts of. */
    public List<Integer> gatedLayers() {
        return IntStream.range(0, stages.size())
                .filter(i -> stages.get(i).gates() != null)
                .boxed()
                .toList();
    }

    /** What the gates of a layer gave, by the layer's number. */
    public Matrix gates(int layer) {
        return stages.get(layer).gates();
    }

    /** The stage of a layer, by the layer's number; in a pass over the whole network. */
    public Stage stage(int layer) {
        return stages.get(layer);
    }

    /** The topmost stage, of a network that ends in a layer of energy. */
    public EnergyStage energyStage() {
        return (EnergyStage) stages.get(stages.size() - 1);
    }

    private <S extends Stage> List<S> stages(Class<S> type) {
        return stages.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Takes a batch: the examples at the first {@code count} places. */
    public void load(Examples examples, int[] places, int count) {
        backend.elementwise().gather(examples, places, count, input.output());
        for (int i = 0; i < count; i++) {
            context.ids()[i] = examples.id(places[i]);
            context.places()[i] = places[i];
            context.targets().labels()[i] = examples.label(places[i]);
        }
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < examples.targets(); j++) {
                context.targets().values().set(i, j, examples.value(places[i], j));
            }
        }
        context.weighExamples(examples, places, count);
        context.setExamples(count);
    }

    /**
     * Takes a batch whose losses are given.
     *
     * @param ids an id of each example
     * @param features row-major
     * @param losses what each example's samples earned; null for a pass that only draws them
     * @param count examples, of which all are the first
     */
    public void load(long[] ids, float[] features, float[] losses, int count) {
        Matrix rows = input.output();
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < rows.columns(); j++) {
                rows.set(i, j, features[i * rows.columns() + j]);
            }
        }
        System.arraycopy(ids, 0, context.ids(), 0, count);
        context.weighExamples(null, null, count);
        if (losses != null) {
            System.arraycopy(losses, 0, context.targets().givenLosses(), 0, count);
        }
        context.setExamples(count);
    }

    /** Takes one example of another pass's batch, as a batch. */
    public void load(Pass other, int row) {
        input.output().setRows(0, other.input.output(), row, 1);
        context.ids()[0] = other.context.ids()[row];
        context.places()[0] = other.context.places()[row];
        Targets targets = other.context.targets();
        context.targets().labels()[0] = targets.labels()[row];
        for (int j = 0; j < targets.values().columns(); j++) {
            context.targets().values().set(0, j, targets.values().get(row, j));
        }
        context.weighExamples(null, null, 1);
        context.setExamples(1);
    }

    /**
     * Overwrites what the layers below one gave, in a pass over one example, with what they gave it in another pass.
     *
     * @param row of the example in the other's batch
     * @param end the layer
     */
    public void takeOutputs(Pass other, int row, int end) {
        int examples = other.context.examples();
        for (int i = 0; i < end; i++) {
            Stage theirs = other.stages.get(i);
            int rows = theirs.rows(other.context);
            for (int r = row; r < rows; r += examples) {
                stages.get(i).output().setRows(r / examples, theirs.output(), r, 1);
            }
        }
    }

    /**
     * Computes every stage's output; the noise is as the context says. In training the context's losses are then those of every row,
     * otherwise what stages cost besides.
     */
    public void forward() {
        forward(0);
    }

    /**
     * Computes the outputs of the layers from one on, the outputs below being what they are: under another draw of the noise, what those
     * layers do given what they are given. The losses are then without what layers below cost.
     */
    public void forward(int from) {
        context.beginForward();
        for (int i = from; i < stages.size(); i++) {
            stages.get(i).forward(context);
        }
        // top-down: a layer learns from what it and those above it cost, and not from what those below do
        for (int i = stages.size() - 1; i >= from; i--) {
            stages.get(i).addCosts(context);
            if (context.mode() == Mode.TRAIN) {
                stages.get(i).combine(context);
            }
        }
    }

    /** The mean loss of the batch just computed in training mode, examples counting what they weigh. */
    public double meanLoss() {
        float[] weights = context.weights();
        double sum = 0;
        for (int r = 0; r < context.topRows(); r++) {
            sum += weights == null ? context.losses()[r] : (double) weights[r] * context.losses()[r];
        }
        return sum / context.topRows();
    }

    /** What a layer gave, by the layer's number; in a pass over the whole network. */
    public Matrix output(int layer) {
        return stages.get(layer).output();
    }

    /** What the output layer gives: predictions outside training. */
    public Matrix output() {
        return stages.get(stages.size() - 1).output();
    }

    /** Computes the gradients with respect to every stage's pre-activations, top-down. */
    public void backward() {
        backward(0);
    }

    /** Computes the gradients with respect to the pre-activations of the stages from one on, top-down. */
    public void backward(int from) {
        input.beginBackward();
        for (int i = 0; i < stages.size(); i++) {
            stages.get(i).beginBackward();
        }
        for (int i = stages.size() - 1; i >= from; i--) {
            stages.get(i).backward(context);
        }
    }

    /** Gives every parameter's gradient to the sink, and the batch to what estimators learn. */
    public void accumulate() {
        for (int i = stages.size() - 1; i >= 0; i--) {
            stages.get(i).accumulate(context);
        }
    }

    /** Refuses a loss that is not finite. */
    public double checkedLoss() {
        double loss = meanLoss();
        if (!Double.isFinite(loss)) {
            throw new DivergenceException(
                    "training diverged: the loss became " + loss
                            + ", expected a finite number: lower training.updater.learning-rate or set training.max-column-norm");
        }
        return loss;
    }
}
