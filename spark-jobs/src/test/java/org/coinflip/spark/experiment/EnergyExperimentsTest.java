package org.coinflip.spark.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.File;
import java.util.Collections;
import org.coinflip.model.network.Network;
import org.coinflip.model.network.NetworkSpec;
import org.coinflip.model.settings.Section;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The experiment files of arXiv 1510.02777. */
class EnergyExperimentsTest {
    @ParameterizedTest
    @ValueSource(strings = {"1", "1-noise", "1-softmax", "2", "2-softmax", "3"})
    void hiddenLayersAreOf500AndWhatIsWrittenReadsBack(String name) {
        int layers = Integer.parseInt(name.substring(0, 1));
        Config file = ConfigFactory.parseFile(new File("../conf/papers/1510.02777/mnist-" + name + ".conf"));
        NetworkSpec spec = Experiment.read(file.resolve()).networkSpec(784);
        assertEquals(Collections.nCopies(layers, 500), spec.top().write().get("hidden"));
        assertEquals(
                785 * 500 + (layers - 1) * 501 * 500 + 501 * 10,
                new Network(spec).layout().parameters());
        assertEquals(spec, NetworkSpec.read(Section.root(spec.write())));
    }
}
