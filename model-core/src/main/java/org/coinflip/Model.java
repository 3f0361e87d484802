package org.coinflip;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.example.Features;
import org.coinflip.model.explanation.Explanation;
import org.coinflip.model.explanation.Microscope;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.measure.DrawTrace;
import org.coinflip.model.measure.MeasurePlan;
import org.coinflip.model.measure.Measures;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.onnx.OnnxExport;
import org.coinflip.model.storage.Folder;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.model.training.Encoder;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.training.Evaluator;
import org.coinflip.model.training.Score;
import org.coinflip.model.transform.RawFeatures;

/**
 * A trained network: of a {@link Trainer}, or of the folder {@code model/} that a job wrote. Features are given as the training's source had
 * them; what the model's transformation does to them, it does here too.
 *
 * <p>An output is a function of (model, example, its id): of arrays, the id is the place. Predictions of one example may differ in the last bits
 * from those of many, for matrix libraries round products of other sizes otherwise.
 *
 * <p>Immutable and thread-safe; memory for computations is kept for as many threads as have asked at once.
 */
public final class Model {
    private static final String DESCRIPTION = "model.json";

    private final StoredModel stored;
    private final EvaluationSpec evaluation;
    private final KernelChoice kernels;
    private final Backend backend;
    private final Queue<Evaluator> singles = new ConcurrentLinkedQueue<>();
    private final Queue<Evaluator> batches = new ConcurrentLinkedQueue<>();

    /** The model as it is stored; its state is not to be modified any more. */
    public Model(StoredModel stored) {
        this(stored, stored.evaluation(), KernelChoice.usual(stored.arithmetic()));
    }

    private Model(StoredModel stored, EvaluationSpec evaluation, KernelChoice kernels) {
        stored.network().spec().output();
        this.stored = stored;
        this.evaluation = evaluation;
        this.kernels = kernels;
        this.backend = Backend.of(kernels);
    }

    /**
     * Reads a model.
     *
     * @param folder {@code model/} of a run, or where {@link #save} wrote
     * @throws org.coinflip.model.error.DataException where it is missing, damaged or from a newer version
     */
    public static Model load(Path folder) {
        return new Model(StoredModel.read(Folder.of(folder)));
    }

    /** Writes the files of {@code model/}; refuses a folder that has a model. */
    public void save(Path folder) {
        if (Files.exists(folder.resolve(DESCRIPTION))) {
            throw new UsageException(
                    "model " + folder + " exists, expected a folder without a model: name another, or replace(…) it");
        }
        replace(folder);
    }

    /** Writes the files of {@code model/}, in the place of a model that is there. */
    public void replace(Path folder) {
        try {
            stored.write(Folder.of(folder));
        } catch (IOException e) {
            throw new UsageException(
                    "model " + folder + " cannot be written (" + e + "): name a folder that can be written", e);
        }
    }

