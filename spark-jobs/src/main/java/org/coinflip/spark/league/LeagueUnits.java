package org.coinflip.spark.league;

import com.typesafe.config.ConfigFactory;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.coinflip.model.settings.Section;
import org.coinflip.model.unit.Bernoulli;
import org.coinflip.model.unit.Categorical;
import org.coinflip.model.unit.Poisson;
import org.coinflip.model.unit.UnitLaw;
import org.coinflip.model.unit.UnitLaws;

/**
 * What a table's stochastic units are.
 *
 * @param name {@code binary}, {@code K-ary} or {@code counts}
 * @param keys of their law, as experiment files write it
 */
record LeagueUnits(String name, Map<String, Object> keys) {
    private static final Pattern CATEGORICAL = Pattern.compile("([1-9]\\d{0,3})-ary");
    private static final String BINARY = "binary";
    private static final String COUNTS = "counts";

    /** Bernoulli, categorical and Poisson units by the names of a list. */
    static LeagueUnits of(Section section, String key, String name) {
        Matcher categorical = CATEGORICAL.matcher(name);
        if (name.equals(BINARY)) {
            return new LeagueUnits(name, Map.of("type", Bernoulli.TYPE));
        }
        if (name.equals(COUNTS)) {
            return new LeagueUnits(name, Map.of("type", Poisson.TYPE));
        }
        if (categorical.matches() && Integer.parseInt(categorical.group(1)) > 1) {
            return new LeagueUnits(
                    name, Map.of("type", Categorical.TYPE, "categories", Integer.parseInt(categorical.group(1))));
        }
        throw section.wrong(key, "units by name: binary, counts, or K-ary with K of at least 2, such as 4-ary");
    }

    UnitLaw law() {
        return UnitLaws.read(Section.root(ConfigFactory.parseMap(keys)));
    }
}
