package org.coinflip.spark.output;

import java.util.function.Supplier;
import org.apache.spark.SparkConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a job is, in a line: on a terminal one that moves, elsewhere one each ten seconds and one at every look that matters. All that
 * matters goes to the log besides. Jobs of the command line show it unless they are told {@code --quiet}; library users turn it on by {@value #SHOWN}.
 */
public final class ProgressLine implements AutoCloseable {
    /** The setting of Spark's that turns it on. */
    public static final String SHOWN = "spark.coinflip.progress";

    private static final Logger LOG = LoggerFactory.getLogger(ProgressLine.class);
    private static final long MOVING_NANOS = 200_000_000L;
    private static final long PLAIN_NANOS = 10_000_000_000L;

    private final boolean shown;
    private final boolean moving;
    private long last = System.nanoTime();
    private boolean begun;

    private ProgressLine(boolean shown, boolean moving) {
        this.shown = shown;
        this.moving = moving;
    }

    /** As settings say; it moves where there is a terminal, but not under CI. */
    public static ProgressLine of(SparkConf conf) {
        boolean shown = conf.getBoolean(SHOWN, false);
        return new ProgressLine(shown, shown && System.console() != null && System.getenv("CI") == null);
    }

    /** Says what begins. */
    public void begin(String line) {
        LOG.info("{}", line);
        if (shown) {
            System.out.println(line);
        }
    }

    /**
     * Says how far it is, unless it said so a moment ago.
     *
     * @param matters whether it is said at once where lines do not move, and logged
     */
    public void show(boolean matters, Supplier<String> text) {
        long now = System.nanoTime();
        boolean due = shown && (moving ? now - last > MOVING_NANOS : now - last > PLAIN_NANOS);
        if (!matters && !due) {
            return;
        }
        String line = text.get();
        if (matters) {
            LOG.info("{}", line);
        }
        if (moving && due) {
            System.err.print("\r\u001b[K" + line);
            begun = true;
        } else if (shown && !moving) {
            System.out.println(line);
        }
        last = due || !moving ? now : last;
    }

    @Override
    public void close() {
        if (begun) {
            System.err.println();
        }
    }
}
