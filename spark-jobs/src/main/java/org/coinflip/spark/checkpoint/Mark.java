package org.coinflip.spark.checkpoint;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/**
 * What says that a checkpoint is whole: the small file that is written when the checkpoint is, {@code round-00000100.json} beside {@code
 * round-00000100.bin}.
 *
 * @param round rounds done
 * @param score of the validation split at that round, less being better; NaN where none was looked at
 * @param sha256 that the checkpoint ends with
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Mark(
        @JsonProperty("round") int round, @JsonProperty("score") double score, @JsonProperty("sha256") String sha256) {
    static String name(int round) {
        return String.format(Locale.ROOT, "round-%08d", round);
    }

    String name() {
        return name(round);
    }
}
