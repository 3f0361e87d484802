import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.coinflip.Scorer;

/**
 * Predictions of every model in a folder for the examples of a file, by the means, thresholds and draws of its units. Run from its source by
 * {@code java -cp scoring.jar ScoreAll.java FOLDER FEATURES}, so that nothing else is on the class path.
 */
final class ScoreAll {
    private ScoreAll() {}

    public static void main(String[] arguments) throws IOException {
        List<Path> models;
        try (var entries = Files.list(Path.of(arguments[0]))) {
            models = entries.sorted().toList();
        }
        List<String> lines = Files.readAllLines(Path.of(arguments[1]));
        for (Path model : models) {
            Scorer scorer = Scorer.load(model);
            write(model.resolve("means"), scorer.withMeans(), lines);
            write(model.resolve("thresholds"), scorer.withThresholds(), lines);
            write(model.resolve("draws"), scorer.withDraws(5), lines);
        }
    }

    private static void write(Path to, Scorer scorer, List<String> lines) throws IOException {
        List<String> predictions = new ArrayList<>();
        float[] features = new float[scorer.inputs()];
        float[] prediction = new float[scorer.outputs()];
        for (int i = 0; i < lines.size(); i++) {
            String[] texts = lines.get(i).split(",");
            for (int j = 0; j < features.length; j++) {
                features[j] = Float.parseFloat(texts[j]);
            }
            scorer.predict(i, features, prediction);
            predictions.add(Arrays.toString(prediction));
        }
        Files.write(to, predictions, StandardCharsets.UTF_8);
    }
}
