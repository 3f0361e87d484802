package org.coinflip.spark.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.samskivert.mustache.Mustache;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The document. Three things keep what users wrote from becoming markup or script: the template escapes every value unless told
 * otherwise, the charts' data are JSON without a {@code <}, and the content security policy lets a browser run only the two scripts
 * whose digests it names and load nothing at all.
 */
final class Page {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Page() {}

    /**
     * @param view the values of the template but for the charts and the files; not modified
     * @param charts in the order to show them
     * @param histograms of the stochastic layers, which come after the charts
     */
    static String render(Map<String, Object> view, List<Chart> charts, List<Chart> histograms) {
        String uPlot = Library.uPlotScript();
        String drawing = Library.own("report.js");
        Map<String, Object> whole = new HashMap<>(view);
        whole.put("charts", charts);
        whole.put("histograms", histograms);
        whole.put("hasHistograms", !histograms.isEmpty());
        whole.put(
                "drawings",
                json(Stream.concat(charts.stream(), histograms.stream())
                        .map(Chart::drawing)
                        .toList()));
        whole.put("style", Library.uPlotStyle() + "\n" + Library.own("report.css"));
        whole.put("uPlot", uPlot);
        whole.put("script", drawing);
        whole.put("scriptDigests", "'sha256-" + digest(uPlot) + "' 'sha256-" + digest(drawing) + "'");
        return Mustache.compiler()
                .escapeHTML(true)
                .compile(Library.own("report.html"))
                .execute(whole);
    }

    /** JSON that may stand in a script element: no value in it can end the element or open a comment. */
    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value).replace("<", "\\u003c");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the charts cannot be written as JSON", e);
        }
    }

    private static String digest(String script) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
