package org.coinflip.spark.report;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The document of a training. */
final class Page {
    private Page() {}

    /**
     * @param view the values of the template but for the charts; not modified
     * @param charts in the order to show them
     * @param histograms of the stochastic layers, which come after the charts
     */
    static String render(Map<String, Object> view, List<Chart> charts, List<Chart> histograms) {
        Map<String, Object> whole = new HashMap<>(view);
        whole.put("charts", charts);
        whole.put("histograms", histograms);
        whole.put("hasHistograms", !histograms.isEmpty());
        List<Chart.Drawing> drawings = Stream.concat(charts.stream(), histograms.stream())
                .map(Chart::drawing)
                .toList();
        return Document.render(Library.own("report.html"), whole, drawings, "", Library.own("report.js"));
    }
}
