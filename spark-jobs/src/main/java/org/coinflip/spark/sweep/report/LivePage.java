package org.coinflip.spark.sweep.report;

import java.util.function.Supplier;
import org.coinflip.spark.sweep.result.SweepResult;

/** The report of a running sweep, served on this machine. */
public final class LivePage implements AutoCloseable {
    public static LivePage none() {
        return new LivePage();
    }

    public static LivePage open(String name, int port, Supplier<SweepResult> result) {
        return new LivePage();
    }

    @Override
    public void close() {}
}
