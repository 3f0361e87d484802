package org.coinflip.spark.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.training.LayerStatistics;
import org.coinflip.model.training.Measurement;
import org.coinflip.model.training.Settling;
import org.coinflip.model.training.StepTime;
import org.coinflip.model.training.StepVariance;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.record.Summary;

/** What is measured in the layers of a network at looks and at the end, on the first examples of the validation split, as {@code validation} says. */
final class LayerMeasures {
    private final Experiment experiment;
    private final Network network;
    private final KernelChoice kernels;
    private final Backend backend;
    private final Examples probe;
    private final int count;

    /**
     * Of one network in training.
     *
     * @param most how many of the probe are measured on at most, whatever {@code validation.examples} says
     */
    LayerMeasures(Experiment experiment, Network network, KernelChoice kernels, Examples probe, int most) {
        this.experiment = experiment;
        this.network = network;
        this.kernels = kernels;
        this.backend = Backend.of(kernels);
        this.probe = probe;
        this.count = Math.min(experiment.validation().examples(), Math.min(most, probe.size()));
    }

    /** Firing rates and the gradients' noise, of the stochastic layers. */
    List<LayerStatistics> statistics(State state) {
        return Measurement.measure(
                network,
                state,
                probe,
                count,
                experiment.validation().draws(),
                experiment.validation().referenceDraws(),
                backend,
                experiment.seed());
    }

    /** Whether free phases settle, of an energy-based network. */
    Optional<Settling> settling(State state) {
        try (FlushToZero flushing = kernels.arithmetic().begin()) {
            return Settling.measure(network, state, probe, count, backend, experiment.seed());
        }
    }

    /** How long a step takes with and without closed experts, of a network that has some. */
    Optional<StepTime> stepTime(State state) {
        return StepTime.of(network, experiment.training(), state, probe, backend, experiment.seed());
    }

    /** How much of a step's noise is the coins' and how much the examples', where that is asked for. */
    private List<StepVariance> variance(State state) {
        return experiment.validation().batches() == 0
                ? List.of()
                : StepVariance.measure(
                        network,
                        state,
                        probe,
                        experiment.training().batch(),
                        experiment.validation().batches(),
                        experiment.validation().draws(),
                        backend,
                        experiment.seed());
    }

    /**
     * All of it as summaries have it.
     *
     * @param statistics of this state
     * @param others what comes before {@link #settling}
     */
    List<Map<String, Object>> write(State state, List<LayerStatistics> statistics, List<Map<String, Object>> others) {
        List<Map<String, Object>> written = new ArrayList<>(Summary.layers(statistics));
        Summary.addVariance(written, variance(state));
        written.addAll(others);
        written.addAll(Summary.settling(settling(state)));
        return written;
    }
}
