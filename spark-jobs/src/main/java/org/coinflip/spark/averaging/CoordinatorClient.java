package org.coinflip.spark.averaging;

import java.io.Serializable;
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
import scala.reflect.ClassTag$;

/** A task's RPC client of the {@link GroupCoordinator}, the endpoint on the driver. */
final class CoordinatorClient {
    private static final RpcTimeout LONG =
            new RpcTimeout(new FiniteDuration(1, TimeUnit.DAYS), "the end of Spark's task");
    private static final long NAP_MILLIS = 20;

    private final RpcEndpointRef driver;
    /** Whether the driver is another process. */
    private final boolean afar;

    private Future<Boolean> answer;

    /** @param name the coordinator's */
    CoordinatorClient(String name) {
        SparkEnv env = SparkEnv.get();
        driver = RpcUtils.makeDriverRef(name, env.conf(), env.rpcEnv());
        afar = !RoundHost.isOneProcess(env);
    }

    /** Says that a task is ready, and waits until all are. */
    RankAssignment join(RankAssignment.Entry entry, LocalBarrier.Patience patience) {
        return (RankAssignment) RpcEnvelope.read(await(ask(entry, byte[].class), patience));
    }

    /** Tells of a round, without waiting. */
    void done(GroupCoordinator.Done done) {
        answer = ask(done, Boolean.class);
    }

    /** Hands something over, and waits until the driver has read it. */
    void hand(GroupCoordinator.Handed handed) {
        await(ask(handed, Boolean.class), waited -> {});
    }

    /** Whether the driver wants no round after the one that is being run. */
    boolean isToEnd(LocalBarrier.Patience patience) {
        return answer != null && await(answer, patience);
    }

    void failed(GroupCoordinator.Failed failed) {
        driver.send(sent(failed));
    }

    private <T> Future<T> ask(Serializable message, Class<T> answer) {
        return driver.ask(sent(message), LONG, ClassTag$.MODULE$.apply(answer));
    }

    private Object sent(Serializable message) {
        return afar ? RpcEnvelope.write(message) : message;
    }

    private static <T> T await(Future<T> future, LocalBarrier.Patience patience) {
        long began = System.nanoTime();
        while (true) {
            try {
                return Await.result(future, Duration.create(NAP_MILLIS, TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                patience.check(System.nanoTime() - began);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SpanBroken("a task was interrupted", e);
            } catch (Exception e) {
                throw new SpanBroken(
                        e instanceof IllegalStateException ? e.getMessage() : "the driver does not answer", e);
            }
        }
    }
}
