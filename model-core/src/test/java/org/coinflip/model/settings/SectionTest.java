package org.coinflip.model.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.coinflip.model.error.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SectionTest {
    private enum Colour {
        DEEP_RED,
        BLUE
    }

    private static Section section(String hocon) {
        return Section.root(ConfigFactory.parseString(hocon));
    }

    private static void refuses(String message, Executable reading) {
        assertEquals(message, assertThrows(UsageException.class, reading).getMessage());
    }

    @Test
    void readsWhatIsThereAndElseTheDefault() {
        Section section =
                section("a = 3, b = 0.5, c = yes, d = text, e = [1, 2.5], f = deep-red, big = 9007199254740993");
        assertEquals(3, section.integer("a", 7, 0, 10));
        assertEquals(7, section.integer("z", 7, 0, 10));
        assertEquals(0.5, section.number("b", 1, Range.UNIT));
        assertEquals(1, section.number("z", 1, Range.UNIT));
        assertTrue(section.flag("c", false));
        assertEquals("text", section.text("d"));
        assertEquals(List.of(1.0, 2.5), section.numbers("e", List.of()));
        assertEquals(Colour.DEEP_RED, section.choice("f", Colour.BLUE));
        assertEquals(Colour.BLUE, section.choice("z", Colour.BLUE));
        assertEquals(9007199254740993L, section.wholeNumber("big", 0));
        section.finish();
    }

    @Test
    void namesThePathTheValueAndWhatWasExpected() {
        Section section =
                section("outer { a = 11, b = x, c = 2, f = blu, g = 1 }").section("outer");
        refuses("outer.a: got 11, expected from 0 to 10", () -> section.integer("a", 0, 10));
        refuses("outer.a: got 11, expected at least 12", () -> section.integer("a", 12, Integer.MAX_VALUE));
        refuses("outer.b: got \"x\", expected a whole number", () -> section.integer("b", 0, 10));
        refuses("outer.b: got \"x\", expected a number", () -> section.number("b", Range.UNIT));
        refuses("outer.c: got 2, expected a number in [0, 1]", () -> section.number("c", Range.UNIT));
        refuses("outer.z: got nothing, expected text", () -> section.text("z"));
        refuses("outer.b: got \"x\", expected true or false", () -> section.flag("b", true));
        refuses("outer.g: got 1, expected a section { … }", () -> section.section("g"));
        refuses("outer.g: got 1, expected a list of sections [ { … }, … ]", () -> section.sections("g"));
        refuses(
                "outer.f: got \"blu\", expected one of deep-red, blue; did you mean blue?",
                () -> section.choice("f", Colour.BLUE));
    }

    /** A number that cannot be held as it is written is never held as another. */
    @Test
    void numbersAreTakenAsWrittenOrRefused() {
        Section section = Section.root(
                ConfigFactory.parseString(
                        "a = 1.5, b = 1e30, c = \"9223372036854775808\", d = 1e3, e = 2.0, f = \"7d\", g = \"0x1p3\", h = [1, \"2f\"]"));
        refuses("a: got 1.5, expected a whole number of 64 bits", () -> section.wholeNumber("a", 0));
        refuses("b: got 1.0E30, expected a whole number of 64 bits", () -> section.wholeNumber("b", 0));
        refuses(
                "c: got \"9223372036854775808\", expected a whole number of 64 bits",
                () -> section.wholeNumber("c", 0));
        assertEquals(1000, section.wholeNumber("d", 0));
        assertEquals(2, section.integer("e", 0, 10));
        refuses("f: got \"7d\", expected a number", () -> section.number("f", Range.POSITIVE));
        refuses("f: got \"7d\", expected a whole number", () -> section.integer("f", 0, 10));
        refuses("g: got \"0x1p3\", expected a number", () -> section.number("g", Range.POSITIVE));
        refuses("h[1]: got 2f, expected a finite number", () -> section.numbers("h", List.of()));
    }

    @Test
    void refusesUnknownKeysWithTheNearestKnownOne() {
        Section section = section("learning-rat = 1");
        section.number("learning-rate", 1, Range.POSITIVE);
        section.number("momentum", 0, Range.UNIT);
        refuses(
                "learning-rat: unknown key; did you mean learning-rate?; known here: learning-rate, momentum",
                section::finish);
        Section far = section("qqqqqqqq = 1").allow("epochs");
        refuses("qqqqqqqq: unknown key; known here: epochs", far::finish);
    }

    @Test
    void aTypeAloneIsASectionOfIt() {
        Section law = section("law = bernoulli").typed("law", "other");
        assertEquals("bernoulli", law.text("type"));
        assertEquals("law.ratio", law.path("ratio"));
        assertEquals("other", section("law { ratio = 1 }").typed("law", "other").text("type"));
        assertEquals("other", section("").typed("law", "other").text("type"));
        assertFalse(section("").typed("law", null).has("type"));
    }

    @Test
    void listsAreNumbered() {
        List<Section> sections = section("layers = [{ a = 1 }, { a = 2 }]").sections("layers");
        assertEquals(2, sections.size());
        assertEquals("layers[1].a", sections.get(1).path("a"));
        assertEquals(List.of(), section("").sections("layers"));
    }

    @Test
    void keysMayHaveDots() {
        Section section = section("\"a.b\" = 4");
        assertEquals(4, section.integer("a.b", 0, 10));
        section.finish();
    }

    /** Hears what is declared, as "path: kind, range or names, default, value". */
    private static List<String> heard(String hocon, Consumer<Section> reading) {
        List<String> heard = new ArrayList<>();
        reading.accept(Section.root(ConfigFactory.parseString(hocon), new DeclarationObserver() {
            @Override
            public void declared(Declaration declaration) {
                heard.add(declaration.section() + "." + declaration.key() + ": " + declaration.kind() + " "
                        + declaration.range() + " " + declaration.names() + " "
                        + declaration.byDefault().orElse("-") + " "
                        + declaration.value().map(String::valueOf).orElse("-"));
            }

            @Override
            public void finished(String section) {
                heard.add(section + " finished");
            }
        }));
        return heard;
    }

    @Test
    void whatIsReadIsHeard() {
        assertEquals(
                List.of(
                        ".a: WHOLE_NUMBER a number in [0, 10] [] 7 3",
                        ".b: NUMBER a number in (0, 1) [] 0.001 -",
                        ".c: NAME a finite number [deep-red, blue] blue -",
                        ".d: NUMBERS a finite number [] [1, 2.5] -",
                        ".e: WHOLE_NUMBER a number in [1, ∞) [] - -",
                        ".f: TYPED_SECTION a finite number [] round -",
                        "f.type: NAME a finite number [round, square] round round",
                        "f finished",
                        ".g: SECTIONS a finite number [] - [{x=1}]",
                        "g[0].x: TEXT a finite number [] - 1",
                        " finished"),
                heard("a = 3, g = [{ x = 1 }]", root -> {
                    root.integer("a", 7, 0, 10);
                    root.number("b", 1e-3, Range.FRACTION);
                    root.choice("c", Colour.BLUE);
                    root.numbers("d", List.of(1.0, 2.5));
                    root.optionalInteger("e", 1, Integer.MAX_VALUE);
                    Section typed = root.typed("f", "round");
                    typed.named("type", "a shape", List.of("round", "square"));
                    typed.finish();
                    root.sections("g").get(0).text("x");
                    root.finish();
                }));
    }

    /** Also what is refused: it was declared before. */
    @Test
    void whatIsRefusedIsHeard() {
        assertEquals(
                List.of(".a: NUMBER a number in [0, 1] [] - -"),
                heard("", root -> refuses("a: got nothing, expected a number", () -> root.number("a", Range.UNIT))));
    }

    @Test
    void whatMayBeLeftOutIsEmpty() {
        Section section = section("a = 3, b = 9007199254740993, c = text, d = auto, e = deep-red");
        assertEquals(OptionalInt.of(3), section.optionalInteger("a", 0, 10));
        assertEquals(OptionalInt.empty(), section.optionalInteger("z", 0, 10));
        assertEquals(OptionalLong.of(9007199254740993L), section.optionalWholeNumber("b"));
        assertEquals(OptionalLong.empty(), section.optionalWholeNumber("z"));
        assertEquals(Optional.of("text"), section.optionalText("c"));
        assertEquals(Optional.empty(), section.optionalText("z"));
        assertEquals(Optional.empty(), section.optionalChoice("z", Colour.class));
        assertEquals(Optional.of(Colour.DEEP_RED), section.optionalChoice("e", Colour.class));
        assertTrue(section.is("d", "auto"));
        assertFalse(section.is("a", "auto") || section.is("z", "auto"));
        section.finish();
        refuses("a: got 3, expected from 5 to 6", () -> section.optionalInteger("a", 5, 6));
    }

    @Test
    void namesAreChecked() {
        Section section = section("a = rond");
        refuses(
                "a: got \"rond\", expected a shape, one of round, square; did you mean round?",
                () -> section.named("a", "a shape", List.of("round", "square")));
        refuses(
                "z: got nothing, expected a shape, one of round, square",
                () -> section.named("z", "a shape", List.of("round", "square")));
        assertEquals("square", section.named("z", "a shape", List.of("round", "square"), "square"));
    }

    @Test
    void rangesKnowTheirEnds() {
        assertTrue(Range.UNIT.contains(0) && Range.UNIT.contains(1));
        assertFalse(Range.FRACTION.contains(0) || Range.FRACTION.contains(1));
        assertTrue(Range.BELOW_ONE.contains(0) && !Range.BELOW_ONE.contains(1));
        assertTrue(Range.UP_TO_ONE.contains(1) && !Range.UP_TO_ONE.contains(0));
        assertTrue(Range.NOT_NEGATIVE.contains(0) && !Range.NOT_NEGATIVE.contains(Double.POSITIVE_INFINITY));
        assertFalse(Range.POSITIVE.contains(0) || Range.POSITIVE.contains(Double.NaN));
        assertFalse(Range.FINITE.contains(Double.NEGATIVE_INFINITY) || Range.FINITE.contains(Double.NaN));
        assertEquals("a number in (0, ∞)", Range.POSITIVE.toString());
        assertEquals("a number in [0.5, 2)", new Range(0.5, true, 2, false).toString());
        assertEquals("a finite number", Range.FINITE.toString());
    }
}
