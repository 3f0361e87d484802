package org.coinflip.spark.sweep.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SweepReportTest {
    private static final Map<String, Object> SUMMARY = Map.of("name", "a <b>sweep</b>", "status", "done");
    private static final String ATTACK = "</script><img src=x onerror=alert(1)>";

    private static String page(Trials trials, String compared) {
        return SweepReport.html(SUMMARY, trials.result(Trials.METRIC, compared));
    }

    @Test
    void whatUsersWroteIsTextInPicturesToo() throws Exception {
        Trials trials = new Trials(10);
        for (int i = 0; i < 40; i++) {
            trials.add(Map.of("axis<i>", i % 2 == 0 ? ATTACK : "plain", "rate", 0.01 * i), i == 3 ? Double.NaN : 0.5);
        }
        String page = page(trials, "axis<i>");
        assertFalse(page.contains("<img"));
        assertFalse(page.contains("<i>"));
        assertFalse(page.contains("<b>"));
        Matcher drawings = Pattern.compile("id=\"drawings\">(.*?)</script>", Pattern.DOTALL)
                .matcher(page);
        assertTrue(drawings.find());
        JsonNode data = new ObjectMapper().readTree(drawings.group(1));
        assertTrue(data.path("distribution").path("curves").toString().contains("onerror"), "it is there, as data");
    }

    @Test
    void aBrowserMayRunTheTwoScriptsOfThePageAndNothingElse() throws Exception {
        String page = page(new Trials(10).add(Map.of("rate", 0.1), 0.5), null)
                .replace("&#39;", "'")
                .replace("&#x3D;", "=");
        String policy = page.substring(page.indexOf("default-src"), page.indexOf("base-uri"));
        assertTrue(policy.startsWith("default-src 'none'"));
        Matcher scripts =
                Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL).matcher(page);
        int count = 0;
        while (scripts.find()) {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(scripts.group(1).getBytes(StandardCharsets.UTF_8));
            count += policy.contains("'sha256-" + Base64.getEncoder().encodeToString(digest) + "'") ? 1 : 0;
        }
        assertEquals(2, count);
        assertFalse(Pattern.compile("<[^>]* on[a-z]+=").matcher(page).find(), "no handlers in elements");
        assertFalse(page.contains("http-equiv=\"refresh\""));
    }

    @Test
    void aSweepWithoutTrialsHasAPage() {
        assertTrue(page(new Trials(10), null).contains("a &lt;b&gt;sweep"));
    }

    @Test
    void aPageOfTenThousandTrialsOfManyAxesIsNotLarge() {
        Trials trials = new Trials(10);
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            Map<String, Object> axes = new TreeMap<>();
            for (int axis = 0; axis < 6; axis++) {
                axes.put("network.layers." + axis + ".units", random.nextInt(500));
            }
            axes.put("rate", random.nextDouble());
            axes.put("option", "option " + random.nextInt(25));
            trials.add(axes, random.nextDouble());
        }
        String page = page(trials, "option");
        assertTrue(page.length() < 1_500_000, page.length() + " characters");
    }
}
