package org.coinflip.spark.train;

import java.util.Map;
import org.coinflip.data.Description;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.layer.FeatureShape;
import org.coinflip.model.network.Network;
import org.coinflip.spark.experiment.Experiment;
import org.coinflip.spark.experiment.TrainingBackend;
import org.coinflip.spark.record.Output;
import org.coinflip.spark.shard.DataIdentity;

/** What a {@linkplain TrialTraining trial} of a sweep can be, and what it depends on. */
public final class TrialRules {
    private TrialRules() {}

    /**
     * Refuses what no trial can have, whatever its data.
     *
     * @throws UsageException in a line
     */
    public static void check(Experiment experiment) {
        if (experiment.backend() != TrainingBackend.COINFLIP) {
            throw new UsageException(
                    "backend: got dl4j, expected coinflip: a trial of a sweep is a task, in which DL4J's master cannot run");
        }
        if (experiment.start().isGiven()) {
            throw new UsageException("start.model: got " + experiment.start().model()
                    + ", expected none in a sweep: its trials begin with weights of their own seeds");
        }
        if (experiment.training().maxSeconds() > 0) {
            throw new UsageException("training.max-seconds: got "
                    + experiment.training().maxSeconds()
                    + ", expected none in a sweep: its results would depend on the machine");
        }
    }

    /**
     * Refuses what no trial can have that is run in parts: their states know of no looks.
     *
     * @throws UsageException in a line
     */
    public static void checkParts(Experiment experiment) {
        if (experiment.training().schedule().isDecidedByLooks()) {
            throw new UsageException("training.schedule.type: got plateau, expected another with this sweep.scheduler,"
                    + " which runs trials in parts");
        }
        if (experiment.validation().patience() > 0) {
            throw new UsageException("validation.patience: got "
                    + experiment.validation().patience()
                    + ", expected 0 with this sweep.scheduler, which stops trials itself");
        }
    }

    /** Refuses what no trial on some data can have. */
    public static void check(Experiment experiment, Description data) {
        check(experiment);
        network(experiment, data.shape(), data.classes());
    }

    /** Whether errors of a trial on some data are parts that are told wrongly; otherwise they are squared. */
    public static boolean classifies(Experiment experiment, Description data) {
        return network(experiment, data.shape(), data.classes())
                .spec()
                .output()
                .objective()
                .countsErrors();
    }

    /** The network of a trial on examples of this shape, refused where it does not fit them. */
    static Network network(Experiment experiment, FeatureShape shape, int classes) {
        Network network = new Network(experiment.networkSpec(shape));
        network.check(shape.columns(), classes);
        experiment.validation().plan(network.spec());
        return network;
    }

    /** All that the bits of a trial depend on, by key and with the values in force. */
    public static Map<String, Object> identity(Experiment experiment, Description data) {
        return Output.identityKeys(experiment.write(experiment.networkSpec(data.shape())), DataIdentity.of(data));
    }
}
