package org.coinflip.spark.tracking;

import java.util.List;
import java.util.Map;

/** Who is told of a training. */
interface Watcher extends AutoCloseable {
    /** Takes what was measured. */
    void take(List<Point> points);

    /**
     * Takes what the training came to.
     *
     * @param words texts by name: how it ended and why
     */
    void ended(List<Point> points, Map<String, String> words);

    /** Of a training that has not come to its end where it was not said before. */
    @Override
    void close();
}
