package org.coinflip.model.kernel;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stretch of computation on this thread in which denormal float results are zero and denormal operands count as zero. State that decays
 * and products of small gradients reach the denormal range, where a matrix product of 0.1 ms was seen to take 20 ms. PyTorch's {@code
 * set_flush_denormal} does the same.
 *
 * <p>Sets bits of the processor's control register through the C library's {@code fesetenv}, on the platforms of {@link FloatControl};
 * elsewhere it does nothing. The JVM neither needs nor touches the bits within one Java method's run. To be closed by the thread that
 * opened it.
 *
 * <p>Processors differ in one case: a result below {@link Float#MIN_NORMAL} that rounding brings up to it is kept by x86, which looks after
 * rounding, and is zero on ARM, which looks before.
 */
public final class FlushToZero implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FlushToZero.class);
    private static final FloatControl CONTROL = control();

    private final Memory environment;
    private final int before;

    private FlushToZero(Memory environment, int before) {
        this.environment = environment;
        this.before = before;
    }

    /** Opens a stretch. Costs some microseconds: for rounds, not for steps. */
    public static FlushToZero open() {
        if (CONTROL == null) {
            return new FlushToZero(null, 0);
        }
        Memory environment = new Memory(FloatControl.ENVIRONMENT_BYTES);
        fegetenv(environment);
        int before = environment.getInt(CONTROL.offset());
        environment.setInt(CONTROL.offset(), before | CONTROL.flushing());
        fesetenv(environment);
        return new FlushToZero(environment, before);
    }

    /** A stretch in which nothing is flushed. */
    public static FlushToZero none() {
        return new FlushToZero(null, 0);
    }

    /** Whether this machine has what it takes. */
    public static boolean isAvailable() {
        return CONTROL != null;
    }

    @Override
    public void close() {
        if (environment != null) {
            environment.setInt(CONTROL.offset(), before);
            fesetenv(environment);
        }
    }

    /** The register, with the functions that reach it bound; null where there is no way. */
    private static FloatControl control() {
        String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        FloatControl control = FloatControl.of(platform).orElse(null);
        if (control == null) {
            LOG.info("Denormal numbers are not flushed on {}", platform);
            return null;
        }
        try {
            // The JVM has the C library's mathematics loaded, whatever its file is called.
            Native.register(FlushToZero.class, NativeLibrary.getProcess());
            return control;
        } catch (LinkageError e) {
            LOG.info("Denormal numbers are not flushed: {}", e.toString());
            return null;
        }
    }

    private static native int fegetenv(Pointer environment);

    private static native int fesetenv(Pointer environment);
}
