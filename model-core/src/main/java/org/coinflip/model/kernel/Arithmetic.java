package org.coinflip.model.kernel;

/** What a training may rely on so that its bits come out again. */
public enum Arithmetic {
    /**
     * The same bits on every processor: products and sums in one fixed order by own kernels ({@link BlasLibrary#PORTABLE}), no function that
     * a JVM computes as it likes, and no denormal numbers flushed by the processor, for processors flush them each in their way.
     */
    PORTABLE {
        @Override
        public FlushToZero begin() {
            return FlushToZero.none();
        }
    },

    /**
     * The matrix library that is fastest on the driver, and denormal numbers flushed to zero by the processor. Machines alike give the
     * same bits; another library, version or kind of processor rounds products otherwise.
     */
    FAST {
        @Override
        public FlushToZero begin() {
            return FlushToZero.open();
        }
    };

    /** A stretch of this thread's computation under this arithmetic. */
    public abstract FlushToZero begin();
}
