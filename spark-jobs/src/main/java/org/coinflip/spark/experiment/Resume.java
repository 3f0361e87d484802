package org.coinflip.spark.experiment;

import org.coinflip.model.settings.Section;

/**
 * The key {@code resume}: whether a training goes on in an output that is there, and from which checkpoint.
 *
 * @param written {@code false}, {@code true} for the latest, or a checkpoint's name
 */
public record Resume(String written) {
    static Resume read(Section root) {
        String written = root.text("resume", "false");
        if (!written.matches("false|true|round-\\d{8,10}")) {
            throw root.wrong("resume", "false, true, or the name of a checkpoint, such as round-00000100");
        }
        return new Resume(written);
    }

    public boolean isAsked() {
        return !written.equals("false");
    }

    /** Whether it is the latest that is asked for. */
    public boolean isLatest() {
        return written.equals("true");
    }
}
