package org.coinflip.spark.study.curvature;

import com.typesafe.config.ConfigFactory;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.coinflip.model.example.Examples;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.updater.Progress;
import org.coinflip.model.training.updater.Schedule;
import org.coinflip.model.training.updater.UpdaterSpec;

/**
 * One of the networks that are compared.
 *
 * @param name for people
 * @param shortcuts whether every layer reads all layers below; needed by the transformations
 * @param alpha whether α is estimated
 * @param beta whether β is
 * @param gamma whether γ is
 * @param learningRate of full-batch descent
 */
record Variant(String name, boolean shortcuts, boolean alpha, boolean beta, boolean gamma, double learningRate)
        implements Serializable {
    private static final double MAX_GAMMA = 10;

    static Variant read(Section section) {
        boolean alpha = section.flag("alpha", false);
        boolean beta = section.flag("beta", false);
        boolean gamma = section.flag("gamma", false);
        boolean shortcuts = section.flag("shortcuts", true);
        if (!shortcuts && (alpha || beta || gamma)) {
            throw section.wrong("shortcuts", "true: they take over what the transformation takes from a unit");
        }
        Variant variant = new Variant(
                section.text("name"), shortcuts, alpha, beta, gamma, section.number("learning-rate", Range.POSITIVE));
        section.finish();
        return variant;
    }

    Map<String, Object> write() {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("name", name);
        keys.put("shortcuts", shortcuts);
        keys.put("alpha", alpha);
        keys.put("beta", beta);
        keys.put("gamma", gamma);
        keys.put("learning-rate", learningRate);
        return keys;
    }

    Network network(List<Integer> hidden, int inputs, int classes) {
        String type = shortcuts
                ? "transformed, alpha = " + alpha + ", beta = " + beta + ", gamma = " + gamma + ", max-gamma = "
                        + MAX_GAMMA
                : "dense";
        String layers = hidden.stream()
                .map(units -> "{ type = " + type + ", activation = tanh, units = " + units + " }")
                .collect(Collectors.joining(", "));
        String text = "layers = [" + layers + ", { type = output, units = " + classes + " }]";
        return new Network(NetworkSpec.read(Section.root(ConfigFactory.parseString(text)), inputs));
    }

    /**
     * Trains on all examples at once.
     *
     * @return the network in the coordinates of its next step
     */
    ShortcutNetwork train(Examples examples, List<Integer> hidden, int epochs, long seed) {
        Network network = network(hidden, examples.width(), examples.classes());
        int n = examples.size();
        TrainingSpec spec = new TrainingSpec(n, epochs, UpdaterSpec.sgd(learningRate), Schedule.CONSTANT, 0, 0);
        Learner learner = new Learner(network, spec, Backend.detect(), seed);
        State state = learner.state();
        network.initialise(state, seed);
        int[] places = new int[n];
        for (int i = 0; i < n; i++) {
            places[i] = i;
        }
        Progress progress = new Progress(1, epochs);
        try (FlushToZero flushing = FlushToZero.open()) {
            for (int step = 0; step < epochs; step++) {
                learner.step(examples, places, n, progress.at(step));
            }
        }
        return inCoordinates(state, examples, hidden);
    }

    /** What a state holds, in the coordinates of a step on all examples. */
    ShortcutNetwork inCoordinates(State state, Examples examples, List<Integer> hidden) {
        int[] widths = new int[hidden.size() + 2];
        widths[0] = examples.width();
        for (int l = 0; l < hidden.size(); l++) {
            widths[l + 1] = hidden.get(l);
        }
        widths[widths.length - 1] = examples.classes();
        ShortcutNetwork plain = ShortcutNetwork.of(widths, shortcuts, state);
        return shortcuts
                ? plain.transformed(Inputs.of(examples, examples.size()), alpha, beta, gamma, MAX_GAMMA)
                : plain;
    }
}
