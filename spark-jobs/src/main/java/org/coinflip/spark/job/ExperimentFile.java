package org.coinflip.spark.job;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.Path;
import org.coinflip.data.source.file.StoredBytes;
import org.coinflip.model.error.UsageException;
import org.coinflip.spark.output.HadoopConfiguration;
import org.coinflip.spark.output.Reason;

/** An experiment file of this machine, or with a scheme ({@code hdfs://…}) of any Hadoop file system; {@code include} is for local ones. */
final class ExperimentFile {
    private ExperimentFile() {}

    static Config parse(String written) {
        if (!written.matches("\\w[\\w+.-]*:/.*")) {
            File file = new File(written);
            if (!file.isFile()) {
                throw missing(written, null);
            }
            // of a file without a folder before its name, what it includes would not be looked for, and left out in
            // silence
            return ConfigFactory.parseFile(file.getAbsoluteFile());
        }
        try {
            Path path = StoredBytes.path(written);
            try (InputStream in =
                    path.getFileSystem(HadoopConfiguration.ofDriver()).open(path)) {
                return ConfigFactory.parseReader(
                        new InputStreamReader(in, StandardCharsets.UTF_8),
                        ConfigParseOptions.defaults().setOriginDescription(written));
            }
        } catch (FileNotFoundException e) {
            throw missing(written, e);
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException(
                    "--conf " + written + " cannot be read (" + Reason.of(e)
                            + "), expected an experiment file: look at its permissions, or name another",
                    e);
        }
    }

    private static UsageException missing(String written, Exception cause) {
        return new UsageException("--conf: got " + written + ", expected an experiment file that exists", cause);
    }
}
