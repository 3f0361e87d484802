package org.coinflip.scoring;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.StringJoiner;
import org.coinflip.Scorer;
import org.coinflip.model.error.CoinflipException;
import org.coinflip.model.error.DataException;
import org.coinflip.model.error.UsageException;

/**
 * {@code java -jar scoring.jar MODEL [means|thresholds|draws=N]}: an example a line in, its features with commas between, and its prediction out, at
 * once, so that it serves in a pipe. An example's id, which draws are a function of, is the number of its line, from 0.
 *
 * <p>Ends with 0, or after one line on standard error with 2 (usage) or 3 (data).
 */
public final class ScoreLines {
    private static final String USAGE = "MODEL [means|thresholds|draws=N]";

    private ScoreLines() {}

    /** Runs the command line and exits with its code. */
    public static void main(String[] arguments) throws IOException {
        try {
            PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
            score(scorer(arguments), System.in, out);
        } catch (CoinflipException e) {
            System.err.println(e.getMessage());
            System.exit(e.exitCode());
        }
    }

    private static Scorer scorer(String[] arguments) {
        if (arguments.length < 1 || arguments.length > 2) {
            throw new UsageException("got " + arguments.length + " arguments, expected " + USAGE);
        }
        Scorer scorer = Scorer.load(Path.of(arguments[0]));
        String use = arguments.length == 1 ? "" : arguments[1];
        if (use.isEmpty()) {
            return scorer;
        }
        if (use.equals("means")) {
            return scorer.withMeans();
        }
        if (use.equals("thresholds")) {
            return scorer.withThresholds();
        }
        if (use.matches("draws=\\d{1,6}")) {
            return scorer.withDraws(Integer.parseInt(use.substring("draws=".length())));
        }
        throw new UsageException("got " + use + ", expected " + USAGE);
    }

    private static void score(Scorer scorer, InputStream in, PrintStream out) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        float[] features = new float[scorer.inputs()];
        float[] prediction = new float[scorer.outputs()];
        long number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            read(line, number, features);
            scorer.predict(number, features, prediction);
            StringJoiner written = new StringJoiner(",");
            for (float p : prediction) {
                written.add(Float.toString(p));
            }
            out.println(written);
            out.flush();
            number++;
        }
    }

    private static void read(String line, long number, float[] features) {
        String[] texts = line.split(",", -1);
        if (texts.length != features.length) {
            throw new DataException("line " + (number + 1) + ": got " + texts.length + " features, expected "
                    + features.length + ": give features as in the training's data, commas between");
        }
        for (int j = 0; j < texts.length; j++) {
            try {
                features[j] = Float.parseFloat(texts[j].strip());
            } catch (NumberFormatException e) {
                throw new DataException(
                        "line " + (number + 1) + ": got \"" + texts[j] + "\" for feature " + j + ", expected a number",
                        e);
            }
        }
    }
}
