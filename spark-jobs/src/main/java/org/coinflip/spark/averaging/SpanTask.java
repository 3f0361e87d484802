package org.coinflip.spark.averaging;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.coinflip.spark.round.RoundSpan;
import org.coinflip.spark.shard.Shards;
import scala.Function1;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.runtime.AbstractFunction1;

/** The function that Spark runs on an executor for one task (rank) of a span. */
final class SpanTask extends AbstractFunction1<Iterator<Shards.Shard>, SpanEnd>
        implements Function1<Iterator<Shards.Shard>, SpanEnd>, Serializable {
    private static final long serialVersionUID = 1L;
    private final Broadcast<RoundHost> host;
    private final RoundSpan span;

    SpanTask(Broadcast<RoundHost> host, RoundSpan span) {
        this.host = host;
        this.span = span;
    }

    @Override
    public SpanEnd apply(Iterator<Shards.Shard> shards) {
        return host.value().run(TaskContext.get(), span, JavaConverters.asJavaIterator(shards));
    }
}
