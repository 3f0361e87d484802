package org.coinflip.spark.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.coinflip.model.error.UsageException;
import org.coinflip.model.kernel.Arithmetic;
import org.coinflip.model.kernel.KernelChoice;
import org.coinflip.spark.LocalSpark;
import org.coinflip.spark.preflight.Finding.Weight;
import org.junit.jupiter.api.Test;

class PreflightTest {
    private static final String MASTER = "spark://somewhere:7077";
    private static final KernelChoice KERNELS = KernelChoice.usual(Arithmetic.FAST);
    private static final ExecutorFacts GOOD =
            new ExecutorFacts("0", 4, 4L << 30, 4L << 30, "1", "mkl, vector kernels", KERNELS.rounding(), true, "");
    private static final Demand SMALL = new Demand(8, 1 << 20, 1 << 20, 0, KERNELS);

    private final SparkConf conf = new SparkConf(false);

    private List<Finding> bad(String master, Demand demand, int slots, int registered, ExecutorFacts... facts) {
        return new Preflight(conf, master, demand)
                .look(slots, registered, List.of(facts)).stream()
                        .filter(finding -> finding.weight() != Weight.GOOD)
                        .toList();
    }

    private void finds(Weight weight, String begin, List<Finding> found) {
        assertEquals(1, found.size(), found.toString());
        assertEquals(weight, found.get(0).weight());
        assertTrue(found.get(0).line().startsWith(begin), found.toString());
        assertEquals(1, found.get(0).toString().lines().count());
    }

    @Test
    void findsNothingWhereAllIsWell() {
        assertEquals(List.of(), bad(MASTER, SMALL, 4, 4, GOOD));
        assertEquals(List.of(), bad(MASTER, SMALL, 8, 8, GOOD));
    }

    @Test
    void findsSlotsThatIdle() {
        finds(Weight.WARNING, "slots: got 16", bad(MASTER, SMALL, 16, 16, GOOD));
        // five slots, two waves: two of ten places are empty
        finds(Weight.WARNING, "slots: got 5", bad(MASTER, SMALL, 5, 5, GOOD));
        finds(Weight.WARNING, "slots: got 2", bad(MASTER, SMALL, 2, 8, GOOD));
    }

    @Test
    void findsNativeThreadsThatFightForCores() {
        finds(
                Weight.WARNING,
                "native",
                bad(
                        MASTER,
                        SMALL,
                        4,
                        4,
                        new ExecutorFacts("0", 4, 4L << 30, 4L << 30, "", "vector", KERNELS.rounding(), true, "")));
        finds(
                Weight.WARNING,
                "native",
                bad(
                        MASTER,
                        SMALL,
                        4,
                        4,
                        new ExecutorFacts("0", 4, 4L << 30, 4L << 30, "8", "vector", KERNELS.rounding(), true, "")));
        conf.set("spark.task.cpus", "8");
        assertEquals(
                List.of(),
                bad(
                        MASTER,
                        SMALL,
                        4,
                        4,
                        new ExecutorFacts("0", 4, 4L << 30, 4L << 30, "8", "vector", KERNELS.rounding(), true, "")));
    }

    /** 600 MB + the first state + 4 tasks of (workspace + 4 states + 1 for 2 workers): 600 + 100 + 4 · (100 + 500) = 3100 MB. */
    @Test
    void findsStatesThatDoNotFit() {
        Demand large = new Demand(8, 100 << 20, 100 << 20, 0, KERNELS);
        assertEquals(3100L << 20, large.executorBytes(4, 4));
        // half of what is kept of examples, three times
        assertEquals(3220L << 20, new Demand(8, 100 << 20, 100 << 20, 80 << 20, KERNELS).executorBytes(4, 8));
        assertEquals(List.of(), bad(MASTER, large, 4, 4, GOOD));
        finds(
                Weight.ERROR,
                "memory",
                bad(
                        MASTER,
                        large,
                        4,
                        4,
                        new ExecutorFacts("0", 4, 4L << 30, 3000L << 20, "1", "vector", KERNELS.rounding(), true, "")));
        conf.set("spark.executor.memoryOverhead", "2g");
        finds(Weight.WARNING, "memory", bad("yarn", large, 4, 4, GOOD));
        conf.set("spark.executor.memoryOverhead", "4g");
        assertEquals(List.of(), bad("yarn", large, 4, 4, GOOD));
    }

