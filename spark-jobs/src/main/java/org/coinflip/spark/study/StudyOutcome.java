package org.coinflip.spark.study;

import java.util.Map;
import java.util.Optional;
import org.coinflip.spark.report.StudyReport;

/**
 * What a study came to.
 *
 * @param line for the console
 * @param summary keys of its own for {@code summary.json}
 * @param report its charts and tables
 * @param failure one line, where what should hold does not
 */
public record StudyOutcome(String line, Map<String, Object> summary, StudyReport report, Optional<String> failure) {}
