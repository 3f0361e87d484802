package org.coinflip.spark.explanation;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.coinflip.data.Split;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.example.Examples;
import org.coinflip.model.explanation.Explanation;
import org.coinflip.model.explanation.Microscope;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.memory.State;
import org.coinflip.model.training.Learner;
import org.coinflip.model.training.updater.Progress;
import org.coinflip.spark.train.Replay;
import org.coinflip.spark.train.Replay.Course;
import org.coinflip.spark.train.Replay.Place;

/**
 * An example in a step of the training that was: the step in which it is taken in an epoch, in its batch; or, where another step is asked for, in a batch of its own
 * under the parameters that its worker has before that step.
 */
final class TrainedStep {
    private final Replay replay;
    private final ExplanationSpec spec;
    private final ExampleName name;
    private final Place place;
    private final int step;

    /** Checks that there is such a step. */
    TrainedStep(Replay replay, ExplanationSpec spec, ExampleName name) {
        this.replay = replay;
        this.spec = spec;
        this.name = name;
        GivenParameters.requireEpoch(spec.epoch(), replay.epochs());
        place = replay.find(name.id(), spec.epoch() - 1).orElseThrow(this::notTrained);
        step = spec.step().orElse(place.step() + 1) - 1;
        if (step >= place.steps()) {
            throw new UsageException("step: got " + (step + 1) + ", expected 1 to " + place.steps()
                    + ", the steps of an epoch of worker " + place.worker() + ", whose example it is");
        }
    }

    private RuntimeException notTrained() {
        for (Split split : new Split[] {Split.VALID, Split.TEST}) {
            if (name.placeIn(replay.data().examples(split)) >= 0) {
                return new UsageException("example: got " + name.text() + ", which is in the " + split
                        + " split, expected a training example, for steps have no others: name model/ or a checkpoint to look"
                        + " at it under those parameters");
            }
        }
        return name.unknown(Arrays.stream(Split.values())
                .map(split -> replay.data().examples(split))
                .toList());
    }

    /** Takes the training up again, and looks. */
    Sighting see() {
        Backend backend = Backend.of(replay.kernels());
        Microscope microscope = new Microscope(replay.network(), backend, spec.referenceDraws());
        AtomicReference<Explanation> seen = new AtomicReference<>();
        AtomicReference<float[]> prediction = new AtomicReference<>();
        Course course = replay.run(place, step, (learner, examples, places, count, progress) -> {
            seen.set(look(microscope, learner, examples, places, count, progress));
            State state = new State(replay.network().layout());
            learner.storeNetwork(state);
            prediction.set(GivenParameters.prediction(
                    replay.network(),
                    state,
                    replay.experiment().evaluation(),
                    backend,
                    replay.experiment().seed(),
                    replay.examples(place.worker()),
                    place.place()));
        });
        boolean isSame = course.same() == course.compared();
        return new Sighting(
                name.called(),
                Split.TRAIN.toString(),
                seen.get(),
                replay.network().spec(),
                prediction.get(),
                replay.data().description().transformation().naming(),
                isTaken() && spec.draw() == 0 && isSame && course.compared() > 0,
                where(course),
                told(course),
                replay.kernels(),
                replay.experiment().data());
    }

    /** Whether it is the step in which training takes the example. */
    private boolean isTaken() {
        return step == place.step();
    }

    private Explanation look(
            Microscope microscope, Learner learner, Examples examples, int[] places, int count, Progress progress) {
        learner.begin(examples, places, count, progress);
        microscope.focus(learner.pass());
        int row = 0;
        if (isTaken()) {
            learner.pass().load(examples, places, count);
            while (examples.id(places[row]) != name.id()) {
                row++;
            }
        } else {
            learner.pass().load(replay.examples(place.worker()), new int[] {place.place()}, 1);
        }
        learner.differentiate(progress, spec.draw());
        return microscope.read(learner.pass(), learner.state(), row);
    }

    private Map<String, Object> where(Course course) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("epoch", spec.epoch());
        keys.put("step", step + 1);
        keys.put("takenInStep", place.step() + 1);
        keys.put("steps", place.steps());
        keys.put("worker", place.worker());
        keys.put("round", replay.round(place.epoch(), step) + 1);
        keys.put("replayedFrom", course.from());
        keys.put("roundsReplayed", course.rounds());
        keys.put("roundsCompared", course.compared());
        keys.put("roundsSame", course.same());
        return keys;
    }

    private String told(Course course) {
        String rounds = course.rounds() == 1 ? "1 round" : course.rounds() + " rounds";
        String from = course.from() == 0 ? "from the beginning" : "from the checkpoint after round " + course.from();
        String compared = course.same() == course.compared()
                ? course.compared() + " of " + course.rounds() + " with the loss of metrics.jsonl to the last bit"
                : "of which only " + course.same() + " of " + course.compared()
                        + " gave the loss of metrics.jsonl: matrix products round otherwise here";
        return "replayed " + rounds + " " + from + ", " + compared;
    }
}
