package org.coinflip.spark.train;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcTimeout;
import org.apache.spark.util.RpcUtils;
import scala.concurrent.Await;
import scala.concurrent.Future;
import scala.concurrent.duration.Duration;
import scala.concurrent.duration.FiniteDuration;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** A task's line to the {@link Gang}. */
final class GangLine {
    private static final RpcTimeout LONG =
            new RpcTimeout(new FiniteDuration(1, TimeUnit.DAYS), "the end of Spark's task");
    private static final long NAP_MILLIS = 20;

    private final RpcEndpointRef driver;
    private Future<Boolean> answer;

    /** @param name the gang's */
    GangLine(String name) {
        SparkEnv env = SparkEnv.get();
        driver = RpcUtils.makeDriverRef(name, env.conf(), env.rpcEnv());
    }

    /** Says that a task is ready, and waits until all are. */
    Roster join(Roster.Entry entry, Meeting.Patience patience) {
        return await(driver.ask(entry, LONG, tag(Roster.class)), patience);
    }

    /** Tells of a round, without waiting. */
    void done(Gang.Done done) {
        answer = driver.ask(done, LONG, tag(Boolean.class));
    }

    /** Hands something over, and waits until the driver has read it. */
    void hand(Gang.Handed handed) {
        await(driver.ask(handed, LONG, tag(Boolean.class)), waited -> {});
    }

    /** Whether the driver wants no round after the one that is being run. */
    boolean isToEnd(Meeting.Patience patience) {
        return answer != null && await(answer, patience);
    }

    void failed(Gang.Failed failed) {
        driver.send(failed);
    }

    private static <T> T await(Future<T> future, Meeting.Patience patience) {
        long began = System.nanoTime();
        while (true) {
            try {
                return Await.result(future, Duration.create(NAP_MILLIS, TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                patience.check(System.nanoTime() - began);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StretchBroken("a task was interrupted", e);
            } catch (Exception e) {
                throw e instanceof StretchBroken broken ? broken : new StretchBroken("the driver does not answer", e);
            }
        }
    }

    private static <T> ClassTag<T> tag(Class<T> type) {
        return ClassTag$.MODULE$.apply(type);
    }
}
