package org.coinflip.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.coinflip.data.raw.ImageShape;
import org.coinflip.data.raw.SourceFile;
import org.coinflip.model.error.DataException;
import org.coinflip.model.storage.Sealed;
import org.coinflip.model.transform.Binarisation;
import org.coinflip.model.transform.Scaling;
import org.coinflip.model.transform.Transformation;
import org.junit.jupiter.api.Test;

class ManifestTest {
    private static final String PATH = "out/manifest.json";

    @Test
    void roundTripsEveryBitOfTheTransformation() {
        Manifest manifest = manifest(3);
        assertEquals(manifest, Manifest.of(PATH, manifest.toJson()));
    }

    @Test
    void writesWordsAsExperimentFilesDo() {
        String json = new String(manifest(3).toJson(), StandardCharsets.UTF_8);
        assertTrue(json.contains("\"train\"") && json.contains("\"standard\"") && json.contains("\"none\""), json);
    }

    @Test
    void overlooksWhatALaterMinorVersionAdds() {
        Manifest read = Manifest.of(PATH, edited("\"1.7\"", "\"1.7\", \"more\": {}"));
        assertEquals("1.7", read.formatVersion());
    }

    @Test
    void readsWhatWasWrittenBeforeThereWereProjectionsAndNames() throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode old = json.readTree(manifest(3).toJson());
        ((ObjectNode) old.at("/description/transformation/naming")).remove("names");
        ((ObjectNode) old.at("/description/image")).remove("planes");
        ((ObjectNode) old.at("/description")).remove("unused");
        ((ObjectNode) old).put("formatVersion", "1.2").remove(Sealed.FIELD);
        assertEquals(
                manifest(3).description(),
                Manifest.of(PATH, json.writeValueAsBytes(old)).description());
        ((ObjectNode) old.at("/description/transformation")).remove(List.of("projection", "naming"));
        ((ObjectNode) old).put("formatVersion", "1.1").remove(Sealed.FIELD);
        assertEquals(
                manifest(3).description(),
                Manifest.of(PATH, json.writeValueAsBytes(old)).description());
    }

    @Test
    void refusesAnotherMajorVersion() {
        OneLine.ofData(
                () -> Manifest.of(PATH, edited("\"1.7\"", "\"2.0\"")),
                "out/manifest.json: got format version 2.0, expected 1.x");
        OneLine.ofData(
                () -> Manifest.of(PATH, edited("formatVersion", "version")),
                "got format version nothing, expected 1.x");
        OneLine.ofData(
                () -> Manifest.of(PATH, edited("\"1.7\"", "\"2\\n" + "x".repeat(5000) + "\"")),
                "got format version 2?xxx");
    }

    @Test
    void refusesWhatIsGarbled() {
        String whole = new String(manifest(3).toJson(), StandardCharsets.UTF_8);
        OneLine.ofData(() -> Manifest.of(PATH, utf8(whole.substring(0, 200))), "out/manifest.json: is garbled");
        OneLine.ofData(() -> Manifest.of(PATH, edited("\"width\" : 2", "\"width\" : \"wide\"")), "is garbled", "wide");
        OneLine.ofData(() -> Manifest.of(PATH, edited("\"width\"", "\"girth\"")), "is garbled", "width");
        OneLine.ofData(
                () -> Manifest.of(PATH, edited("\"transformation\" : {", "\"transformation\" : null, \"x\" : {")),
                "is garbled",
                "transformation");
        OneLine.ofData(() -> Manifest.of(PATH, edited("\"standard\"", "\"sideways\"")), "is garbled", "sideways");
        OneLine.ofData(() -> Manifest.of(PATH, utf8("[]")), "got format version nothing");
        OneLine.ofData(() -> Manifest.of(PATH, utf8("null")), "got format version nothing");
        OneLine.ofData(() -> Manifest.of(PATH, utf8("  ")), "got format version nothing");
    }

    @Test
    void refusesEveryDigitThatChanged() {
        String whole = new String(manifest(3).toJson(), StandardCharsets.UTF_8);
        for (int place = 0; place < whole.length(); place++) {
            if (Character.isDigit(whole.charAt(place))) {
                char other = whole.charAt(place) == '9' ? '8' : (char) (whole.charAt(place) + 1);
                String changed = whole.substring(0, place) + other + whole.substring(place + 1);
                assertThrows(DataException.class, () -> Manifest.of(PATH, utf8(changed)));
            }
        }
        OneLine.ofData(
                () -> Manifest.of(PATH, utf8(whole.replaceFirst("(?s),\\s*\"sealSha256\".*\"", ""))),
                "is damaged (it has no sealSha256)");
    }

    @Test
    void refusesCountsThatContradictEachOther() {
        OneLine.ofData(
                () -> Manifest.of(PATH, manifest(4).toJson()),
                "contradicts itself: got 4 examples in the files and 3 in the histogram of split train, expected 3");
        OneLine.ofData(
                () -> Manifest.of(PATH, edited("\"width\" : 2", "\"width\" : 5")),
                "contradicts itself: got a transformation of 2 features, expected 5");
        OneLine.ofData(
                () -> Manifest.of(PATH, edited("\"test\"", "\"valid\"")), "contradicts itself: got no split test");
    }

    @Test
    void refusesFilesThatAreNotOfTheirSplit() {
        for (String other :
                new String[] {"", "../x", "valid/../../x", "valid/a:b", "test/part-00000.parquet", "/valid/x", "valid/"
                }) {
            OneLine.ofData(
                    () -> Manifest.of(PATH, edited("valid/part-00000.parquet", other)),
                    "contradicts itself: got a file \"" + other + "\" of split valid, expected one in valid/");
        }
    }

    /** Memory is asked for by what manifests say. */
    @Test
    void refusesSizesThatNoShardHas() throws IOException {
        ObjectMapper json = new ObjectMapper();
        for (String wrong : List.of("entries -1", "entries 7", "entries 4611686018427387904", "bytes -1")) {
            JsonNode tree = json.readTree(manifest(3).toJson());
            String[] change = wrong.split(" ");
            ((ObjectNode) tree.at("/shards/valid/0")).put(change[0], Long.parseLong(change[1]));
            byte[] changed = json.writeValueAsBytes(Sealed.seal(tree));
            OneLine.ofData(
                    () -> Manifest.of(PATH, changed),
                    "contradicts itself: got 3 examples, ",
                    change[1] + " " + change[0],
                    "of valid/part-00000.parquet, expected none below 0, and at most 2 entries an example");
        }
    }

    @Test
    void refusesAPictureOfAnotherWidth() throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode tree = json.readTree(manifest(3).toJson());
        ((ObjectNode) tree.at("/description/image"))
                .put("rows", 1)
                .put("columns", 1)
                .put("planes", 1);
        byte[] changed = json.writeValueAsBytes(Sealed.seal(tree));
        OneLine.ofData(
                () -> Manifest.of(PATH, changed),
                "contradicts itself: got a picture of 1 values, expected 2 as its width says");
    }

    private static Manifest manifest(int inFiles) {
        Transformation transformation = new Transformation(
                Scaling.STANDARD, Binarisation.NONE, List.of(1f / 3, Float.MIN_VALUE), List.of(-1e-30f, 16777218f));
        SplitDescription three = new SplitDescription(3, List.of(1, 2));
        Description description = new Description(
                "csv",
                2,
                2,
                ImageShape.NONE,
                Long.MIN_VALUE,
                Map.of(Split.TRAIN, three, Split.VALID, three, Split.TEST, three),
                List.of(new SourceFile("t.csv", 9, "ab")),
                transformation);
        return new Manifest(
                Manifest.VERSION,
                "message example {}",
                description,
                Map.of(
                        Split.TRAIN,
                        List.of(new ShardFile("train/part-00000.parquet", inFiles, 99, "cd", 0)),
                        Split.VALID,
                        List.of(new ShardFile("valid/part-00000.parquet", 3, 99, "cd", 0)),
                        Split.TEST,
                        List.of(new ShardFile("test/part-00000.parquet", 3, 99, "cd", 0))));
    }

    private static byte[] edited(String from, String to) {
        String json = new String(manifest(3).toJson(), StandardCharsets.UTF_8);
        assertTrue(json.contains(from), json);
        try {
            ObjectMapper mapper = new ObjectMapper();
            return mapper.writeValueAsBytes(Sealed.seal(mapper.readTree(json.replace(from, to))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
