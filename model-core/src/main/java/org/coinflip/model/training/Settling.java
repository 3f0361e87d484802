package org.coinflip.model.training;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.energy.EnergyLayer;
import org.coinflip.model.layer.energy.EnergyStage;
import org.coinflip.model.memory.Matrix;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.Pass;

/**
 * Whether the free phases of an energy-based network reach their fixed points, on some examples. A network may learn to be right after the steps
 * that it is given and be somewhere else when it has settled; its gradients are then not those of its loss.
 *
 * @param layer the layer's number
 * @param units that relax
 * @param steps of the free phase, from rest
 * @param persistent whether free phases of training go on from those of the epoch before instead
 * @param energy mean over the examples of the energy after it, the clamped input's own terms left out
 * @param residual mean over the examples of the greatest |∂E/∂s| of a unit after it
 * @param changed part of the examples whose class is another after {@value #LONGER} times the steps
 */
public record Settling(
        int layer, int units, int steps, boolean persistent, double energy, double residual, double changed) {
    /** How many times as many steps are taken for comparison. */
    public static final int LONGER = 4;

    /**
     * @param state not modified
     * @param count how many examples, from the first on; at most all
     * @return nothing for other networks, nor where the free state is a pass up
     */
    public static Optional<Settling> measure(
            Network network, State state, Examples examples, int count, Backend backend, long seed) {
        if (!(network.spec().top() instanceof EnergyLayer layer) || layer.rule().feedsForward()) {
            return Optional.empty();
        }
        Pass pass = network.bind(state, null, backend, count);
        EnergyStage stage = pass.energyStage();
        int[] places = new int[count];
        Arrays.setAll(places, i -> i);
        pass.load(examples, places, count);
        pass.context().setNoise(Mode.MEANS, seed, 0, 0);
        pass.forward();
        double energy = stage.relaxation().meanEnergy();
        double residual =
                DoubleStream.of(stage.relaxation().residuals()).average().orElse(0);
        int[] before = classes(stage.output(), count);
        int steps = layer.stepsFromRest();
        stage.relax((LONGER - 1) * steps);
        int[] after = classes(stage.output(), count);
        int changed = 0;
        for (int r = 0; r < count; r++) {
            changed += before[r] == after[r] ? 0 : 1;
        }
        int units = stage.relaxation().units();
        return Optional.of(new Settling(
                stage.index(), units, steps, layer.persistent(), energy, residual, (double) changed / count));
    }

    private static int[] classes(Matrix outputs, int count) {
        int[] classes = new int[count];
        for (int r = 0; r < count; r++) {
            for (int j = 1; j < outputs.columns(); j++) {
                classes[r] = outputs.get(r, j) > outputs.get(r, classes[r]) ? j : classes[r];
            }
        }
        return classes;
    }
}
