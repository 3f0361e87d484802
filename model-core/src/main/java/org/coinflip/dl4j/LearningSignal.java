package org.coinflip.dl4j;

import org.bytedeco.javacpp.Pointer;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.layer.PassContext;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.objective.Targets;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;

/**
 * The loss of each row of the top layer in the pass that goes on, from a {@link LearningSignalOutputLayer} to the stochastic layers below
 * it in the same network.
 *
 * <p>It travels in the map of pointers that a DL4J network hands to all its layers, with every pass, for memory that they share (cuDNN's
 * is what it was made for). The map belongs to one network object: a clone, a restored network and a Spark worker's replica have
 * their own, so nothing has to be found by name, copied with configurations or saved. This is why it is a {@link Pointer}, though it
 * points nowhere. Belongs to the network's thread.
 */
final class LearningSignal extends Pointer {
    private static final String KEY = "org.coinflip.dl4j.learning-signal";

    private final int owner;
    private PassContext context;
    private boolean current;

    private LearningSignal(int owner) {
        super((Pointer) null);
        this.owner = owner;
    }

    /** The signal of the pass that goes on, or null where no layer above gave one. */
    static LearningSignal of(LayerWorkspaceMgr shared) {
        LearningSignal signal = shared.getHelperWorkspace(KEY);
        return signal == null || !signal.current ? null : signal;
    }

    /** Forgets the pass before: called by every stochastic layer on its way up. */
    static void forget(LayerWorkspaceMgr shared) {
        LearningSignal signal = shared.getHelperWorkspace(KEY);
        if (signal != null) {
            signal.current = false;
        }
    }

    /**
     * Leaves the losses for the layers below.
     *
     * @param layer number of the output layer, of which a network has one
     * @param examples examples of the batch
     * @param losses of each row of the output layer, {@code examples} times the samples that layers below drew of each
     */
    static void publish(LayerWorkspaceMgr shared, int layer, int examples, float[] losses) {
        LearningSignal signal = shared.getHelperWorkspace(KEY);
        if (signal == null) {
            signal = new LearningSignal(layer);
            shared.setHelperWorkspace(KEY, signal);
        } else if (signal.owner != layer) {
            throw new UsageException(
                    "layers " + Math.min(layer, signal.owner) + " and " + Math.max(layer, signal.owner)
                            + ": got two LearningSignalOutputLayers in one network, expected one: end the other branch in DL4J's OutputLayer");
        }
        signal.take(examples, losses);
    }

    private void take(int examples, float[] losses) {
        if (context == null || context.losses().length < losses.length || context.ids().length < examples) {
            context = new PassContext(0, examples, losses.length, new Targets(Matrix.padded(examples, 1), 0));
        }
        context.setExamples(examples);
        context.setTopRows(losses.length);
        System.arraycopy(losses, 0, context.losses(), 0, losses.length);
        current = true;
    }

    /** Examples of the batch. */
    int examples() {
        return context.examples();
    }

    /** Writes the loss of each of so many rows of a layer below: the mean over what the layers between made of it. */
    void meanLosses(int rows, float[] out) {
        context.meanLosses(rows, out);
    }
}
