package org.coinflip.spark.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class EvaluationReportTest {
    private static final Pattern DATA =
            Pattern.compile("<script type=\"application/json\" id=\"drawings\">(.*?)</script>", Pattern.DOTALL);

    private static Map<String, Object> measures() {
        Map<String, Object> measures = new LinkedHashMap<>();
        measures.put("balancedError", 0.125);
        measures.put("auc", 0.9);
        measures.put("averagePrecision", 0.8);
        measures.put("ranking", "binned");
        measures.put("ece", 0.05);
        measures.put("mce", 0.2);
        measures.put(
                "perClass",
                List.of(
                        Map.of("class", 0, "examples", 8L, "predicted", 7L, "precision", 0.75, "recall", 1.0),
                        Map.of("class", 1, "examples", 0L, "predicted", 1L, "precision", 0.0)));
        measures.put(
                "calibration",
                List.of(
                        Map.of("examples", 4L, "confidence", 0.5, "accuracy", 0.25),
                        Map.of("examples", 4L, "confidence", 0.9, "accuracy", 1.0)));
        measures.put(
                "rejection",
                Map.of("confidence", Map.of("area", 0.1, "rejected", List.of(0.0, 0.5), "error", List.of(0.2, 0.1))));
        measures.put(
                "draws",
                Map.of(
                        "draws",
                        2,
                        "predictiveEntropy",
                        0.5,
                        "mutualInformation",
                        0.1,
                        "disagreement",
                        0.2,
                        "deviation",
                        0.05,
                        "byDraws",
                        List.of(
                                Map.of("draws", 1, "error", 0.3, "logLoss", 1.0),
                                Map.of("draws", 2, "error", 0.2, "logLoss", 0.9))));
        return measures;
    }

    private static Map<String, Object> summary() {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("job", "evaluate");
        summary.put("status", "done");
        summary.put("error", 0.2);
        summary.put("examples", 8L);
        summary.put("loss", 0.5);
        summary.put("measures", measures());
        summary.put("confusion", new long[][] {{6, 2}, {0, 0}});
        summary.put("labels", List.of("yes", "<script>alert(1)</script>"));
        return summary;
    }

    private static JsonNode drawings(String html) throws Exception {
        Matcher data = DATA.matcher(html);
        assertTrue(data.find());
        return new ObjectMapper().readTree(data.group(1));
    }

    @Test
    void showsMeasuresAndTheirCurvesInTheOrderOfTheirFigures() throws Exception {
        String html = EvaluationReport.html(summary(), "a model", "test of digits");
        JsonNode drawings = drawings(html);
        List<String> labels = new ArrayList<>();
        drawings.forEach(drawing -> labels.add(drawing.get("yLabel").asText()));
        assertEquals(
                List.of("part classified rightly", "others classified wrongly (%)", "classified wrongly (%)", "nats"),
                labels);
        assertEquals(labels.size(), html.split("<figure>", -1).length - 1);
        assertEquals(20.0, drawings.get(1).get("lines").get(0).get("y").get(0).asDouble());
        assertTrue(
                html.contains("<th scope=\"row\">AUC, average precision (binned)</th><td>0.9000, 0.8000</td>"), html);
        // a class without examples has no recall
        assertTrue(html.contains("<td class=\"number\">0.0000</td><td class=\"number\">–</td>"), html);
        assertTrue(html.contains("a model <span class=\"status good\">done</span>"));
    }

    @Test
    void namesOfClassesStayText() {
        String html = EvaluationReport.html(summary(), "<b>", "test of <i>");
        assertFalse(html.contains("<script>alert"), "a class");
        assertFalse(html.contains("<b>"), "the title");
        assertFalse(html.contains("<i>"), "the examples");
        assertTrue(html.contains("<th scope=\"row\">yes</th>"), "confusion");
    }

    @Test
    void isRightWhicheverMeasureIsAbsent() throws Exception {
        for (String absent : measures().keySet()) {
            Map<String, Object> measures = measures();
            measures.remove(absent);
            Map<String, Object> summary = summary();
            summary.put("measures", measures);
            String html = EvaluationReport.html(summary, "a model", "examples");
            assertEquals(drawings(html).size(), html.split("<figure>", -1).length - 1, absent);
        }
        String bare = EvaluationReport.html(Map.of("loss", 0.5), "a model", "examples");
        assertEquals(0, drawings(bare).size());
        assertFalse(bare.contains("Measures of"), bare);
    }

    @Test
    void saysWhyNothingWasMeasured() {
        Map<String, Object> summary = summary();
        summary.put("measures", Map.of("notFinite", 3L));
        String html = EvaluationReport.html(summary, "a model", "examples");
        assertTrue(html.contains("3 examples have predictions that are not finite"), html);
    }

    @Test
    void aTrainingShowsTheMeasuresOfItsTestExamples() throws Exception {
        Map<String, Object> summary = SampleRun.summary();
        int before = drawings(TrainingReport.html(summary, List.of())).size();
        summary.put("test", Map.of("error", 0.1, "examples", 8L, "measures", measures()));
        String html = TrainingReport.html(summary, List.of());
        assertEquals(before + 4, drawings(html).size());
        assertTrue(html.contains("Measures of the test examples"));
    }
}
