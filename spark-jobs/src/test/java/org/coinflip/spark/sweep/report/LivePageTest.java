package org.coinflip.spark.sweep.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.coinflip.spark.sweep.result.Objective;
import org.coinflip.spark.sweep.result.SweepResult;
import org.coinflip.spark.sweep.result.SweepTable;
import org.coinflip.spark.sweep.result.TrialRow;
import org.coinflip.spark.sweep.trial.TrialRecord;
import org.coinflip.spark.sweep.trial.TrialStatus;
import org.junit.jupiter.api.Test;

class LivePageTest {
    private static SweepResult result() {
        TrialRecord record = new TrialRecord(
                0, 0, "k", TrialStatus.FAILED, "</script><b>bold</b>", 1, Map.of(), List.of(), "", 1, 1, "host");
        TrialRow row = new TrialRow(0, 0, 0, 1, Map.of("axis", "<i>x</i>"), List.of(record), true, 1);
        return SweepResult.of(
                new SweepTable(List.of(row)),
                List.of(new Objective("valid.error", false)),
                List.of(),
                new int[] {1},
                "axis",
                Set.of());
    }

    @Test
    void aRunningSweepIsServedAndWhatUsersWroteIsText() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream errors = System.err;
        LivePage page;
        try {
            System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
            page = LivePage.open("a & b", 0, LivePageTest::result);
        } finally {
            System.setErr(errors);
        }
        try (page) {
            String address = said.toString(StandardCharsets.UTF_8).strip().replace("page ", "");
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode());
            assertTrue(answer.body().contains("http-equiv=\"refresh\""));
            assertTrue(answer.body().contains("a &amp; b"));
            assertFalse(answer.body().contains("<b>bold"));
            assertFalse(answer.body().contains("<i>x"));
        }
    }

    @Test
    void aFinishedReportIsNotLoadedAgain() {
        assertFalse(SweepReport.html(Map.of("name", "n", "status", "done"), result())
                .contains("http-equiv=\"refresh\""));
    }
}
