package org.coinflip.spark.train;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.coinflip.model.kernel.Backend;
import org.coinflip.model.kernel.FlushToZero;
import org.coinflip.model.kernel.Updating;
import org.coinflip.model.memory.Floats;
import org.coinflip.spark.experiment.OuterSpec;

/**
 * An executor's side of training. Broadcast once; keeps the executor's memory for states, and the last one, between stretches of rounds. What
 * it computes is a function of what it is given, persistent per-example state included.
 */
final class RoundHost implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A state, and the stretch at whose end it was. */
    private record Ending(long stretch, Floats state) {}

    private final RoundWorker worker;
    private final OuterSpec outer;
    private final int length;
    private final int parameters;
    private final String gang;
    private final Validation validation;
    private transient String process;
    private transient StatePool pool;
    private transient Map<Long, Crew> crews;
    private transient Updating kernels;
    private transient Keeping keeping;
    private transient Lookout lookout;
    private transient Ending ending;

    /**
     * @param length numbers of a state
     * @param parameters how many of them the outer optimiser takes its step with
     * @param gang the name of the driver's {@link Gang}
     * @param validation what crews look at after marked rounds; null for nothing
     */
    RoundHost(RoundWorker worker, OuterSpec outer, int length, int parameters, String gang, Validation validation) {
        this.worker = worker;
        this.outer = outer;
        this.length = length;
        this.parameters = parameters;
        this.gang = gang;
        this.validation = validation;
        begin();
    }

    private void begin() {
        process = UUID.randomUUID().toString();
        pool = new StatePool(length);
        crews = new ConcurrentHashMap<>();
        kernels = Backend.updatingKernels();
        keeping = new Keeping(worker.keptPerExample());
        lookout = new Lookout(validation, worker.kernels().arithmetic(), pool);
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        begin();
    }

    /** A task's part of a stretch: its workers one after another, round after round. */
    StretchEnd run(TaskContext task, Stretch stretch, Iterator<Shards.Shard> mine) {
        GangLine line = new GangLine(gang);
        Crew crew = null;
        try (FlushToZero flushing = worker.kernels().arithmetic().begin()) {
            List<Shards.Shard> shards = new ArrayList<>();
            mine.forEachRemaining(shards::add);
            SparkEnv env = SparkEnv.get();
            boolean alone = stretch.tasks() == 1 || isOneProcess(env);
            Wire wire = alone ? null : Wire.here();
            Inbox inbox = alone ? null : wire.open(stretch.id());
            Meeting.Patience untilKilled = waited -> endIfKilled(task);
            Roster roster = line.join(
                    new Roster.Entry(
                            stretch.id(),
                            task.partitionId(),
                            task.taskAttemptId(),
                            process,
                            env.executorId(),
                            alone ? null : wire.address(),
                            shards.stream().mapToInt(Shards.Shard::worker).toArray()),
                    untilKilled);
            crew = crews.computeIfAbsent(stretch.id(), id -> crew(stretch, roster, line, wire, inbox));
            StretchEnd end = new Member(crew, task, shards, worker, keeping).run();
            leave(crew, true);
            return end;
        } catch (RuntimeException | Error e) {
            fail(task, stretch, line, crew, e);
            throw e;
        }
    }

    private Crew crew(Stretch stretch, Roster roster, GangLine line, Wire wire, Inbox inbox) {
        int index = roster.crewOf(process);
        Exchange.Post post =
                (peer, parcel, body) -> wire.send(roster.crew(peer).get(0).address(), parcel, inbox, body);
        Exchange exchange = roster.crews() == 1
                ? null
                : new Exchange(stretch.id(), roster, Torus.of(roster.crews()), index, post, inbox, length);
        return new Crew(
                stretch,
                roster,
                index,
                exchange,
                new OuterStep(outer, parameters),
                kernels,
                pool,
                line,
                lookout,
                this::begin);
    }

    /** The state that a stretch begins with: the one that is here where it goes on from that, else the driver's. */
    private synchronized Floats begin(Stretch stretch) {
        Ending last = ending;
        ending = null;
        if (last != null && last.stretch() == stretch.from()) {
            return last.state();
        }
        if (last != null) {
            pool.give(last.state());
        }
        Floats state = pool.take();
        StateBlocks.here().take(stretch.id(), state);
        return state;
    }

    private void leave(Crew crew, boolean good) {
        if (crew.leave()) {
            crews.remove(crew.stretch().id());
            if (crew.isAmongOthers()) {
                Wire.here().close(crew.stretch().id());
            }
            if (good) {
                synchronized (this) {
                    ending = new Ending(crew.stretch().id(), crew.state());
                }
            }
        }
    }

    private void fail(TaskContext task, Stretch stretch, GangLine line, Crew crew, Throwable e) {
        boolean another = e instanceof StretchBroken || task.isInterrupted();
        String why = "task " + task.partitionId() + " on executor "
                + SparkEnv.get().executorId() + ": " + (e instanceof StretchBroken ? e.getMessage() : e.toString());
        if (crew != null) {
            crew.breakUp(e instanceof StretchBroken broken ? broken : new StretchBroken(why, e));
            leave(crew, false);
        }
        line.failed(new Gang.Failed(stretch.id(), task.partitionId(), task.taskAttemptId(), why, another ? null : e));
    }

    /** @throws org.apache.spark.TaskKilledException where Spark wants the task to end */
    static void endIfKilled(TaskContext task) {
        task.killTaskIfInterrupted();
    }

    /** Whether the driver runs the tasks. */
    static boolean isOneProcess(SparkEnv env) {
        return env.executorId().equals("driver");
    }
}
