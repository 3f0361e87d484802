package org.coinflip.spark.checkpoint;

import org.apache.spark.util.SignalUtils;
import scala.runtime.AbstractFunction0;

/**
 * Whether this process was asked to end: by SIGTERM, SIGINT (Ctrl-C) or SIGHUP (a terminal that closed; under nohup it stays ignored). While one
 * listens, the first is noted and the job ends when it suits it; a second one ends the process at once, as the first does when nobody listens any more.
 */
public final class StopRequest implements AutoCloseable {
    private static final String[] SIGNALS = {"TERM", "INT", "HUP"};

    private volatile boolean listening = true;
    private volatile boolean made;

    private StopRequest() {}

    /** Begins to listen. */
    public static StopRequest listen() {
        StopRequest request = new StopRequest();
        // Spark's, for its handlers stand in line: one that declines leaves the signal to the one before
        for (String signal : SIGNALS) {
            SignalUtils.register(signal, new Note(request));
        }
        return request;
    }

    public boolean isMade() {
        return made;
    }

    @Override
    public void close() {
        listening = false;
    }

    private boolean take() {
        if (!listening || made) {
            return false;
        }
        made = true;
        return true;
    }

    private static final class Note extends AbstractFunction0<Object> {
        private final StopRequest request;

        Note(StopRequest request) {
            this.request = request;
        }

        @Override
        public Object apply() {
            return request.take();
        }
    }
}
