package org.coinflip.spark.train;

import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import scala.Function1;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.runtime.AbstractFunction1;

/** The function that Spark runs on an executor for one task (rank) of a stretch. */
final class StretchTask extends AbstractFunction1<Iterator<Shards.Shard>, StretchEnd>
        implements Function1<Iterator<Shards.Shard>, StretchEnd>, Serializable {
    private static final long serialVersionUID = 1L;
    private final Broadcast<RoundHost> host;
    private final Stretch stretch;

    StretchTask(Broadcast<RoundHost> host, Stretch stretch) {
        this.host = host;
        this.stretch = stretch;
    }

    @Override
    public StretchEnd apply(Iterator<Shards.Shard> shards) {
        return host.value().run(TaskContext.get(), stretch, JavaConverters.asJavaIterator(shards));
    }
}
