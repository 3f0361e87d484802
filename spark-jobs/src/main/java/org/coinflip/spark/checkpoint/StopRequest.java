package org.coinflip.spark.checkpoint;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.spark.util.SignalUtils;
import org.coinflip.spark.output.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.runtime.AbstractFunction0;

/**
 * Whether this process was asked to end: by SIGTERM, SIGINT (Ctrl-C) or SIGHUP (a terminal that closed; under nohup it stays ignored). While one
 * listens, the first is noted and the job ends when it suits it. Where it does not within the time that it asked for ({@link #inHaste}), as in a
 * look that takes minutes or where Spark hangs, the process ends all the same: it keeps what there is to keep, says a line, and is gone after
 * {@value #MOST_SECONDS_AT_LAST} seconds at the latest for each of both. A second signal ends it at once, as the first does when nobody
 * listens any more.
 */
public final class StopRequest implements Ending, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StopRequest.class);
    private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);
    /** What shells add to the number of the signal that ended a process. */
    private static final int OF_SIGNALS = 128;

    private static final int GOES_ON = 5;
    private static final int MOST_SECONDS_AT_LAST = 10;
    private static final long LOOK_MILLIS = 50;

    private enum Phase {
        LISTENING,
        HASTY,
        CLOSED
    }

    private record Last(long seconds, Supplier<String> act) {}

    private final boolean goesOn;
    private final AtomicReference<String> signal = new AtomicReference<>();
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.LISTENING);
    private final AtomicReference<Last> last = new AtomicReference<>();

    private StopRequest(boolean goesOn) {
        this.goesOn = goesOn;
        atOnce();
    }

    /**
     * Begins to listen.
     *
     * @param goesOn whether the job can go on where it was stopped: then it ends with 5, otherwise as the signal has it by custom
     */
    public static StopRequest listen(boolean goesOn) {
        StopRequest request = new StopRequest(goesOn);
        // Spark's, for its handlers stand in line: one that declines leaves the signal to the one before
        for (String name : SIGNALS.keySet()) {
            SignalUtils.register(name, new Note(request, name));
        }
        return request;
    }

    @Override
    public boolean getAsBoolean() {
        return signal.get() != null;
    }

    @Override
    public String by() {
        return "SIG" + signal.get();
    }

    @Override
    public void inHaste(long seconds, Supplier<String> act) {
        last.set(new Last(seconds, act));
    }

    @Override
    public void atOnce() {
        inHaste(0, () -> "stopped by " + by() + " before it was done: start it again");
    }

    /** Listens no more; where the process is about to end, does not return. */
    @Override
    public void close() {
        if (!phase.compareAndSet(Phase.LISTENING, Phase.CLOSED)) {
            while (phase.get() == Phase.HASTY) {
                sleep();
            }
        }
    }

    private boolean take(String name) {
        if (phase.get() == Phase.CLOSED || !signal.compareAndSet(null, name)) {
            return false;
        }
        LOG.info("asked to end by SIG{}", name);
        begin("stop", this::watch);
        return true;
    }

    private void watch() {
        long began = System.nanoTime();
        while (System.nanoTime() - began < TimeUnit.SECONDS.toNanos(last.get().seconds())) {
            sleep();
        }
        if (phase.compareAndSet(Phase.LISTENING, Phase.HASTY)) {
            end();
        }
    }

    private void end() {
        AtomicReference<String> line =
                new AtomicReference<>("stopped by " + by() + ", and what there was could not be kept in "
                        + MOST_SECONDS_AT_LAST + " s: look at the output's file system, then start it again");
        await(begin("stopping", () -> line.set(act())));
        System.err.println(line.get());
        // what other threads find out about it is nobody's news
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        int exit = goesOn ? GOES_ON : OF_SIGNALS + SIGNALS.get(signal.get());
        await(begin("exit", () -> System.exit(exit)));
        Runtime.getRuntime().halt(exit);
    }

    private String act() {
        try {
            return last.get().act().get();
        } catch (RuntimeException | Error e) {
            LOG.error("What there was could not be kept", e);
            return "stopped by " + by() + ", and what there was could not be kept (" + Reason.of(e)
                    + "): look at the output's file system, then start it again";
        }
    }

    private static Thread begin(String name, Runnable act) {
        Thread thread = new Thread(act, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void await(Thread thread) {
        try {
            thread.join(TimeUnit.SECONDS.toMillis(MOST_SECONDS_AT_LAST));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            // nobody has a reason to; it is looked again at once
        }
    }

    private static final class Note extends AbstractFunction0<Object> {
        private final StopRequest request;
        private final String name;

        Note(StopRequest request, String name) {
            this.request = request;
            this.name = name;
        }

        @Override
        public Object apply() {
            return request.take(name);
        }
    }
}
