package org.coinflip.data.raw;

import org.coinflip.model.error.DataException;

/** Whether features fit into this process's memory: asked before any is taken, for a few bytes of a file may say that there are very many. */
public final class HeapRoom {
    /** As the source has them, scaled, and in shards; and what is about them. */
    private static final int COPIES = 4;

    private static final long LONGEST = Integer.MAX_VALUE - 8;

    private HeapRoom() {}

    /** What is known of a feature whatever the examples: ranges, scaling, its part of a batch, each some numbers. */
    private static final int NUMBERS_A_FEATURE = 32;

    /**
     * Refuses more than memory could hold.
     *
     * @param path the source, for messages
     * @param remedy what to do but for giving more memory, for messages
     */
    public static void require(String path, long examples, long width, String remedy) {
        require(path, examples, width, examples * width, "zeros included", remedy);
    }

    /**
     * Refuses more than memory could hold of examples whose features are listed.
     *
     * @param entries features that are not 0
     */
    public static void requireListed(String path, long examples, long width, long entries, String remedy) {
        // an entry is an index and a value
        require(
                path,
                examples,
                width,
                2 * entries + NUMBERS_A_FEATURE * width,
                "the features' scaling included",
                remedy);
    }

    private static void require(String path, long examples, long width, long numbers, String included, String remedy) {
        long heap = Runtime.getRuntime().maxMemory();
        long most = Math.min(LONGEST, heap / (COPIES * Float.BYTES));
        if (numbers > most) {
            throw new DataException(path + ": got " + examples + " examples of " + width
                    + " features, expected at most "
                    + most + " numbers together, " + included + ", as a heap of " + (heap >> 20) + " MB holds: "
                    + remedy + ", or give more by DRIVER_MEMORY");
        }
    }
}
