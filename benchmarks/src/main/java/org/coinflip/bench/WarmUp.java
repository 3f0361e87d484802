package org.coinflip.bench;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/**
 * When steps are as fast as they get: after two windows in a row in each of which the virtual machine's compilers worked for less than a
 * tenth of the time, or after {@value #WINDOWS} windows. On one core the compilers take the steps' own time, for some cases four seconds.
 */
final class WarmUp {
    private static final int WINDOWS = 30;
    private static final double PART = 0.1;

    private final CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
    private long compiled = compiled();
    private int windows;
    private boolean quiet;
    private boolean over;

    boolean isOver() {
        return over;
    }

    /** Of a window that has ended. */
    void end(long nanos) {
        long now = compiled();
        windows++;
        boolean before = quiet;
        quiet = (now - compiled) * 1e6 < PART * nanos;
        over = windows == WINDOWS || before && quiet;
        compiled = now;
    }

    /** Milliseconds; 0 where the virtual machine has no compiler, or does not tell. */
    private long compiled() {
        return compilers != null && compilers.isCompilationTimeMonitoringSupported()
                ? compilers.getTotalCompilationTime()
                : 0;
    }
}
