package org.coinflip.spark.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TrainingReportTest {
    private static final int MEGABYTE = 1_000_000;
    private static final Pattern DATA =
            Pattern.compile("<script type=\"application/json\" id=\"drawings\">(.*?)</script>", Pattern.DOTALL);
    private static final Pattern SCRIPT = Pattern.compile("<script>.*?</script>", Pattern.DOTALL);
    private static final Pattern STYLE = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL);

    @Test
    void tellsTheErrorWithItsIntervalAndCounts() {
        String html = TrainingReport.html(SampleRun.summary(), SampleRun.rounds(400));
        assertTrue(html.contains("95% interval 1.75% to 2.30%\n201 of 10\u202f000 wrong"), html);
        assertTrue(html.contains("<span class=\"value\">2.01%</span>"));
        assertTrue(html.contains("mnist-bernoulli-disarm <span class=\"status good\">done</span>"));
        assertTrue(html.contains("train · 2025-11-22 19:56 UTC · seed 7 · 4 workers"));
        assertTrue(html.contains("12 min 34 s"));
    }

    @Test
    void drawsEveryCurveThatTheRoundsTellOf() throws JsonProcessingException {
        JsonNode drawings = drawings(TrainingReport.html(SampleRun.summary(), SampleRun.rounds(400)));
        assertEquals(
                List.of(
                        "mean loss per example: training, validation",
                        "classified wrongly (%): validation",
                        "learning rate: learning rate",
                        "fraction of units that fire: layer 1 (bernoulli), layer 2 (bernoulli)",
                        "variance: layer 1 (bernoulli), layer 2 (bernoulli)",
                        "examples per second: training",
                        "milliseconds per round: broadcast, compute, combine, driver, idle",
                        "units: units",
                        "units: units"),
                titles(drawings));
        assertEquals(400, drawings.get(0).get("x").size());
        assertEquals("epochs", drawings.get(0).get("xLabel").asText());
        assertEquals("round", drawings.get(6).get("xLabel").asText());
    }

    @Test
    void whatUsersWroteStaysText() throws JsonProcessingException {
        String hostile = "</script><script>alert(1)</script><!--\"' onload=x {{name}} {{{style}}} \u2028";
        Map<String, Object> summary = SampleRun.summary();
        for (String key :
                List.of("job", "name", "status", "seed", "started", "workers", "parametersSha256", "reason")) {
            summary.put(key, hostile);
        }
        summary.put("config", Map.of(hostile, List.of(hostile, Map.of("a", hostile))));
        summary.put("versions", Map.of(hostile, hostile));
        summary.put("layers", List.of(Map.of("layer", hostile, "law", hostile, "estimator", hostile)));
        summary.put("confusion", List.of(List.of(hostile, 1), List.of(hostile, 1)));
        summary.put("firingRates", List.of(List.of(hostile, 0.5)));
        summary.put("image", Map.of("rows", 1, "columns", 2));
        summary.put(
                "mistakes",
                List.of(Map.of("id", hostile, "label", hostile, "predicted", 3, "features", List.of(hostile, 1))));
        List<Map<String, Object>> rounds = List.of(
                Map.of("round", 1, "epoch", 1.0, "layers", List.of(Map.of("layer", hostile, "firingRate", 0.5))));

        String html = TrainingReport.html(summary, rounds);

        assertFalse(html.contains("alert(1)</script>"));
        assertFalse(html.contains("<script>alert"));
        assertFalse(html.contains("<!--"));
        assertTrue(html.contains("&lt;/script&gt;&lt;script&gt;alert(1)"));
        assertEquals(3, count(html, "<script"), "the data, uPlot and the drawing");
        assertEquals(3, count(html, "</script"));
        assertTrue(
                html.contains("{{name}} {{{style}}}") || html.contains("{{name}} {{{style}}}".replace("=", "&#x3D;")));
        assertEquals(
                hostile + " (" + hostile + ")",
                drawings(html).get(0).get("lines").get(0).get("label").asText());
        assertTrue(html.contains("<canvas"), "the mistake is there, its names escaped");
    }

    @Test
    void showsWhatTheTestExamplesWereTakenFor() {
        Map<String, Object> summary = SampleRun.summary();
        summary.put("confusion", new long[][] {{8, 2}, {1, 9}});
        summary.put("mistakes", SampleRun.mistakes(1, 28, 28));
        String html = TrainingReport.html(summary, List.of());
        assertTrue(html.contains("<tr><th scope=\"row\">0</th><td class=\"right\">8</td><td class=\"m8\">2</td>"
                + "<td class=\"recall\" title=\"8 of 10\">80.0%</td></tr>"));
        assertTrue(html.contains("<li title=\"example 7000\"><canvas width=\"28\" height=\"28\" data-pixels=\""));
        assertTrue(html.contains("</canvas>true 0\u00a0→\u00a03, p\u00a0&lt;\u00a00.001</li>"));
    }

    @Test
    void examplesThatAreNoPicturesAreNotDrawn() {
        Map<String, Object> summary = SampleRun.summary();
        summary.put("image", Map.of("rows", 0, "columns", 0));
        String html = TrainingReport.html(summary, List.of());
        assertFalse(html.contains("<canvas") || html.contains("Worst mistakes"));
        assertTrue(html.contains("Confusion of the test examples"));
    }

    @Test
    void aHundredClassesAndLargePicturesStaySmall() throws JsonProcessingException {
        Map<String, Object> summary = SampleRun.summary();
        summary.put("confusion", SampleRun.confusion(100, 10_000));
        summary.put("image", Map.of("rows", 600, "columns", 400));
        summary.put("mistakes", SampleRun.mistakes(24, 600, 400));
        String html = TrainingReport.html(summary, SampleRun.rounds(16));
        int bytes = html.getBytes(StandardCharsets.UTF_8).length;
        assertTrue(bytes < MEGABYTE, bytes + " bytes");
        assertSound(html);
        assertTrue(html.contains("<section class=\"card dense\">"));
    }

    @Test
    void isRightWhicheverKeyIsAbsent() throws JsonProcessingException {
        for (String key : SampleRun.summary().keySet()) {
            Map<String, Object> summary = SampleRun.summary();
            summary.remove(key);
            assertSound(TrainingReport.html(summary, SampleRun.rounds(16)));
            summary.put(key, null);
            assertSound(TrainingReport.html(summary, SampleRun.rounds(16)));
        }
        for (String key : SampleRun.rounds(8).get(7).keySet()) {
            List<Map<String, Object>> rounds = SampleRun.rounds(16);
            rounds.forEach(round -> round.remove(key));
            assertSound(TrainingReport.html(SampleRun.summary(), rounds));
        }
    }

    @Test
    void aRunThatToldNothingHasNoEmptySections() throws JsonProcessingException {
        String html = TrainingReport.html(Map.of(), List.of());
        assertEquals(0, drawings(html).size());
        for (String absent : List.of(
                "<figure",
                "<table",
                "<canvas",
                "<section class=\"card",
                "<h2",
                "<details",
                "class=\"tile\"",
                "class=\"status",
                "<dt>")) {
            assertFalse(html.contains(absent), absent);
        }
        assertTrue(html.contains("<title>Training run</title>"));
    }

    @Test
    void valuesThatAreNotFiniteAreGapsNotZeros() throws JsonProcessingException {
        Map<String, Object> summary = SampleRun.summary();
        summary.put("test", Map.of("loss", Double.NaN, "error", Double.NaN, "examples", 0));
        summary.put("valid", Map.of("loss", "NaN", "error", 0.25));
        List<Map<String, Object>> rounds = SampleRun.rounds(16);
        rounds.get(3).put("trainLoss", Double.NaN);
        rounds.get(4).put("trainLoss", Double.POSITIVE_INFINITY);
        rounds.get(5).put("trainLoss", "NaN");

        String html = TrainingReport.html(summary, rounds);

        assertSound(html);
        assertFalse(html.contains("Test error"));
        assertFalse(html.contains("loss NaN"));
        assertTrue(html.contains("<span class=\"value\">25.00%</span>"), "an error without its counts has no interval");
        JsonNode loss = drawings(html).get(0).get("lines").get(0).get("y");
        for (int gap = 3; gap <= 5; gap++) {
            assertTrue(loss.get(gap).isNull());
        }
        assertTrue(loss.get(6).isNumber());
    }

    @Test
    void saysWhyARunStoppedAndTheLossWhereNoErrorIsKnown() {
        Map<String, Object> summary = Map.of(
                "status",
                "diverged",
                "reason",
                "loss is NaN at round 12",
                "test",
                Map.of("loss", 91.25, "examples", 100));
        String html = TrainingReport.html(summary, List.of());
        assertTrue(html.contains("<p class=\"reason bad\">loss is NaN at round 12</p>"));
        assertTrue(html.contains("Test loss") && html.contains("91.25"));
    }

    @Test
    void aResumedRunTellsEachRoundOnce() throws JsonProcessingException {
        List<Map<String, Object>> rounds = new ArrayList<>(SampleRun.rounds(8));
        Map<String, Object> again = new HashMap<>(rounds.get(4));
        again.put("trainLoss", 9.5);
        rounds.add(again);
        Collections.swap(rounds, 0, 1);

        JsonNode loss = drawings(TrainingReport.html(Map.of(), rounds)).get(0);

        assertEquals(8, loss.get("x").size());
        assertEquals(9.5, loss.get("lines").get(0).get("y").get(4).asDouble());
        assertTrue(loss.get("x").get(0).asDouble() < loss.get("x").get(1).asDouble());
    }

    @Test
    void curvesStandOverRoundsWhereSomeEpochIsMissing() throws JsonProcessingException {
        List<Map<String, Object>> rounds = SampleRun.rounds(8);
        rounds.get(2).remove("epoch");
        assertEquals(
                "round",
                drawings(TrainingReport.html(Map.of(), rounds))
                        .get(0)
                        .get("xLabel")
                        .asText());
    }

    @Test
    void loadsNothingFromAnywhere() {
        String html = TrainingReport.html(SampleRun.summary(), SampleRun.rounds(40));
        String markup = SCRIPT.matcher(html).replaceAll("");
        assertFalse(Pattern.compile("(?i)\\s(src|href|action|data|poster|background)\\s*=")
                .matcher(markup)
                .find());
        assertFalse(Pattern.compile("(?i)<(link|img|iframe|object|embed|base)\\b")
                .matcher(markup)
                .find());
        assertFalse(markup.contains("http:") || markup.contains("https:"));
        Matcher style = STYLE.matcher(html);
        assertTrue(style.find());
        assertFalse(style.group(1).contains("@import") || style.group(1).contains("url("));
        assertFalse(Pattern.compile("fetch\\(|XMLHttpRequest|WebSocket|sendBeacon|importScripts|import\\(")
                .matcher(html)
                .find());
        assertTrue(html.contains("content=\"default-src 'none';"));
    }

    @Test
    void carriesTheLicenceOfTheChartingLibrary() {
        String html = TrainingReport.html(Map.of(), List.of());
        assertTrue(html.contains("The MIT License (MIT)") && html.contains("Leon Sorokin"));
    }

    @Test
    void thousandsOfRoundsStaySmall() throws JsonProcessingException {
        String html = TrainingReport.html(SampleRun.summary(), SampleRun.rounds(20_000));
        int bytes = html.getBytes(StandardCharsets.UTF_8).length;
        assertTrue(bytes < MEGABYTE, bytes + " bytes");
        assertSound(html);
        assertTrue(html.contains("of 20\u202f000 rounds"));
    }

    private static void assertSound(String html) throws JsonProcessingException {
        JsonNode drawings = drawings(html);
        assertEquals(count(html, "<figure>"), drawings.size());
        for (JsonNode drawing : drawings) {
            assertTrue(drawing.get("lines").size() > 0);
            for (JsonNode line : drawing.get("lines")) {
                assertEquals(drawing.get("x").size(), line.get("y").size());
            }
        }
        String text = html.substring(html.indexOf("<main>"), html.indexOf("<script type"));
        assertFalse(
                Pattern.compile("\\bNaN\\b|Infinity|\\bnull\\b|Optional")
                        .matcher(text.replaceAll("(?s)<pre>.*?</pre>", ""))
                        .find(),
                text);
    }

    private static JsonNode drawings(String html) throws JsonProcessingException {
        Matcher data = DATA.matcher(html);
        assertTrue(data.find());
        return new ObjectMapper().readTree(data.group(1));
    }

    private static List<String> titles(JsonNode drawings) {
        List<String> titles = new ArrayList<>();
        for (JsonNode drawing : drawings) {
            titles.add(drawing.get("yLabel").asText() + ": "
                    + String.join(", ", drawing.get("lines").findValuesAsText("label")));
        }
        return titles;
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }
}
