package org.coinflip.spark.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.samskivert.mustache.Mustache;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * A self-contained HTML document. Three things keep what users wrote from becoming markup or script: the template escapes every value
 * unless told otherwise, data for scripts are JSON without a {@code <}, and the content security policy lets a browser run only the two
 * scripts whose digests it names and load nothing at all.
 */
public final class Document {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Document() {}

    /**
     * Fills a template. Beside the view it may use {@code drawings} (the data), {@code style}, {@code uPlot}, {@code script} and {@code
     * scriptDigests}.
     *
     * @param view the values of the template, not modified
     * @param data for the script
     * @param style added to that of all reports, empty for nothing
     */
    public static String render(String template, Map<String, Object> view, Object data, String style, String script) {
        String uPlot = Library.uPlotScript();
        Map<String, Object> whole = new HashMap<>(view);
        whole.put("drawings", json(data));
        whole.put("style", Library.uPlotStyle() + "\n" + Library.own("report.css") + style);
        whole.put("uPlot", uPlot);
        whole.put("script", script);
        whole.put("scriptDigests", "'sha256-" + digest(uPlot) + "' 'sha256-" + digest(script) + "'");
        return Mustache.compiler().escapeHTML(true).compile(template).execute(whole);
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
