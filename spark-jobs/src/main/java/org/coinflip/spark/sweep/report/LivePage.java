package org.coinflip.spark.sweep.report;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.output.Reason;
import org.coinflip.spark.sweep.result.SweepResult;

/**
 * The report of a running sweep, served on this machine's loopback address; browsers load it again every few seconds, or, where it is of so many trials that it takes long to make, after
 * {@value #SHARE} times as long, so that it takes no processor from the sweep.
 */
public final class LivePage implements AutoCloseable {
    private static final int REFRESH_SECONDS = 5;
    private static final int SHARE = 20;

    private final HttpServer server;
    private final ExecutorService thread;

    private LivePage(HttpServer server, ExecutorService thread) {
        this.server = server;
        this.thread = thread;
    }

    /** No page. */
    public static LivePage none() {
        return new LivePage(null, null);
    }

    /**
     * Serves a page and says where.
     *
     * @param port 0 for any that is free
     */
    public static LivePage open(String name, int port, Supplier<SweepResult> result) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
                Thread daemon = new Thread(task, "sweep-page");
                daemon.setDaemon(true);
                return daemon;
            });
            server.setExecutor(thread);
            Content content = new Content(name, result);
            server.createContext("/", exchange -> {
                byte[] bytes = content.bytes();
                exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
                exchange.getResponseHeaders().set("Cache-Control", "no-store");
                exchange.sendResponseHeaders(200, bytes.length);
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(bytes);
                }
            });
            server.start();
            System.err.println("page http://localhost:" + server.getAddress().getPort() + "/");
            return new LivePage(server, thread);
        } catch (IOException e) {
            throw new UsageException(
                    "ui-port: got " + port + ", which cannot be used (" + Reason.of(e)
                            + "), expected a free port: give another, or none",
                    e);
        }
    }

    /** The page as it was made last, and when it is to be made again. Belongs to the server's thread. */
    private static final class Content {
        private final String name;
        private final Supplier<SweepResult> result;
        private byte[] bytes;
        private long due;
        /** The last time. */
        private long tookNanos;

        private Content(String name, Supplier<SweepResult> result) {
            this.name = name;
            this.result = result;
        }

        private byte[] bytes() {
            long began = System.nanoTime();
            if (bytes == null || began - due >= 0) {
                int refresh = (int) Math.max(REFRESH_SECONDS, SHARE * tookNanos / 1_000_000_000);
                bytes = SweepReport.html(Map.of("name", name, "status", "running"), result.get(), refresh)
                        .getBytes(StandardCharsets.UTF_8);
                long end = System.nanoTime();
                tookNanos = end - began;
                due = end + SHARE * tookNanos;
            }
            return bytes;
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop(0);
            thread.shutdownNow();
        }
    }
}
