package org.coinflip.spark.league;

import org.coinflip.model.settings.Range;
import org.coinflip.model.settings.Section;

/**
 * A published number, for readers to set beside a table's.
 *
 * @param units name of the table's units
 * @param estimator as the table calls it, or any other name
 * @param value in the table's unit
 * @param source who published it, under which protocol, and how it is known
 */
record Published(String units, String estimator, double value, String source) {
    static Published read(Section section) {
        Published published = new Published(
                section.text("units"),
                section.text("estimator"),
                section.number("value", Range.FINITE),
                section.text("source"));
        section.finish();
        return published;
    }
}
