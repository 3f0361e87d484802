package org.coinflip.spark.averaging;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.buffer.NettyManagedBuffer;
import org.apache.spark.network.buffer.NioManagedBuffer;
import org.apache.spark.network.client.RpcResponseCallback;
import org.apache.spark.network.client.StreamCallbackWithID;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.client.TransportClientFactory;
import org.apache.spark.network.crypto.AuthClientBootstrap;
import org.apache.spark.network.crypto.AuthServerBootstrap;
import org.apache.spark.network.server.OneForOneStreamManager;
import org.apache.spark.network.server.RpcHandler;
import org.apache.spark.network.server.StreamManager;
import org.apache.spark.network.server.TransportServer;
import org.apache.spark.network.util.MapConfigProvider;
import org.apache.spark.network.util.TransportConf;
import org.coinflip.model.memory.Floats;
import scala.Tuple2;

/**
 * Transport of slices of states between executors, over Spark's network layer, with its authentication and encryption: sent from the memory
 * that they are merged in, and received, as the bytes come, into that in which they are merged next.
 */
final class Wire {
    /** Spark's name of the settings that hold for this too, {@code spark.shuffle.io.…}. */
    private static final String MODULE = "shuffle";
    /** The port that executors listen on; without it any. */
    private static final String PORT = "spark.coinflip.port";

    private static SparkEnv home;
    private static Wire here;

    /** Of a server and of a client, as Spark has it: more do not help. */
    private static final int MOST_THREADS = 8;

    /** Where a process listens. */
    record Address(String host, int port) implements Serializable {}

    private final Map<Long, Inbox> inboxes = new ConcurrentHashMap<>();
    /** By connection, whose messages come on it. */
    private final Map<TransportClient, MessageHeader> senders = new ConcurrentHashMap<>();

    private final TransportClientFactory clients;
    private final Address address;

    private Wire(SparkEnv env) {
        SparkConf conf = env.conf();
        TransportConf transport = transport(conf);
        TransportContext context = new TransportContext(transport, new Receiver());
        boolean authenticated = env.securityManager().isAuthenticationEnabled();
        clients = context.createClientFactory(
                authenticated
                        ? List.of(new AuthClientBootstrap(transport, conf.getAppId(), env.securityManager()))
                        : List.of());
        String host = env.blockManager().blockManagerId().host();
        TransportServer server = context.createServer(
                host,
                conf.getInt(PORT, 0),
                authenticated ? List.of(new AuthServerBootstrap(transport, env.securityManager())) : List.of());
        address = new Address(host, server.getPort());
    }

    /** What Spark makes of its settings for its own servers; by a call whose arguments Spark 3 and 4 have alike. */
    private static TransportConf transport(SparkConf conf) {
        Map<String, String> settings = new HashMap<>();
        String threads = Integer.toString(Math.min(conf.getInt("spark.executor.cores", 1), MOST_THREADS));
        settings.put("spark." + MODULE + ".io.serverThreads", threads);
        settings.put("spark." + MODULE + ".io.clientThreads", threads);
        for (Tuple2<String, String> setting : conf.getAll()) {
            settings.put(setting._1(), setting._2());
        }
        return new TransportConf(MODULE, new MapConfigProvider(settings));
    }

    /** That of this executor, which listens until its process ends. */
    static synchronized Wire here() {
        SparkEnv env = SparkEnv.get();
        if (here == null || home != env) {
            here = new Wire(env);
            home = env;
        }
        return here;
    }

    Address address() {
        return address;
    }

    /** Takes in what comes for a span. */
    Inbox open(long span) {
        return inboxes.computeIfAbsent(span, id -> new Inbox());
    }

    /** Takes in no more of it. */
    void close(long span) {
        inboxes.remove(span);
        senders.values().removeIf(head -> head.span() == span);
    }

    /**
     * Sends a head. Its body is read while it is on its way: nobody may write to it before the receiver has answered in some way.
     *
     * @param from the inbox that is told where it cannot be sent
     */
    void send(Address to, MessageHeader head, Inbox from, Floats... body) {
        ByteBuffer[] bytes = new ByteBuffer[body.length];
        for (int i = 0; i < body.length; i++) {
            bytes[i] = bytes(body[i]);
        }
        try {
            clients.createClient(to.host(), to.port())
                    .uploadStream(
                            new NioManagedBuffer(head.write()),
                            new NettyManagedBuffer(Unpooled.wrappedBuffer(bytes)),
                            new RpcResponseCallback() {
                                @Override
                                public void onSuccess(ByteBuffer response) {
                                    // what the receiver does next says that it came
                                }

                                @Override
                                public void onFailure(Throwable e) {
                                    from.breakUp(lost(to, e));
                                }
                            });
        } catch (IOException e) {
            throw lost(to, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SpanBroken("a task was interrupted", e);
        }
    }

    private static SpanBroken lost(Address peer, Throwable e) {
        return new SpanBroken("the executor at " + peer.host() + ":" + peer.port() + " cannot be reached", e);
    }

    private static ByteBuffer bytes(Floats numbers) {
        return numbers.memory().slice(numbers.byteOffset(0), numbers.length() * Float.BYTES);
    }

    /** The receiving side; runs in threads of the network's. */
    private final class Receiver extends RpcHandler {
        private final StreamManager streams = new OneForOneStreamManager();

        @Override
        public void receive(TransportClient client, ByteBuffer message, RpcResponseCallback callback) {
            throw new UnsupportedOperationException("slices come as streams");
        }

        @Override
        public StreamManager getStreamManager() {
            return streams;
        }

        @Override
        public StreamCallbackWithID receiveStream(
                TransportClient client, ByteBuffer header, RpcResponseCallback callback) {
            MessageHeader head = MessageHeader.read(header);
            Inbox inbox = inboxes.get(head.span());
            if (inbox == null) {
                // of a span that has ended here
                return new Filling(head, null, null);
            }
            senders.put(client, head);
            return new Filling(head, inbox, inbox.place(head));
        }

        @Override
        public void channelInactive(TransportClient client) {
            MessageHeader last = senders.remove(client);
            Inbox inbox = last == null ? null : inboxes.get(last.span());
            if (inbox != null) {
                inbox.breakUp(new SpanBroken("an executor closed its connection"));
            }
        }
    }

    private static final class Filling implements StreamCallbackWithID {
        private final MessageHeader head;
        private final Inbox inbox;
        private final Floats place;
        private final ByteBuffer bytes;

        Filling(MessageHeader head, Inbox inbox, Floats place) {
            this.head = head;
            this.inbox = inbox;
            this.place = place;
            this.bytes = place == null ? null : bytes(place);
        }

        @Override
        public String getID() {
            return "round " + head.round();
        }

        @Override
        public void onData(String id, ByteBuffer data) {
            if (bytes != null) {
                bytes.put(data);
            }
        }

        @Override
        public void onComplete(String id) {
            if (inbox != null) {
                inbox.arrived(head, place);
            }
        }

        @Override
        public void onFailure(String id, Throwable e) {
            if (inbox != null) {
                inbox.breakUp(new SpanBroken("a slice was lost on its way", e));
            }
        }
    }
}
