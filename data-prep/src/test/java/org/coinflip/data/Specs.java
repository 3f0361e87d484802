package org.coinflip.data;

import com.typesafe.config.ConfigFactory;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.raw.RawExamples;
import org.coinflip.data.source.RawSource;
import org.coinflip.model.settings.Section;

/** Sections {@code data { … }} as they are written in an experiment file. */
public final class Specs {
    private Specs() {}

    public static DataSpec of(String... lines) {
        return DataSpec.read(section(lines));
    }

    /** What a source reads, before it is split. */
    static RawExamples raw(String section) {
        return ((RawSource) of(section).source()).read(new Configuration()).development();
    }

    public static Section section(String... lines) {
        return Section.root(ConfigFactory.parseString("data {\n" + String.join("\n", lines) + "\n}"))
                .section("data");
    }
}
