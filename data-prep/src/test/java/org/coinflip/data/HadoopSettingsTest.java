package org.coinflip.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class HadoopSettingsTest {
    @Test
    void carriesWhatIsSetAndNotHadoopsDefaults() {
        Configuration conf = new Configuration();
        conf.set("fs.defaultFS", "hdfs://host");
        conf.set("coinflip.own", "x");
        Map<String, String> settings = HadoopSettings.of(conf);
        assertEquals("hdfs://host", settings.get("fs.defaultFS"));
        assertEquals("x", settings.get("coinflip.own"));
        assertTrue(settings.size() < 20, settings.toString());
        assertEquals("hdfs://host", HadoopSettings.configuration(settings).get("fs.defaultFS"));
    }
}
