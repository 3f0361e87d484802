package org.coinflip.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;
import org.junit.jupiter.api.function.Executable;

/** What the user reads of a failure: exactly one line, with the exit code of its kind. */
public final class OneLine {
    /** A screen full. */
    private static final int LONGEST = 2000;

    private OneLine() {}

    /** Fails unless the action ends with a failure of the data (exit 3) whose one line has all these parts. */
    public static void ofData(Executable action, String... parts) {
        check(assertThrows(DataException.class, action), 3, parts);
    }

    /** Fails unless the action ends with a failure of usage (exit 2) whose one line has all these parts. */
    public static void ofUsage(Executable action, String... parts) {
        check(assertThrows(UsageException.class, action), 2, parts);
    }

    /** Fails unless the action ends with a failure of data or usage whose one line has all these parts. */
    public static void of(Executable action, String... parts) {
        CoinflipException failure = assertThrows(CoinflipException.class, action);
        check(failure, failure instanceof UsageException ? 2 : 3, parts);
    }

    /** Fails unless this failure is one of data or usage, told in one line that a person reads. */
    public static void check(CoinflipException failure) {
        check(failure, failure instanceof UsageException ? 2 : 3);
    }

    private static void check(CoinflipException failure, int exitCode, String... parts) {
        assertEquals(exitCode, failure.exitCode());
        assertEquals(1, failure.getMessage().lines().count(), failure.getMessage());
        assertTrue(failure.getMessage().length() <= LONGEST, failure::getMessage);
        for (String part : parts) {
            assertTrue(failure.getMessage().contains(part), () -> "no \"" + part + "\" in: " + failure.getMessage());
        }
    }
}
