package org.coinflip.data.output;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/**
 * Who has an output folder.
 *
 * @param id no two have the same
 * @param job in a word
 * @param user of the operating system
 * @param host where it runs, for people
 * @param machine where its process number means something: this start of this kernel, this space of process numbers; empty where that is unknown
 * @param process its number
 * @param started when the process began, which tells it from a later one of the same number
 * @param since when the folder was taken
 * @param signs of life so far
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record LeaseHolder(
        @JsonProperty("id") String id,
        @JsonProperty("job") String job,
        @JsonProperty("user") String user,
        @JsonProperty("host") String host,
        @JsonProperty("machine") String machine,
        @JsonProperty("process") long process,
        @JsonProperty("started") String started,
        @JsonProperty("since") String since,
        @JsonProperty("signs") long signs) {
    /** One that has made its file and not written it yet, or wrote what is none. */
    static final LeaseHolder UNKNOWN = new LeaseHolder("", "", "", "", "", 0, "", "", 0);

    LeaseHolder {
        // of a file that others may have written
        id = id == null ? "" : id;
        machine = machine == null ? "" : machine;
    }

    /** This process. */
    static LeaseHolder here(String job) {
        ProcessHandle process = ProcessHandle.current();
        return new LeaseHolder(
                UUID.randomUUID().toString(),
                job,
                System.getProperty("user.name", "unknown"),
                hostName(),
                machineName(),
                process.pid(),
                started(process),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                0);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "an unknown host";
        }
    }

    private static String machineName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip() + " "
                    + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
        } catch (IOException e) {
            return "";
        }
    }

    private static String started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("");
    }

    boolean isOfThisMachine() {
        return !machine.isEmpty() && machine.equals(machineName());
    }

    /** Whether its process runs; only its own machine can tell. */
    boolean isRunning() {
        Optional<ProcessHandle> there = ProcessHandle.of(process).filter(ProcessHandle::isAlive);
        return there.isPresent() && started(there.get()).equals(started);
    }

    /** The same with one more sign of life. */
    LeaseHolder next() {
        return new LeaseHolder(id, job, user, host, machine, process, started, since, signs + 1);
    }

    /** For people; of a file that others may have written, so without what a terminal would take for orders. */
    @Override
    public String toString() {
        return equals(UNKNOWN)
                ? "a job that has just begun"
                : (job + " (process " + process + " of " + user + " on " + host + ", since " + since + ")")
                        .replaceAll("\\p{Cntrl}", "?");
    }
}
