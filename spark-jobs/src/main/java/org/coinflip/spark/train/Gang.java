package org.coinflip.spark.train;

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
import scala.PartialFunction;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;

/**
 * The process group of a stretch, as an RPC endpoint on the driver: a barrier at which its tasks (ranks) register and learn each other's addresses, and
 * to which they then report rounds, snapshots and failures. Spark's barrier stages do the same, but refuse dynamic allocation, fail where locality keeps one of their tasks
 * back, and wait ten minutes for slots that there are not; tasks that wait for each other need no more than this.
 */
final class Gang implements ThreadSafeRpcEndpoint, AutoCloseable {
    /** A round is done. The answer is whether the driver wants no more than one after it. */
    record Done(long stretch, Round round) implements Serializable {}

    /** A try at a task has failed; the cause is null where that is another's loss. */
    record Failed(long stretch, int task, long attempt, String why, Throwable cause) implements Serializable {}

    /**
     * A crew's part of what is handed over after a marked round. The answer says that it has been read.
     *
     * @param seen of the shards of the validation split that the crew has looked at
     * @param left the state and the memory
     */
    record Handed(long stretch, int round, int crew, Validation.Seen seen, Left left) implements Serializable {}

    /** A part that came, and who waits until it has been read. */
    record Delivery(Handed handed, RpcCallContext sender) {}

    private static final Object WAKE = "wake";

    private final JavaSparkContext spark;
    private final RpcEnv env = SparkEnv.get().rpcEnv();
    private final RpcEndpointRef self;
    private final SparkListener watch = new Watch();
    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    private final Map<Integer, Roster.Entry> entries = new LinkedHashMap<>();
    private final List<RpcCallContext> waiting = new ArrayList<>();
    /** Of speculative copies, which wait for the end of their originals: then Spark ends them. */
    private final List<RpcCallContext> spare = new ArrayList<>();

    /** Of parts that were handed over and have not been read. */
    private final Set<RpcCallContext> unread = new HashSet<>();

    private Stretch stretch;
    private IntPredicate toEnd = round -> false;
    private boolean broken;

    /** @param name of this application's one such */
    Gang(JavaSparkContext spark, String name) {
        this.spark = spark;
        this.self = env.setupEndpoint(name, this);
        spark.sc().addSparkListener(watch);
    }

    /**
     * Expects the tasks of a stretch.
     *
     * @param end asked after every round but the last, with its number, whether the next is to be the last; in a thread of Spark's
     */
    synchronized void begin(Stretch next, IntPredicate end) {
        finish();
        stretch = next;
        toEnd = end;
        broken = false;
        events.clear();
    }

    /** Expects no more of a stretch. */
    synchronized void finish() {
        waiting.addAll(spare);
        spare.clear();
        waiting.addAll(unread);
        unread.clear();
        waiting.forEach(context -> context.sendFailure(over()));
        waiting.clear();
        entries.clear();
        stretch = null;
    }

    /** Of a class that every process has. */
    private static IllegalStateException over() {
        return new IllegalStateException("the stretch is over");
    }

    /** What was sent, which from other processes comes as a {@link Letter}. */
    private static Object opened(Object message) {
        return message instanceof byte[] letter ? Letter.read(letter) : message;
    }

    /** How many tasks have come. */
    synchronized int present() {
        return entries.size();
    }

    /** Ends the wait for the next that is told. */
    void wake() {
        events.add(WAKE);
    }

    /** Something that was told: a {@link Roster}, {@link Done}, {@link Delivery} or {@link Failed}; null or anything else after a time without. */
    Object next(long millis) throws InterruptedException {
        return events.poll(millis, TimeUnit.MILLISECONDS);
    }

    private synchronized void join(Roster.Entry entry, RpcCallContext context) {
        if (stretch == null || entry.stretch() != stretch.id() || broken) {
            context.sendFailure(over());
            return;
        }
        boolean copy = entries.putIfAbsent(entry.task(), entry) != null;
        (copy ? spare : waiting).add(context);
        if (!copy && entries.size() == stretch.tasks()) {
            Roster roster = new Roster(entries.values());
            byte[] letter = Letter.write(roster);
            waiting.forEach(each -> each.reply(letter));
            waiting.clear();
            events.add(roster);
        }
    }

    private synchronized boolean done(Done done) {
        if (stretch == null || done.stretch() != stretch.id()) {
            return false;
        }
        events.add(done);
        return toEnd.test(done.round().number());
    }

    private synchronized void handed(Handed handed, RpcCallContext context) {
        if (stretch == null || handed.stretch() != stretch.id() || broken) {
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
        Roster.Entry entry = entries.get(failed.task());
        // a copy that fails does no harm
        if (stretch != null
                && failed.stretch() == stretch.id()
                && entry != null
                && entry.attempt() == failed.attempt()) {
            broken = true;
            events.add(failed);
        }
    }

    private synchronized void lost(String executor, String reason) {
        for (Roster.Entry entry : entries.values()) {
            if (entry.executor().equals(executor)) {
                failed(new Failed(
                        entry.stretch(),
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
                if (message instanceof Roster.Entry entry) {
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
