package org.coinflip.spark.table;

import com.typesafe.config.ConfigFactory;
import org.apache.hadoop.conf.Configuration;
import org.coinflip.data.DataSpec;
import org.coinflip.data.Dataset;
import org.coinflip.model.settings.Section;

/** A section {@code data} as a user writes it, read and opened. */
final class DataSection {
    static final Configuration CONF = new Configuration();

    private DataSection() {}

    static DataSpec spec(String keys) {
        return DataSpec.read(
                Section.root(ConfigFactory.parseString("data { " + keys + " }")).section("data"));
    }

    static Dataset open(String keys) {
        return Dataset.open(spec(keys), CONF);
    }
}
