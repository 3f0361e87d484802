package org.coinflip.model.kernel;

import java.util.Map;
import java.util.Optional;

/**
 * The processor's register that controls floating-point arithmetic, as a C library hands it out.
 *
 * @param offset of the register's lower 32 bits in {@code fenv_t}, in bytes
 * @param flushing bits that make denormal results and operands of float arithmetic zero
 */
record FloatControl(int offset, int flushing) {
    /** Large enough for any {@code fenv_t} here. */
    static final int ENVIRONMENT_BYTES = 64;

    /** MXCSR of x86-64: flush to zero and denormals are zero (Intel's manual, volume 1, section 10.2.3). */
    private static final int MXCSR_FLUSHING = 1 << 15 | 1 << 6;

    /** FPCR of AArch64: FZ (Arm's Architecture Reference Manual, section C5.2, FPCR). */
    private static final int FPCR_FLUSHING = 1 << 24;

    /** By {@code os.name} and {@code os.arch}; offsets from {@code fenv.h} of glibc, which musl follows, and of macOS. */
    private static final Map<String, FloatControl> PLATFORMS = Map.of(
            "Linux amd64", new FloatControl(28, MXCSR_FLUSHING),
            "Mac OS X x86_64", new FloatControl(4, MXCSR_FLUSHING),
            "Linux aarch64", new FloatControl(0, FPCR_FLUSHING),
            "Mac OS X aarch64", new FloatControl(8, FPCR_FLUSHING));

    /** That of a platform, {@code os.name} and {@code os.arch} with a space between; none where it is not known. */
    static Optional<FloatControl> of(String platform) {
        return Optional.ofNullable(PLATFORMS.get(platform));
    }
}
