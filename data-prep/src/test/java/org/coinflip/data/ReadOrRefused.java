package org.coinflip.data;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.jqwik.api.statistics.Statistics;
import org.coinflip.model.error.CoinflipException;

/** What is read, or refused in one line: no other exception, no end that never comes; and more than a few of each. */
final class ReadOrRefused implements AutoCloseable {
    /** Seconds of a processor that a file of a few hundred bytes never takes, whatever else runs there. */
    private static final int HANGS = 120;

    /** Minutes that it never waits for one. */
    private static final int STARVES = 60;

    private final ExecutorService reader = Executors.newSingleThreadExecutor(run -> {
        Thread thread = new Thread(run, "reader");
        thread.setDaemon(true);
        return thread;
    });

    void tried(Callable<Object> reading) {
        Statistics.collect(isRead(reading) ? "read" : "refused");
        Statistics.coverage(of -> {
            of.check("read").percentage(part -> part > 5);
            of.check("refused").percentage(part -> part > 5);
        });
    }

    private boolean isRead(Callable<Object> reading) {
        try {
            long before = processorSeconds();
            Future<Object> read = reader.submit(reading);
            for (int minutes = 0; !isDone(read); minutes++) {
                assertTrue(processorSeconds() - before < HANGS && minutes < STARVES, "it hangs");
            }
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CoinflipException known) {
                OneLine.check(known);
                return false;
            }
            throw new AssertionError("neither read nor refused", e.getCause());
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** Whether it is within a minute. */
    private static boolean isDone(Future<Object> read) throws ExecutionException, InterruptedException {
        try {
            read.get(1, TimeUnit.MINUTES);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** What the readers have used. */
    private static long processorSeconds() {
        return TimeUnit.NANOSECONDS.toSeconds(
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime());
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }
}
