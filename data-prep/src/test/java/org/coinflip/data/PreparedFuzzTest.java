package org.coinflip.data;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.coinflip.data.parquet.ExampleFileReader;
import org.coinflip.model.storage.Sealed;

/**
 * Whatever is in a manifest or a shard of prepared data, it is read, or refused in one line, as {@link SourceFuzzTest} has it of other files.
 */
class PreparedFuzzTest {
    private static final Configuration CONF = new Configuration();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static ReadOrRefused reading;
    private static byte[] manifest;
    private static byte[] manifestOfLists;
    private static byte[] shard;
    private static byte[] shardOfFloats;
    private static byte[] shardOfLists;
    private static Description ofBytes;
    private static Description ofFloats;
    private static Description ofLists;

    @BeforeContainer
    static void makeFiles() throws IOException {
        reading = new ReadOrRefused();
        Path made = Files.createTempDirectory("fuzz");
        IdxBytes.write(made, "images", SeedCorpus.images());
        IdxBytes.write(made, "floats", SeedCorpus.floats());
        IdxBytes.write(made, "labels", SeedCorpus.labels());
        ofBytes = prepare(made, "images");
        shard = Files.readAllBytes(made.resolve("images-out/train/part-00000.parquet"));
        ofFloats = prepare(made, "floats");
        shardOfFloats = Files.readAllBytes(made.resolve("floats-out/train/part-00000.parquet"));
        manifest = Files.readAllBytes(made.resolve("floats-out/manifest.json"));
        DataSpec lists = Specs.of("source = libsvm, features = 40, path = \""
                + IdxBytes.write(made, "lists", SeedCorpus.libsvm()) + "\"");
        ofLists = Preparation.prepare(lists, made.resolve("lists-out").toString(), 1, false, CONF);
        shardOfLists = Files.readAllBytes(made.resolve("lists-out/train/part-00000.parquet"));
        manifestOfLists = Files.readAllBytes(made.resolve("lists-out/manifest.json"));
        assertTrue(FileUtil.fullyDelete(made.toFile()));
    }

    private static Description prepare(Path made, String name) {
        DataSpec spec = Specs.of(
                "source = idx, images = \"" + made.resolve(name) + "\", labels = \"" + made.resolve("labels") + "\"");
        return Preparation.prepare(spec, made.resolve(name + "-out").toString(), 1, false, CONF);
    }

    @AfterContainer
    static void end() {
        reading.close();
    }

    /** Every second time sealed anew, as who writes manifests by other means would. */
    @Property(seed = "5", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void manifestsAreReadOrRefused(
            @ForAll("edits") List<Edit> edits, @ForAll boolean isSealed, @ForAll boolean areLists) {
        byte[] changed = Edit.all(areLists ? manifestOfLists : manifest, edits);
        reading.tried(() -> Manifest.of("manifest.json", isSealed ? sealed(changed) : changed)
                .toJson());
    }

    /** What is decoded is what the checksum in the manifest is of: here of the changed file. */
    @Property(seed = "6", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void shardsAreReadOrRefused(@ForAll("edits") List<Edit> edits, @ForAll boolean areFloats) {
        byte[] changed = Edit.all(areFloats ? shardOfFloats : shard, edits);
        Description says = areFloats ? ofFloats : ofBytes;
        reading.tried(
                () -> ExampleFileReader.read("part", changed, says.width(), says.classes(), says.transformation()));
    }

    @Property(seed = "11", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    void shardsOfListsAreReadOrRefused(@ForAll("edits") List<Edit> edits) {
        byte[] changed = Edit.all(shardOfLists, edits);
        reading.tried(() ->
                ExampleFileReader.read("part", changed, ofLists.width(), ofLists.classes(), ofLists.transformation()));
    }

    @Provide
    Arbitrary<List<Edit>> edits() {
        return Edit.several();
    }

    private static byte[] sealed(byte[] changed) {
        try {
            JsonNode tree = JSON.readTree(changed);
            return tree instanceof ObjectNode fields ? JSON.writeValueAsBytes(Sealed.seal(fields)) : changed;
        } catch (IOException e) {
            return changed;
        }
    }
}
