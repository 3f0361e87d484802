package org.coinflip.spark.job;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A standalone cluster on loopback, every part a process of its own: a master and workers of one core each, whose executors are processes too. */
final class StandaloneCluster implements AutoCloseable {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    private final Path folder;
    private final List<Process> processes = new ArrayList<>();
    private final String master;

    /** @param folder for logs, and for what workers keep of executors */
    StandaloneCluster(Path folder, int workers) throws IOException {
        this.folder = Files.createDirectories(folder);
        // the home is only where workers look for jars: all is taken from the class path
        Files.createDirectories(folder.resolve("spark/jars"));
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        master = "spark://127.0.0.1:" + port;
        processes.add(start("master", "master.Master", "--port", "" + port));
        for (int i = 0; i < workers; i++) {
            String work = folder.resolve("work-" + i).toString();
            processes.add(start(
                    "worker-" + i, "worker.Worker", "--cores", "1", "--memory", "2g", "--work-dir", work, master));
        }
    }

    private Process start(String name, String type, String... arguments) throws IOException {
        List<String> command = JobProcess.java("256m");
        command.addAll(List.of("org.apache.spark.deploy." + type, "--host", "127.0.0.1", "--webui-port", "0"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".txt").toFile());
        builder.environment().put("SPARK_HOME", folder.resolve("spark").toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.12");
        builder.environment().put("SPARK_LOCAL_DIRS", folder.resolve("local").toString());
        builder.environment()
                .put(
                        "LOG4J_CONFIGURATION_FILE",
                        PROJECT.resolve("conf/log4j2.properties").toString());
        builder.environment().put("COINFLIP_LOG", folder.resolve(name + ".log").toString());
        return builder.start();
    }

    /** The master's URL. */
    String master() {
        return master;
    }

    /** The executors that run now: all that workers start. */
    List<ProcessHandle> executors() {
        return processes.stream()
                .flatMap(Process::descendants)
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    @Override
    public void close() throws InterruptedException {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        for (Process process : processes) {
            process.waitFor(10, TimeUnit.SECONDS);
        }
    }
}
