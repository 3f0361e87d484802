package org.coinflip.spark.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.coinflip.spark.report.chart.Numbers;

/** What a run comes to, in a handful of numbers. */
final class Headline {
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT);

    private Headline() {}

    /**
     * A number and what it is.
     *
     * @param detail a line below it, empty where there is nothing to add
     */
    record Tile(String label, String value, String detail) {}

    /** The job, when it began, its seed and its workers, as far as they are known. */
    static String subtitle(Fields run) {
        return Stream.of(
                        run.text("job"),
                        run.text("started").map(Headline::moment),
                        run.text("seed").map("seed "::concat),
                        run.text("workers").map(workers -> workers + (workers.equals("1") ? " worker" : " workers")))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(" · "));
    }

    static List<Tile> tiles(Fields run, History history) {
        List<Tile> tiles = new ArrayList<>();
        returned("Test return", run.section("test")).ifPresent(tiles::add);
        returned("Validation return", run.section("valid")).ifPresent(tiles::add);
        error("Test error", run.section("test"), "").ifPresent(tiles::add);
        error("Validation error", run.section("valid"), best(history)).ifPresent(tiles::add);
        loss("Test loss", run.section("test")).ifPresent(tiles::add);
        loss("Validation loss", run.section("valid")).ifPresent(tiles::add);
        number(tiles, "Wall time", run.number("wallSeconds"), Numbers::duration, "");
        number(tiles, "Examples per second in steps", run.number("examplesPerSecondOfSteps"), Numbers::count, "");
        number(tiles, "Examples per second over all", run.number("examplesPerSecondOfRun"), Numbers::count, "");
        number(tiles, "Parameters", run.number("parameters"), Numbers::count, "");
        return tiles;
    }

    /** The lesser facts: how far training went, and the digest that tells whether two runs ended in the same parameters. */
    static List<Tile> facts(Fields run, History history) {
        List<Tile> facts = new ArrayList<>();
        Fields last = history.last().orElse(Fields.of(null));
        number(
                facts,
                "Rounds",
                history.size() == 0 ? OptionalDouble.empty() : OptionalDouble.of(history.size()),
                Numbers::count,
                "");
        number(facts, "Epochs", last.number("epoch"), Numbers::figure, "");
        number(facts, "Steps", last.number("steps"), Numbers::count, "");
        number(facts, "Episodes", last.number("episodes"), Numbers::count, "");
        number(facts, "Examples", last.number("examples"), Numbers::count, "");
        run.text("parametersSha256").ifPresent(digest -> facts.add(new Tile("SHA-256 of the parameters", digest, "")));
        return facts;
    }

    private static void number(
            List<Tile> tiles, String label, OptionalDouble value, DoubleFunction<String> format, String detail) {
        value.ifPresent(number -> tiles.add(new Tile(label, format.apply(number), detail)));
    }

    static Optional<Tile> error(String label, Fields score, String more) {
        OptionalDouble error = score.number("error");
        if (error.isEmpty()) {
            return Optional.empty();
        }
        double fraction = error.getAsDouble();
        OptionalDouble examples = score.number("examples");
        String counts = "";
        if (score.number("errors").isPresent()
                && examples.isPresent()
                && examples.getAsDouble() >= 1
                && fraction >= 0
                && fraction <= 1) {
            double n = examples.getAsDouble();
            WilsonInterval interval = WilsonInterval.of(fraction, n);
            counts = String.format(
                    Locale.ROOT,
                    "95%% interval %s to %s\n%s of %s wrong",
                    Numbers.percent(interval.low()),
                    Numbers.percent(interval.high()),
                    Numbers.count(fraction * n),
                    Numbers.count(n));
        }
        String loss = score.number("loss").stream()
                .mapToObj(Numbers::figure)
                .map("loss "::concat)
                .findFirst()
                .orElse("");
        String detail =
                Stream.of(counts, loss, more).filter(part -> !part.isEmpty()).collect(Collectors.joining("\n"));
        return Optional.of(new Tile(label, Numbers.percent(fraction), detail));
    }

    /** The loss where there is no error to say it with. */
    static Optional<Tile> loss(String label, Fields score) {
        return score.number("error").isPresent()
                ? Optional.empty()
                : score.number("loss").stream()
                        .mapToObj(loss -> new Tile(label, Numbers.figure(loss), ""))
                        .findFirst();
    }

    /** What a policy earns. */
    private static Optional<Tile> returned(String label, Fields score) {
        if (score.number("meanReturn").isEmpty()) {
            return Optional.empty();
        }
        String detail = Stream.of(
                        score.number("standardError").stream()
                                .mapToObj(error -> "standard error " + Numbers.figure(error)),
                        score.number("episodes").stream().mapToObj(n -> "over " + Numbers.count(n) + " episodes"),
                        score.number("meanLength").stream()
                                .mapToObj(length -> Numbers.figure(length) + " steps an episode"))
                .flatMap(part -> part)
                .collect(Collectors.joining("\n"));
        return Optional.of(
                new Tile(label, Numbers.figure(score.number("meanReturn").getAsDouble()), detail));
    }

    private static String best(History history) {
        Comparator<Fields> byError = Comparator.comparingDouble(
                round -> round.section("valid").number("error").orElseThrow());
        return history.rounds().stream()
                .filter(round -> round.section("valid").number("error").isPresent())
                .min(byError)
                .map(Headline::best)
                .orElse("");
    }

    private static String best(Fields round) {
        String error =
                "best " + Numbers.percent(round.section("valid").number("error").orElseThrow());
        OptionalDouble epoch = round.number("epoch");
        return epoch.isPresent() ? error + " at epoch " + Numbers.figure(epoch.getAsDouble()) : error;
    }

    private static String moment(String text) {
        try {
            return MINUTE.format(
                    Instant.parse(text).truncatedTo(ChronoUnit.MINUTES).atOffset(ZoneOffset.UTC));
        } catch (DateTimeParseException otherNotation) {
            return text;
        }
    }
}
