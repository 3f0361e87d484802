package org.coinflip.spark.averaging;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.rpc.ThreadSafeRpcEndpoint;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.coinflip.spark.evaluation.Validation;
import org.coinflip.spark.round.Round;
import org.coinflip.spark.round.RoundSpan;
import scala.PartialFunction;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;

/**
 * The process group of a span, as an RPC endpoint on the driver: a barrier at which its tasks (ranks) register and learn each other's addresses, and
 * to which they then report rounds, snapshots and failures. Spark's barrier stages do the same, but refuse dynamic allocation, fail where locality keeps one of their tasks
 * back, and wait ten minutes for slots that there are not; tasks that wait for each other need no more than this.
 */
final class GroupCoordinator implements ThreadSafeRpcEndpoint, AutoCloseable {
    /** A round is done. The answer is whether the driver wants no more than one after it. */
    record Done(long span, Round round) implements Serializable {}

    /** A try at a task has failed; the cause is null where that is another's loss. */
    record Failed(long span, int task, long attempt, String why, Throwable cause) implements Serializable {}

    /**
     * A process's part of what is handed over after a marked round. The answer says that it has been read.
     *
     * @param seen of the shards of the validation split that the process has looked at
     * @param left the state and the memory
     */
    record Handed(long span, int round, int process, Validation.Seen seen, SnapshotPart left) implements Serializable {}

    /** A part that came, and who waits until it has been read. */
    record Delivery(Handed handed, RpcCallContext sender) {}

    private static final Object WAKE = "wake";

    private final JavaSparkContext spark;
    private final RpcEnv env = SparkEnv.get().rpcEnv();
    private final RpcEndpointRef self;
    private final SparkListener watch = new Watch();
    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    private final Map<Integer, RankAssignment.Entry> entries = new LinkedHashMap<>();
    private final List<RpcCallContext> waiting = new ArrayList<>();
    /** Of speculative copies, which wait for the end of their originals: then Spark ends them. */
    private final List<RpcCallContext> spare = new ArrayList<>();

    /** Of parts that were handed over and have not been read. */
    private final Set<RpcCallContext> unread = new HashSet<>();

    private RoundSpan span;
    private IntPredicate toEnd = round -> false;
    private boolean broken;

    /** @param name of this application's one such */
    GroupCoordinator(JavaSparkContext spark, String name) {
        this.spark = spark;
        this.self = env.setupEndpoint(name, this);
        spark.sc().addSparkListener(watch);
    }

    /**
     * Expects the tasks of a span.
     *
     * @param end asked after every round but the last, with its number, whether the next is to be the last; in a thread of Spark's
     */
    synchronized void begin(RoundSpan next, IntPredicate end) {
        finish();
        span = next;
        toEnd = end;
        broken = false;
        events.clear();
    }

    /** Expects no more of a span. */
    synchronized void finish() {
        waiting.addAll(spare);
        spare.clear();
        waiting.addAll(unread);
        unread.clear();
        waiting.forEach(context -> context.sendFailure(over()));
        waiting.clear();
        entries.clear();
        span = null;
    }

    /** Of a class that every process has. */
    private static IllegalStateException over() {
        return new IllegalStateException("the span is over");
    }

    /** What was sent, which from other processes comes as a {@link RpcEnvelope}. */
    private static Object opened(Object message) {
        return message instanceof byte[] envelope ? RpcEnvelope.read(envelope) : message;
    }

    /** How many tasks have come. */
    synchronized int present() {
        return entries.size();
    }

    /** Ends the wait for the next that is told. */
    void wake() {
        events.add(WAKE);
    }

    /** Something that was told: a {@link RankAssignment}, {@link Done}, {@link Delivery} or {@link Failed}; null or anything else after a time without. */
    Object next(long millis) throws InterruptedException {
        return events.poll(millis, TimeUnit.MILLISECONDS);
    }

    private synchronized void join(RankAssignment.Entry entry, RpcCallContext context) {
        if (span == null || entry.span() != span.id() || broken) {
            context.sendFailure(over());
            return;
        }
        boolean copy = entries.putIfAbsent(entry.task(), entry) != null;
        (copy ? spare : waiting).add(context);
        if (!copy && entries.size() == span.tasks()) {
            RankAssignment assignment = new RankAssignment(entries.values());
            byte[] envelope = RpcEnvelope.write(assignment);
            waiting.forEach(each -> each.reply(envelope));
            waiting.clear();
            events.add(assignment);
        }
    }

    private synchronized boolean done(Done done) {
        if (span == null || done.span() != span.id()) {
            return false;
        }
        events.add(done);
        return toEnd.test(done.round().number());
    }

    private synchronized void handed(Handed handed, RpcCallContext context) {
        if (span == null || handed.span() != span.id() || broken) {
            context.sendFailure(over());
        } else {
            unread.add(context);
            events.add(new Delivery(handed, context));
        }
    }

    /** Answers that a part has been read: then its sender may use its memory again. */
    synchronized void answer(Delivery part) {
        if (unread.remove(part.sender())) {
            part.sender().reply(true);
        }
    }

    private synchronized void failed(Failed failed) {
        RankAssignment.Entry entry = entries.get(failed.task());
        // a copy that fails does no harm
        if (span != null && failed.span() == span.id() && entry != null && entry.attempt() == failed.attempt()) {
            broken = true;
            events.add(failed);
        }
    }

    private synchronized void lost(String executor, String reason) {
        for (RankAssignment.Entry entry : entries.values()) {
            if (entry.executor().equals(executor)) {
                failed(new Failed(
                        entry.span(),
                        entry.task(),
                        entry.attempt(),
                        "executor " + executor + " is lost: " + reason,
                        null));
                return;
            }
        }
    }

    @Override
    public RpcEnv rpcEnv() {
        return env;
    }

    @Override
    public PartialFunction<Object, BoxedUnit> receive() {
        return new AbstractPartialFunction<>() {
            @Override
            public boolean isDefinedAt(Object message) {
                return true;
            }

            @Override
            public BoxedUnit apply(Object message) {
                failed((Failed) opened(message));
                return BoxedUnit.UNIT;
            }
        };
    }

    @Override
    public PartialFunction<Object, BoxedUnit> receiveAndReply(RpcCallContext context) {
        return new AbstractPartialFunction<>() {
            @Override
            public boolean isDefinedAt(Object message) {
                return true;
            }

            @Override
            public BoxedUnit apply(Object sent) {
                Object message = opened(sent);
                if (message instanceof RankAssignment.Entry entry) {
                    join(entry, context);
                } else if (message instanceof Handed handed) {
                    handed(handed, context);
                } else {
                    context.reply(done((Done) message));
                }
                return BoxedUnit.UNIT;
            }
        };
    }

    @Override
    public synchronized void close() {
        finish();
        spark.sc().removeSparkListener(watch);
        env.stop(self);
    }

    private final class Watch extends SparkListener {
        @Override
        public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
            lost(removed.executorId(), removed.reason());
        }
    }
}
