package org.coinflip.spark.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The files that a page is made of, from the class path. */
final class Library {
    private static final String OWN = "/org/coinflip/spark/report/";
    /** The charts are uPlot's, MIT, in the version that the build names. */
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/";

    private Library() {}

    /** A file of this package. */
    static String own(String name) {
        return read(OWN + name);
    }

    static String uPlotStyle() {
        return read(UPLOT + "dist/uPlot.min.css");
    }

    /** uPlot with its licence before it, which a copy must carry. */
    static String uPlotScript() {
        return "/*!\n" + read(UPLOT + "LICENSE").strip() + "\n*/\n" + read(UPLOT + "dist/uPlot.iife.min.js");
    }

    private static String read(String path) {
        try (InputStream file = Library.class.getResourceAsStream(path)) {
            if (file == null) {
                throw new IllegalStateException(
                        path
                                + " is not on the class path: the report needs the resources of spark-jobs and the uPlot WebJar");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }
}
