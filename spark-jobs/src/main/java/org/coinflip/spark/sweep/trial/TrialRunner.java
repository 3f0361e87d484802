package org.coinflip.spark.sweep.trial;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.coinflip.model.error.DivergenceException;
import org.coinflip.spark.sweep.space.Overlay;

/**
 * Runs trials on an executor, each in a thread of its own: whatever it throws becomes a record, and one that takes too long is
 * interrupted and left. Broadcast once. Thread-safe.
 */
public final class TrialRunner implements Serializable {
    private static final long serialVersionUID = 1L;
    /** A trial that is interrupted has so long to end before its thread is left to itself. */
    private static final long GRACE_MILLIS = 2000;

    private static final int LONGEST_REASON = 500;

    private final Programs type;
    private final String base;
    private final Checkpoints checkpoints;
    private final double mostSeconds;
    private transient volatile Config parsed;

    /**
     * @param base the experiment without the sweep's own section, as text
     * @param mostSeconds a trial's time
     */
    public TrialRunner(Programs type, Config base, Checkpoints checkpoints, double mostSeconds) {
        this.type = type;
        this.base = base.root().render(com.typesafe.config.ConfigRenderOptions.concise());
        this.checkpoints = checkpoints;
        this.mostSeconds = mostSeconds;
    }

    public Checkpoints checkpoints() {
        return checkpoints;
    }

    /** Runs a trial to its record. */
    public TrialRecord run(TrialRequest request) {
        return run(request, () -> type.program().run(settings(request), request, checkpoints));
    }

    /** What can go wrong. */
    public interface Body {
        Outcome run() throws Exception;
    }

    /** Runs a trial's body to its record. */
    public TrialRecord run(TrialRequest request, Body body) {
        long started = System.currentTimeMillis();
        long began = System.nanoTime();
        AtomicLong nanos = new AtomicLong();
        AtomicReference<Outcome> outcome = new AtomicReference<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(
                () -> {
                    long own = System.nanoTime();
                    try {
                        outcome.set(body.run());
                    } catch (Throwable e) {
                        failure.set(e);
                    }
                    nanos.set(System.nanoTime() - own);
                },
                "trial-" + request.trial());
        thread.setDaemon(true);
        thread.start();
        String late = await(thread);
        double seconds = (late == null ? nanos.get() : System.nanoTime() - began) / 1e9;
        if (outcome.get() != null && late == null) {
            Outcome result = outcome.get();
            return new TrialRecord(
                    request.trial(),
                    request.rung(),
                    request.key(),
                    TrialStatus.DONE,
                    "",
                    result.epochs(),
                    result.metrics(),
                    result.curve(),
                    result.parametersSha256(),
                    seconds,
                    started,
                    host());
        }
        if (late != null) {
            return TrialRecord.failure(request, TrialStatus.TIMED_OUT, late, seconds, started, host());
        }
        Throwable e = failure.get();
        TrialStatus status = e instanceof DivergenceException ? TrialStatus.DIVERGED : TrialStatus.FAILED;
        return TrialRecord.failure(request, status, reason(e), seconds, started, host());
    }

    /** Waits for a trial's end; where it does not come, says so. Where this thread is interrupted, so is the trial. */
    private String await(Thread thread) {
        try {
            thread.join(Math.max(1, Math.round(1000 * mostSeconds)));
            if (!thread.isAlive()) {
                return null;
            }
            thread.interrupt();
            thread.join(GRACE_MILLIS);
            String left = thread.isAlive() ? "; it goes on in a thread of its own, for it cannot be stopped" : "";
            return "took longer than sweep.trial-seconds = " + mostSeconds + left;
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
            return "the task was stopped";
        }
    }

    /** The first line of what went wrong. */
    static String reason(Throwable e) {
        String message =
                e.getMessage() == null ? "" : e.getMessage().lines().findFirst().orElse("");
        boolean ours = e instanceof org.coinflip.model.error.CoinflipException;
        String name = e.getClass().getSimpleName();
        String text = ours ? message : message.isEmpty() ? name : name + ": " + message;
        return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "…";
    }

    /** A trial's whole settings. */
    public Config settings(TrialRequest request) {
        Config config = parsed;
        if (config == null) {
            config = ConfigFactory.parseString(base);
            parsed = config;
        }
        return Overlay.apply(config, values(request.settings()));
    }

    /** What is set in the experiment, by path. */
    static Map<String, Object> values(String settings) {
        return ConfigFactory.parseString("settings = " + settings)
                .getConfig("settings")
                .root()
                .unwrapped();
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
