package org.coinflip;

import java.nio.file.Path;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Pass;
import org.coinflip.model.objective.Objective;
import org.coinflip.model.storage.Folder;
import org.coinflip.model.storage.StoredModel;
import org.coinflip.model.training.EvaluationSpec;
import org.coinflip.model.transform.RowTransformation;

/**
 * A trained network that answers one example at a time, for services and stream processors: no Spark, no Hadoop, no ND4J, no native library, so
 * that the artifact {@code org.coinflip:scoring}, which is this class and what it needs, is all that a program must bring.
 *
 * <p>The answers are those of portable arithmetic: the bits of {@link Model} and the job {@code predict} for a model trained with {@code arithmetic
 * = portable}, and for others the same but for the rounding of their matrix library. Noise is the same: a function of (seed of the training,
 * example id, layer, unit, draw).
 *
 * <p>Belongs to one thread. {@link #predict(long, float[], float[])} makes no arrays of its own; scalar kernels allocate some bytes a unit that is
 * drawn. Every scorer has its memory, and those made from one another share the weights.
 */
public final class Scorer {
    private final StoredModel stored;
    private final EvaluationSpec use;
    private final Pass pass;
    private final Objective objective;
    private final RowTransformation transformation;
    private final float[] inputs;
    private final float[] outputs;
    private final long[] id = new long[1];

    private Scorer(StoredModel stored, EvaluationSpec use) {
        stored.network().checkUse(use.mode());
        this.stored = stored;
        this.use = use;
        this.objective = stored.network().spec().output().objective();
        State state = stored.state();
        this.pass = stored.network().bind(state, null, Backend.ofFewRows(state.values()), 1);
        this.transformation = new RowTransformation(stored.transformation());
        this.inputs = new float[stored.network().spec().inputs()];
        this.outputs = new float[stored.network().spec().output().units()];
    }

    /**
     * Reads a model.
     *
     * @param folder {@code model/} of a run, or where {@link Model#save} wrote
     * @throws org.coinflip.model.error.DataException where it is missing, damaged or from a newer version
     */
    public static Scorer load(Path folder) {
        return of(StoredModel.read(Folder.of(folder)));
    }

    /** A scorer of a model that is in memory; its state is not to be modified any more. */
    public static Scorer of(StoredModel stored) {
        return new Scorer(stored, stored.evaluation());
    }

    /** The same model for another thread, or used with the mean of so many draws of its units. */
    public Scorer withDraws(int draws) {
        if (draws < 1) {
            throw new UsageException("draws: got " + draws + ", expected at least 1");
        }
        return new Scorer(stored, new EvaluationSpec(Mode.SAMPLES, draws));
    }

    /** The same model used with its units' means. */
    public Scorer withMeans() {
        return new Scorer(stored, new EvaluationSpec(Mode.MEANS, 1));
    }

    /** The same model used with its units' most likely values. */
    public Scorer withThresholds() {
        return new Scorer(stored, new EvaluationSpec(Mode.THRESHOLDS, 1));
    }

    /** The same model, used alike, for another thread. */
    public Scorer copy() {
        return new Scorer(stored, use);
    }

    /** Features of an example. */
    public int inputs() {
        return stored.transformation().inputs();
    }

    /** Numbers of a prediction: the classes, the features again, or the value. */
    public int outputs() {
        return outputs.length;
    }

    /** The prediction for an example: the probability of each class, or each feature again. Its id is 0. */
    public float[] predict(float[] features) {
        float[] prediction = new float[outputs.length];
        predict(0, features, prediction);
        return prediction;
    }

    /**
     * The prediction for an example.
     *
     * @param example its id, of which the draws are a function
     * @param features as the training's data had them, {@link #inputs} numbers; not modified
     * @param prediction written: the probability of each class, or each feature again, {@link #outputs} numbers
     */
    public void predict(long example, float[] features, float[] prediction) {
        if (prediction.length != outputs.length) {
            throw new UsageException("prediction: got room for " + prediction.length + " numbers, expected "
                    + outputs.length + ", the outputs of the network");
        }
        transformation.apply(example, features, inputs);
        id[0] = example;
        pass.load(id, inputs, null, 1);
        for (int draw = 0; draw < use.draws(); draw++) {
            pass.context().setNoise(use.mode(), stored.seed(), 0, draw);
            pass.forward();
            Matrix latest = pass.output();
            objective.predict(latest, 1, stored.network().spec().targets());
            for (int j = 0; j < prediction.length; j++) {
                float mean = draw == 0 ? 0f : prediction[j];
                prediction[j] = mean + (latest.get(0, j) - mean) / (draw + 1);
            }
        }
    }

    /** The class of an example, as the training's data called it. Its id is 0. */
    public int classify(float[] features) {
        return classify(0, features);
    }

    /** The class of an example of a given id, as the training's data called it. */
    public int classify(long example, float[] features) {
        if (stored.network().spec().classes().isEmpty()) {
            throw new UsageException("classify: got a network without classes, expected one that tells classes apart");
        }
        predict(example, features, outputs);
        int best = 0;
        for (int j = 1; j < outputs.length; j++) {
            best = outputs[j] > outputs[best] ? j : best;
        }
        return stored.transformation().naming().labelOf(best);
    }
}
