package org.coinflip.spark.league;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.coinflip.spark.report.StudyReport;
import org.coinflip.spark.report.chart.Numbers;
import org.coinflip.spark.sweep.result.Interval;

/** A league's tables as a page, as Markdown and as CSV. */
final class LeaguePage {
    private static final List<String> HEADINGS = List.of(
            "place",
            "estimator",
            "mean",
            "95 % interval",
            "behind the first",
            "significant",
            "rate",
            "rates tried",
            "s a training",
            "published");

    private static final List<String> COLUMNS = List.of(
            "data",
            "units",
            "place",
            "estimator",
            "metric",
            "mean",
            "low",
            "high",
            "behind",
            "behind_low",
            "behind_high",
            "told_apart",
            "rate",
            "rates_tried",
            "at_border",
            "seconds",
            "published",
            "source");

    private final LeagueSpec spec;
    private final List<LeagueTable> tables;

    LeaguePage(LeagueSpec spec, List<LeagueTable> tables) {
        this.spec = spec;
        this.tables = tables;
    }

    /** Tiles and tables. */
    StudyReport report() {
        StudyReport report = new StudyReport();
        report.tile("Tables", String.valueOf(tables.size()), "data sets × units");
        report.tile("Rows", String.valueOf(rows()), "estimators, all tables together");
        for (LeagueTable table : tables) {
            report.table(table.title(), note(table), HEADINGS, cells(table));
        }
        return report;
    }

    /** For documents. */
    String markdown() {
        StringBuilder text = new StringBuilder();
        for (LeagueTable table : tables) {
            text.append("### ")
                    .append(table.title())
                    .append("\n\n")
                    .append(note(table))
                    .append("\n\n");
            line(text, HEADINGS);
            line(text, HEADINGS.stream().map(heading -> "---").toList());
            cells(table).forEach(cells -> line(text, cells));
            text.append('\n');
        }
        return text.toString();
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append(
                cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n")));
    }

    /** A line an estimator; what is not known is empty. */
    String csv() {
        StringBuilder text = new StringBuilder(String.join(",", COLUMNS)).append('\n');
        for (LeagueTable table : tables) {
            for (int i = 0; i < table.rows().size(); i++) {
                LeagueTable.Row row = table.rows().get(i);
                Published published = published(table, row.estimator());
                Interval behind = row.behind();
                text.append(Stream.of(
                                        table.data(),
                                        table.units(),
                                        i + 1,
                                        row.estimator(),
                                        table.metric(),
                                        row.value() == null ? "" : row.value().mean(),
                                        row.value() == null ? "" : row.value().low(),
                                        row.value() == null ? "" : row.value().high(),
                                        behind == null ? "" : behind.mean(),
                                        behind == null ? "" : behind.low(),
                                        behind == null ? "" : behind.high(),
                                        row.toldApart() == null ? "" : row.toldApart(),
                                        row.rate(),
                                        row.tried().size(),
                                        row.atBorder(),
                                        row.seconds(),
                                        published == null ? "" : published.value(),
                                        published == null ? "" : published.source())
                                .map(String::valueOf)
                                .map(LeaguePage::field)
                                .collect(Collectors.joining(",")))
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static String field(String text) {
        return text.matches("(?s).*[,\"\n].*") ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
    }

    long rows() {
        return tables.stream().mapToLong(table -> table.rows().size()).sum();
    }

    /** For {@code summary.json}. */
    List<Map<String, Object>> summary() {
        List<Map<String, Object>> all = new ArrayList<>();
        for (LeagueTable table : tables) {
            Map<String, Object> keys = new LinkedHashMap<>();
            keys.put("data", table.data());
            keys.put("units", table.units());
            keys.put("metric", table.metric());
            keys.put("toldApartFromTheFirst", table.toldApart());
            keys.put("rows", table.rows().stream().map(LeaguePage::summary).toList());
            keys.put("absent", table.absent());
            all.add(keys);
        }
        return all;
    }

    private static Map<String, Object> summary(LeagueTable.Row row) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("estimator", row.estimator());
        keys.put("rate", row.rate());
        keys.put("ratesTried", row.tried());
        keys.put("atBorder", row.atBorder());
        if (row.value() != null) {
            keys.put("value", row.value().asMap());
        }
        if (row.behind() != null) {
            keys.put("behind", row.behind().asMap());
        }
        if (row.toldApart() != null) {
            keys.put("toldApart", row.toldApart());
        }
        keys.put("secondsATraining", row.seconds());
        return keys;
    }

    private String note(LeagueTable table) {
        String others = table.absent().entrySet().stream()
                .filter(entry -> !entry.getValue().startsWith("is for"))
                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                .collect(Collectors.joining("; "));
        return String.format(
                Locale.ROOT,
                "%s over %d seeds, the same for every row; the rate by successive halving among %s with %s, and beyond as long as the best is at"
                        + " the border. %d of %d rows are significantly different from the first, which any is wrongly with a probability of at most 5 %% (Holm,"
                        + " paired by seeds).%s",
                table.metric(),
                spec.replicates(),
                spec.search().rates().stream().map(Numbers::figure).collect(Collectors.joining(", ")),
                spec.metric(),
                table.toldApart(),
                Math.max(0, table.rows().size() - 1),
                others.isEmpty() ? "" : " Not here: " + others + ".");
    }

    private List<List<String>> cells(LeagueTable table) {
        List<List<String>> all = new ArrayList<>();
        for (LeagueTable.Row row : table.rows()) {
            Published published = published(table, row.estimator());
            all.add(List.of(
                    String.valueOf(all.size() + 1),
                    row.estimator(),
                    row.value() == null
                            ? "a training failed"
                            : number(table, row.value().mean()),
                    row.value() == null ? "" : interval(table, row.value()),
                    row.behind() == null
                            ? ""
                            : number(table, row.behind().mean()) + " " + interval(table, row.behind()),
                    row.toldApart() == null ? "" : row.toldApart() ? "yes" : "no",
                    Numbers.figure(row.rate()) + (row.atBorder() ? " (border)" : ""),
                    String.valueOf(row.tried().size()),
                    Numbers.figure(row.seconds()),
                    published == null ? "" : published(published)));
        }
        table.published().stream()
                .filter(one ->
                        table.rows().stream().noneMatch(row -> row.estimator().equals(one.estimator())))
                .forEach(one -> all.add(List.of("", one.estimator(), "", "", "", "", "", "", "", published(one))));
        return all;
    }

    private static Published published(LeagueTable table, String estimator) {
        return table.published().stream()
                .filter(one -> one.estimator().equals(estimator))
                .findFirst()
                .orElse(null);
    }

    private static String published(Published one) {
        return Numbers.figure(one.value()) + ", " + one.source();
    }

    private static String interval(LeagueTable table, Interval interval) {
        return interval.isKnown()
                ? "[" + number(table, interval.low()) + ", " + number(table, interval.high()) + "]"
                : "";
    }

    private static String number(LeagueTable table, double value) {
        return table.metric().endsWith(".error") ? Numbers.percent(value) : Numbers.figure(value);
    }
}