    @Test
    void findsKernelsThatDifferOrAreSlow() {
        ExecutorFacts other = new ExecutorFacts(
                "1",
                4,
                4L << 30,
                4L << 30,
                "1",
                "openblas, vector kernels",
                "OpenBLAS 0.3.31, rounding 1234abcd",
                true,
                "");
        List<Finding> differing = bad(MASTER, SMALL, 4, 4, GOOD, other);
        finds(Weight.WARNING, "kernels", differing);
        assertTrue(differing.get(0).line().contains("executor 1 has OpenBLAS 0.3.31, rounding 1234abcd"));
        ExecutorFacts unable = new ExecutorFacts(
                "3", 4, 4L << 30, 4L << 30, "1", "coinflip.blas: got mkl", KERNELS.rounding(), false, "");
        List<Finding> lacking = bad(MASTER, SMALL, 4, 4, unable);
        assertEquals(1, lacking.size());
        assertEquals(Finding.Weight.ERROR, lacking.get(0).weight());
        assertTrue(
                lacking.get(0).line().contains("executor 3 lacks the driver's library"),
                lacking.get(0).line());
        ExecutorFacts forced = new ExecutorFacts(
                "0",
                4,
                4L << 30,
                4L << 30,
                "1",
                "mkl, vector kernels",
                KERNELS.rounding(),
                true,
                "MKL_CBWR=SSE2 costs 70 % of its rate");
        assertTrue(bad(MASTER, SMALL, 4, 4, forced).get(0).line().contains("MKL_CBWR=SSE2 costs 70 %"));
        ExecutorFacts slow =
                new ExecutorFacts("0", 4, 4L << 30, 4L << 30, "1", "mkl, scalar kernels", KERNELS.rounding(), true, "");
        finds(Weight.WARNING, "kernels", bad(MASTER, SMALL, 4, 4, slow));
    }

    @Test
    void findsTrapsInSettings() {
        for (String trap :
                List.of("spark.task.maxFailures=1", "spark.speculation=true", "spark.dynamicAllocation.enabled=true")) {
            SparkConf trapped = new SparkConf(false).set(trap.split("=")[0], trap.split("=")[1]);
            List<Finding> found = new Preflight(trapped, MASTER, SMALL).look(4, 4, List.of(GOOD));
            finds(
                    Weight.WARNING,
                    trap.substring(0, 12),
                    found.stream().filter(f -> f.weight() != Weight.GOOD).toList());
        }
        conf.set("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
        finds(Weight.ERROR, "spark.serializer", bad(MASTER, SMALL, 4, 4, GOOD));
    }

    @Test
    void asksExecutorsAndRefusesWhatWouldFail() {
        try (LocalSpark spark = new LocalSpark(2)) {
            assertTrue(Preflight.look(spark.context(), SMALL).size() == 3);
            assertThrows(
                    UsageException.class,
                    () -> Preflight.require(spark.context(), new Demand(2, 1L << 40, 1L << 40, 0, KERNELS)));
        }
    }

    @Test
    void countsTheSlotsThatSettingsAskFor() {
        assertEquals(6, Slots.asked(new SparkConf(false), "local-cluster[3, 2, 1024]"));
        SparkConf asked =
                new SparkConf(false).set("spark.executor.instances", "5").set("spark.executor.cores", "4");
        assertEquals(20, Slots.asked(asked, "yarn"));
        assertEquals(10, Slots.asked(asked.set("spark.task.cpus", "2"), "yarn"));
        assertEquals(16, Slots.asked(new SparkConf(false).set("spark.cores.max", "16"), MASTER));
    }

    /** Whatever settings say of how data are cut, and of cores that nobody has. */
    @Test
    void slotsAreThoseThatAreThere() {
        SparkConf asking = new SparkConf(false)
                .set("spark.default.parallelism", "1000")
                .set("spark.cores.max", "1000")
                .set("spark.ui.enabled", "false");
        try (JavaSparkContext spark = new JavaSparkContext("local[2]", "slots", asking)) {
            assertEquals(1000, spark.defaultParallelism());
            assertEquals(2, Slots.of(spark));
        }
    }

    @Test
    void setsKryoAsideAndSaysSo() {
        conf.set("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
        assertThrows(UsageException.class, () -> SparkSettings.require(conf));
        List<String> said = SparkSettings.setAside(conf);
        assertEquals(1, said.size());
        assertTrue(said.get(0).startsWith("spark.serializer: got org.apache.spark.serializer.KryoSerializer"));
        SparkSettings.require(conf);
        assertEquals(List.of(), SparkSettings.setAside(conf));
    }

    @Test
    void refusesABoundThatNoJobKeepsTo() {
        for (String most : List.of("100k", "15m", "much")) {
            conf.set("spark.driver.maxResultSize", most);
            String line = assertThrows(UsageException.class, () -> SparkSettings.require(conf))
                    .getMessage();
            assertTrue(line.startsWith("spark.driver.maxResultSize: got " + most), line);
        }
        for (String most : List.of("0", "1g", "16m")) {
            SparkSettings.require(conf.set("spark.driver.maxResultSize", most));
        }
    }
}
