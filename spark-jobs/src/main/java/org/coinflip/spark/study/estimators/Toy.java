package org.coinflip.spark.study.estimators;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.coinflip.model.example.Examples;
import org.coinflip.model.function.Quadratic;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.layer.Mode;
import org.coinflip.model.layer.plain.FunctionLayer;
import org.coinflip.model.layer.stochastic.StochasticLayer;
import org.coinflip.model.layer.stochastic.StochasticStage;
import org.coinflip.model.memory.State;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.network.Pass;
import org.coinflip.model.settings.Section;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.TrainingSpec;
import org.coinflip.model.training.updater.Progress;

/**
 * One training of one Bernoulli unit, logit 0 at first, below the loss (b − t)² by Adam with one example a step: a task. The draws are a
 * function of the seed and the step, the same for every estimator.
 *
 * <p>Tucker et al. (2017), t = 0.45; Grathwohl et al. (2018), t = 0.499.
 *
 * @param estimator in HOCON
 * @param t where the relaxed loss is least
 * @param schedule how long and how it is looked at
 * @param seed of this replica
 */
record Toy(String estimator, double t, Schedule schedule, long seed) implements Serializable {
    /**
     * How long it is trained and how it is looked at.
     *
     * @param steps of Adam
     * @param every steps between two looks
     * @param samples estimates from which the variance is taken at a look
     * @param rate Adam's learning rate
     */
    record Schedule(int steps, int every, int samples, double rate) implements Serializable {
        int looks() {
            return steps / every + 1;
        }
    }

    /**
     * What was seen at each look.
     *
     * @param loss p (1 − t)² + (1 − p) t², exact
     * @param variance of one estimate at the logit of the moment
     */
    record Trajectory(double[] loss, double[] variance) implements Serializable {}

    Trajectory train() {
        Network network = network();
        Backend backend = Backend.detect();
        TrainingSpec training = TrainingSpec.read(Section.root(ConfigFactory.parseMap(
                Map.of("batch", 1, "epochs", 1, "updater", Map.of("type", "Adam", "learning-rate", schedule.rate)))));
        Learner learner = new Learner(network, training, backend, seed);
        network.initialise(learner.state(), seed);
        Pass look = network.bind(learner.state(), null, backend, schedule.samples);
        Examples stream = Cell.rows(schedule.steps);
        Trajectory trajectory = new Trajectory(new double[schedule.looks()], new double[schedule.looks()]);
        int[] place = new int[1];
        Progress progress = new Progress(schedule.steps, 1);
        for (int step = 0; step <= schedule.steps; step++) {
            if (step % schedule.every == 0) {
                look(look, learner.state(), trajectory, step / schedule.every);
            }
            if (step < schedule.steps) {
                place[0] = step;
                learner.step(stream, place, 1, progress.at(step));
            }
        }
        return trajectory;
    }

    private Network network() {
        Map<String, Object> units = Map.of(
                "type",
                StochasticLayer.TYPE,
                "units",
                1,
                "estimator",
                ConfigFactory.parseString(estimator).root());
        String layers = ConfigValueFactory.fromMap(
                        Map.of("layers", List.of(units, new FunctionLayer(new Quadratic(t)).write())))
                .render(ConfigRenderOptions.concise());
        return new Network(NetworkSpec.read(Section.root(ConfigFactory.parseString(layers)), 1));
    }

    private void look(Pass pass, State state, Trajectory trajectory, int at) {
        double p = 1 / (1 + StrictMath.exp(-state.view("layer0.biases").get(0)));
        trajectory.loss[at] = p * (1 - t) * (1 - t) + (1 - p) * t * t;
        int[] places = new int[schedule.samples];
        for (int i = 0; i < places.length; i++) {
            places[i] = i;
        }
        pass.load(Cell.rows(schedule.samples), places, places.length);
        // epochs that training, which has one, never draws
        pass.context().setNoise(Mode.TRAIN, seed, 1 + at, 0);
        pass.context().setProgress((double) at * schedule.every / schedule.steps);
        pass.forward();
        pass.backward();
        StochasticStage stage = pass.stochasticStages().get(0);
        Moments moments = new Moments(new double[1]);
        for (int r = 0; r < places.length; r++) {
            moments.add(stage.logitGradient(), r);
        }
        trajectory.variance[at] = moments.variance(0);
    }
}
