package org.coinflip.spark.train;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Function1;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.runtime.AbstractFunction1;

/** A block's part of a round, as Spark runs it on an executor. */
final class BlockTask extends AbstractFunction1<Iterator<Shards.Shard>, BlockResult>
        implements Function1<Iterator<Shards.Shard>, BlockResult>, Serializable {
    private static final long serialVersionUID = 1L;
    private final Broadcast<RoundHost> host;
    private final RoundHost.Start start;

    BlockTask(Broadcast<RoundHost> host, RoundHost.Start start) {
        this.host = host;
        this.start = start;
    }

    @Override
    public BlockResult apply(Iterator<Shards.Shard> shards) {
        return host.value().run(TaskContext.get(), start, JavaConverters.asJavaIterator(shards));
    }
}