    /**
     * Writes a file of ONNX that predicts as this model is used: with means, thresholds, or as many draws.
     *
     * @throws UsageException where ONNX has not what the network has, or the file cannot be written
     * @see OnnxExport
     */
    public void exportOnnx(Path file) {
        byte[] bytes = OnnxExport.of(stored, evaluation);
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UsageException("onnx: " + file + " cannot be written (" + e + "): name a file that can be", e);
        }
    }

    /** The same model used with the mean of so many draws of its units. */
    public Model withDraws(int draws) {
        if (draws < 1) {
            throw new UsageException("draws: got " + draws + ", expected at least 1");
        }
        return used(new EvaluationSpec(Mode.SAMPLES, draws));
    }

    /** The same model used with its units' means. */
    public Model withMeans() {
        return used(new EvaluationSpec(Mode.MEANS, 1));
    }

    /** The same model used with its units' most likely values. */
    public Model withThresholds() {
        return used(new EvaluationSpec(Mode.THRESHOLDS, 1));
    }

    private Model used(EvaluationSpec otherwise) {
        return new Model(stored, otherwise, kernels);
    }

    /** The prediction for one example: the probability of each class, or each feature again, or the value. */
    public float[] predict(float[] features) {
        return predict(new float[][] {features})[0];
    }

    /** The predictions for some examples. */
    public float[][] predict(float[][] features) {
        return predict(examples(features));
    }

    /** The predictions for some examples, whose labels do not count, and whose ids do where units draw. */
    public float[][] predict(Examples given) {
        Examples examples = transformed(given);
        int batch = examples.size() == 1 ? 1 : Evaluator.BATCH;
        Queue<Evaluator> idle = batch == 1 ? singles : batches;
        float[][] all = new float[examples.size()][];
        Evaluator evaluator = borrow(idle, batch);
        try (FlushToZero flushing = kernels.arithmetic().begin()) {
            for (int start = 0; start < all.length; start += batch) {
                int count = Math.min(batch, all.length - start);
                Matrix predictions = evaluator.predict(examples, start, count);
                for (int r = 0; r < count; r++) {
                    all[start + r] = row(predictions, r);
                }
            }
        } finally {
            idle.add(evaluator);
        }
        return all;
    }

    /** The class of one example, as the training's data called it. */
    public int classify(float[] features) {
        return label(predict(features));
    }

    /** The class of each example. */
    public int[] classify(float[][] features) {
        return Arrays.stream(predict(features)).mapToInt(this::label).toArray();
    }

    private int label(float[] prediction) {
        if (spec().classes().isEmpty()) {
            throw new UsageException("classify: got a network without classes, expected one that tells classes apart");
        }
        int best = 0;
        for (int j = 1; j < prediction.length; j++) {
            best = prediction[j] > prediction[best] ? j : best;
        }
        return stored.transformation().naming().labelOf(best);
    }

    /**
     * Predictions and how they vary from draw to draw of the stochastic units.
     *
     * @param draws at least 2
     */
    public Spread[] spread(float[][] features, int draws) {
        if (draws < 2) {
            throw new UsageException("draws: got " + draws + ", expected at least 2: one has no deviation");
        }
        Examples examples = transformed(examples(features));
        Evaluator evaluator = evaluator(new EvaluationSpec(Mode.SAMPLES, draws), Evaluator.BATCH)
                .measuringSpread();
        Spread[] all = new Spread[examples.size()];
        try (FlushToZero flushing = kernels.arithmetic().begin()) {
            for (int start = 0; start < all.length; start += Evaluator.BATCH) {
                int count = Math.min(Evaluator.BATCH, all.length - start);
                Matrix predictions = evaluator.predict(examples, start, count);
                for (int r = 0; r < count; r++) {
                    float[] deviation = new float[predictions.columns()];
                    for (int j = 0; j < deviation.length; j++) {
                        deviation[j] = evaluator.deviation(r, j);
                    }
                    all[start + r] = new Spread(row(predictions, r), deviation);
                }
            }
        }
        return all;
    }

    /** Mean loss and error on examples that were not transformed yet. */
    public Score evaluate(Examples examples) {
        Examples told = labelled(examples, "evaluate");
        Evaluator evaluator = borrow(batches, Evaluator.BATCH);
        try (FlushToZero flushing = kernels.arithmetic().begin()) {
            return evaluator.score(told, 0, told.size());
        } finally {
            batches.add(evaluator);
        }
    }

    /**
     * Everything that can be measured of the predictions of examples that were not transformed yet: what {@code measures} of summaries holds, by the same
     * keys. Values are numbers, texts, and lists and maps of them; what is not defined is left out.
     */
    public Map<String, Object> measure(Examples examples) {
        Examples told = labelled(examples, "measure");
        MeasurePlan plan =
                MeasurePlan.all(spec().output().objective(), spec().output().units(), evaluation.draws());
        Evaluator evaluator = evaluator(evaluation, Evaluator.BATCH);
        Optional<DrawTrace> trace = plan.trace(Evaluator.BATCH);
        trace.ifPresent(evaluator::watchedBy);
        Measures measures = new Measures(plan);
        try (FlushToZero flushing = kernels.arithmetic().begin()) {
            measures.add(evaluator, told, trace);
        }
        return measures.write();
    }

    /** Examples as the network sees them, which have what its outputs are held against. */
    private Examples labelled(Examples examples, String what) {
        Examples seen = transformed(examples);
        int classes = spec().classes().orElse(seen.classes());
        if (spec().classes().isPresent() && !seen.isLabelled()) {
            throw new UsageException(what + ": got examples without labels, expected some of " + classes + " classes");
        }
        Examples told = seen.classes() < classes ? seen.withClasses(classes) : seen;
        stored.network().check(told.width(), told.classes());
        stored.network().checkTargets(told.targets());
        return told;
    }

    /**
     * What a step of training would make of an example with these parameters: the coins, losses, learning signals and gradients of the stochastic layers, in a batch of
     * this example alone.
     *
     * @param examples not transformed yet; the example's id is what its noise is a function of
     * @param place of the example among them
     * @param epoch whose noise is drawn, from 0
     * @param draws other draws of the noise that the estimates are held against, at least 2, or 0 for none
     */
    public Explanation explain(Examples examples, int place, int epoch, int draws) {
        if (draws < 0 || draws == 1) {
            throw new UsageException("draws: got " + draws + ", expected 0, or at least 2: one has no deviation");
        }
        Examples told = labelled(examples, "explain");
        Microscope microscope = new Microscope(stored.network(), backend, draws);
        try (FlushToZero flushing = kernels.arithmetic().begin()) {
            return microscope.look(stored.state(), told, place, stored.seed(), epoch, 0, 1);
        }
    }

    /**
     * Codes of examples: which units of a layer are above one half when the network is used without noise.
     *
     * @param layer the layer's number, from 0
     * @return for each example, bit j in bit {@code j mod 64} of word {@code j / 64}
     */
    public long[][] codes(float[][] features, int layer) {
        if (layer < 0 || layer >= spec().layers().size()) {
            throw new UsageException("layer: got " + layer + ", expected 0 to "
                    + (spec().layers().size() - 1) + ", the layers of the network");
        }
        try (FlushToZero flushing = kernels.arithmetic().begin()) {
            return new Encoder(stored.network(), stored.state(), layer, backend).codes(transformed(examples(features)));
        }
    }

    /** The network's specification. */
    public NetworkSpec spec() {
        return stored.network().spec();
    }

    /** All that is stored. */
    public StoredModel stored() {
        return stored;
    }

    /** SHA-256 of the parameters: what summaries of trainings call {@code parametersSha256}. */
    public String parametersSha256() {
        return stored.state().parametersSha256();
    }

    /** Examples whose holes, where the model has numbers for them, are filled. */
    private Examples examples(float[][] features) {
        return Examples.of(stored.transformation().filled(features));
    }

    private Examples transformed(Examples examples) {
        int inputs = stored.transformation().inputs();
        if (examples.width() != inputs) {
            throw new UsageException("got examples of " + examples.width() + " features, expected " + inputs
                    + ": give features as in the training's data");
        }
        int[] places = new int[examples.size()];
        Arrays.setAll(places, i -> i);
        int classes = spec().classes().orElse(examples.classes());
        return stored.transformation()
                .apply(new Untransformed(examples), places, Math.max(1, Math.max(classes, examples.classes())));
    }

    private Evaluator borrow(Queue<Evaluator> idle, int batch) {
        Evaluator evaluator = idle.poll();
        return evaluator != null ? evaluator : evaluator(evaluation, batch);
    }

    private Evaluator evaluator(EvaluationSpec spec, int batch) {
        return new Evaluator(stored.network(), stored.state(), spec, backend, batch, stored.seed());
    }

    private static float[] row(Matrix matrix, int r) {
        float[] row = new float[matrix.columns()];
        for (int j = 0; j < row.length; j++) {
            row[j] = matrix.get(r, j);
        }
        return row;
    }

    /** Examples whose features are seen as they are given. */
    private record Untransformed(Examples examples) implements RawFeatures {
        @Override
        public long id(int index) {
            return examples.id(index);
        }

        @Override
        public int label(int index) {
            return examples.label(index);
        }

        @Override
        public Features features() {
            return examples.features();
        }

        @Override
        public int targets() {
            return examples.targets();
        }

        @Override
        public float[] values(int[] places) {
            float[] values = new float[places.length * targets()];
            for (int k = 0; k < values.length; k++) {
                values[k] = examples.value(places[k / targets()], k % targets());
            }
            return values;
        }
    }
}
