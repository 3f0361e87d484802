package org.coinflip.spark.averaging;

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
import org.coinflip.model.kernel.operation.Updating;
import org.coinflip.model.memory.Floats;
import org.coinflip.spark.evaluation.Validation;
import org.coinflip.spark.experiment.OuterSpec;
import org.coinflip.spark.round.ExampleStateStore;
import org.coinflip.spark.round.OuterStep;
import org.coinflip.spark.round.RoundSpan;
import org.coinflip.spark.round.RoundWorker;
import org.coinflip.spark.shard.Shards;
import org.coinflip.spark.state.StateBlocks;
import org.coinflip.spark.state.StatePool;

/**
 * An executor's side of training. Broadcast once; keeps the executor's memory for states, and the last one, between spans of rounds. What
 * it computes is a function of what it is given, persistent per-example state included.
 */
final class RoundHost implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A state, and the span at whose end it was. */
    private record Ending(long span, Floats state) {}

    private final RoundWorker worker;
    private final OuterSpec outer;
    private final int length;
    private final int parameters;
    private final String coordinator;
    private final Validation validation;
    private transient String hostId;
    private transient StatePool pool;
    private transient Map<Long, ProcessRanks> processes;
    private transient Updating kernels;
    private transient ExampleStateStore exampleStates;
    private transient SnapshotThread snapshots;
    private transient Ending ending;

    /**
     * @param length numbers of a state
     * @param parameters how many of them the outer optimiser takes its step with
     * @param coordinator the name of the driver's {@link GroupCoordinator}
     * @param validation what processes look at after marked rounds; null for nothing
     */
    RoundHost(
            RoundWorker worker,
            OuterSpec outer,
            int length,
            int parameters,
            String coordinator,
            Validation validation) {
        this.worker = worker;
        this.outer = outer;
        this.length = length;
        this.parameters = parameters;
        this.coordinator = coordinator;
        this.validation = validation;
        begin();
    }

    private void begin() {
        hostId = UUID.randomUUID().toString();
        pool = new StatePool(length);
        processes = new ConcurrentHashMap<>();
        kernels = Backend.updatingKernels();
        exampleStates = new ExampleStateStore(worker.keptPerExample());
        snapshots = new SnapshotThread(validation, worker.kernels().arithmetic(), pool);
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        begin();
    }

    /** A task's part of a span: its workers one after another, round after round. */
    SpanEnd run(TaskContext task, RoundSpan span, Iterator<Shards.Shard> mine) {
        CoordinatorClient line = new CoordinatorClient(coordinator);
        ProcessRanks process = null;
        try (FlushToZero flushing = worker.kernels().arithmetic().begin()) {
            List<Shards.Shard> shards = new ArrayList<>();
            mine.forEachRemaining(shards::add);
            SparkEnv env = SparkEnv.get();
            boolean alone = span.tasks() == 1 || isOneProcess(env);
            Wire wire = alone ? null : Wire.here();
            Inbox inbox = alone ? null : wire.open(span.id());
            LocalBarrier.Patience untilKilled = waited -> endIfKilled(task);
            RankAssignment assignment = line.join(
                    new RankAssignment.Entry(
                            span.id(),
                            task.partitionId(),
                            task.taskAttemptId(),
                            hostId,
                            env.executorId(),
                            alone ? null : wire.address(),
                            shards.stream().mapToInt(Shards.Shard::worker).toArray()),
                    untilKilled);
            process = processes.computeIfAbsent(span.id(), id -> process(span, assignment, line, wire, inbox));
            SpanEnd end = new Rank(process, task, shards, worker, exampleStates).run();
            leave(process, true);
            return end;
        } catch (RuntimeException | Error e) {
            fail(task, span, line, process, e);
            throw e;
        }
    }

    private ProcessRanks process(
            RoundSpan span, RankAssignment assignment, CoordinatorClient line, Wire wire, Inbox inbox) {
        int index = assignment.processOf(hostId);
        TorusAllReduce.Post post =
                (peer, head, body) -> wire.send(assignment.process(peer).get(0).address(), head, inbox, body);
        TorusAllReduce exchange = assignment.processes() == 1
                ? null
                : new TorusAllReduce(
                        span.id(), assignment, Torus.of(assignment.processes()), index, post, inbox, length);
        return new ProcessRanks(
                span,
                assignment,
                index,
                exchange,
                new OuterStep(outer, parameters),
                kernels,
                pool,
                line,
                snapshots,
                this::begin);
    }

    /** The state that a span begins with: the one that is here where it goes on from that, else the driver's. */
    private synchronized Floats begin(RoundSpan span) {
        Ending last = ending;
        ending = null;
        if (last != null && last.span() == span.from()) {
            return last.state();
        }
        if (last != null) {
            pool.give(last.state());
        }
        Floats state = pool.take();
        StateBlocks.here().take(span.id(), state);
        return state;
    }

    private void leave(ProcessRanks process, boolean good) {
        if (process.leave()) {
            processes.remove(process.span().id());
            if (process.isAmongOthers()) {
                Wire.here().close(process.span().id());
            }
            if (good) {
                synchronized (this) {
                    ending = new Ending(process.span().id(), process.state());
                }
            }
        }
    }

    private void fail(TaskContext task, RoundSpan span, CoordinatorClient line, ProcessRanks process, Throwable e) {
        boolean another = e instanceof SpanBroken || task.isInterrupted();
        String why = "task " + task.partitionId() + " on executor "
                + SparkEnv.get().executorId() + ": " + (e instanceof SpanBroken ? e.getMessage() : e.toString());
        if (process != null) {
            process.breakUp(e instanceof SpanBroken broken ? broken : new SpanBroken(why, e));
            leave(process, false);
        }
        line.failed(new GroupCoordinator.Failed(
                span.id(), task.partitionId(), task.taskAttemptId(), why, another ? null : e));
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
