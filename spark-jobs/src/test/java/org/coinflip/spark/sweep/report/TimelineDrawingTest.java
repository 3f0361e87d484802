package org.coinflip.spark.sweep.report;

import static org.coinflip.spark.sweep.report.Trials.data;
import static org.coinflip.spark.sweep.report.Trials.list;
import static org.coinflip.spark.sweep.report.Trials.map;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimelineDrawingTest {
    @Test
    void barsOfAHostLieOnAsManySlotsAsRanAtOnce() {
        Trials trials = new Trials(1);
        for (int i = 0; i < 60; i++) {
            // three at once on one host, one on the other
            String host = i % 4 == 3 ? "b" : "a";
            int start = i / 4;
            trials.add(Map.of("rate", 0.1), List.of(Trials.record(i, 0, 1, i == 7 ? Double.NaN : 0.5, start, 1, host)));
        }
        Map<String, Object> timeline = map(data(trials.result()).get("timeline"));
        assertEquals(List.of("a", "a", "a", "b"), timeline.get("slots"));
        assertEquals(1.0, timeline.get("busy"));
        List<List<Number>> bars = list(timeline.get("bars"));
        assertEquals(60, bars.size());
        List<String> kinds = list(timeline.get("kinds"));
        assertEquals(
                List.of(7),
                bars.stream()
                        .filter(bar -> kinds.get(bar.get(3).intValue()).equals("diverged"))
                        .map(bar -> bar.get(4))
                        .toList());
        Map<Integer, Double> until = new HashMap<>();
        for (List<Number> bar : bars) {
            assertTrue(bar.get(1).doubleValue() >= until.getOrDefault(bar.get(0).intValue(), 0.0), "no overlap");
            until.put(bar.get(0).intValue(), bar.get(2).doubleValue());
        }
    }

    @Test
    void everyRungOfATrialIsABarAndItsLastIsStoppedWhereTheTrialWas() {
        Trials trials = new Trials(1, 3);
        trials.add(Map.of("rate", 0.1), 0.5, 0.25).add(Map.of("rate", 0.2), 0.5);
        Map<String, Object> timeline = map(data(trials.result()).get("timeline"));
        List<List<Number>> bars = list(timeline.get("bars"));
        List<String> kinds = list(timeline.get("kinds"));
        assertEquals(
                List.of("done", "done", "stopped"),
                bars.stream().map(bar -> kinds.get(bar.get(3).intValue())).toList());
    }

    @Test
    void shortBarsAreDrawnAsOneAndNoTrialIsLost() {
        Trials trials = new Trials(1);
        for (int i = 0; i < 20_000; i++) {
            double value = i % 5000 == 17 ? Double.NaN : 0.5;
            trials.add(Map.of("rate", 0.1), List.of(Trials.record(i, 0, 1, value, 0.001 * i, 0.001, "a")));
        }
        Map<String, Object> timeline = map(data(trials.result()).get("timeline"));
        List<List<Number>> bars = list(timeline.get("bars"));
        List<String> kinds = list(timeline.get("kinds"));
        assertTrue(bars.size() < 8100, bars.size() + " bars");
        assertEquals(
                20_000, bars.stream().mapToInt(bar -> bar.get(5).intValue()).sum());
        assertEquals(
                4,
                bars.stream()
                        .filter(bar -> kinds.get(bar.get(3).intValue()).equals("diverged"))
                        .mapToInt(bar -> bar.get(5).intValue())
                        .sum());
    }

    @Test
    void pausesInWhichNothingRanAreLeftOut() {
        Trials trials = new Trials(1);
        for (int i = 0; i < 20; i++) {
            double start = i < 10 ? i : 86_400 + i;
            trials.add(Map.of("rate", 0.1), List.of(Trials.record(i, 0, 1, 0.5, start, 1, "a")));
        }
        Map<String, Object> timeline = map(data(trials.result()).get("timeline"));
        assertEquals(20.0, timeline.get("seconds"));
        assertEquals(List.of(10.0), timeline.get("pauses"));
        assertEquals(86_400.0, timeline.get("paused"));
        Map<String, Object> history =
                map(list(data(trials.result()).get("history")).get(0));
        assertEquals(20.0, list(history.get("ends")).get(19));
    }
}
