package org.coinflip.spark.report;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.coinflip.spark.report.chart.Chart;

/** The document of a training. */
final class Page {
    private Page() {}

    /**
     * @param view the values of the template but for the charts; not modified
     * @param charts in the order to show them
     * @param measures of the examples that were tested, without any for none
     * @param labels what classes are called; empty for their numbers
     * @param histograms of the stochastic layers, which come after the charts
     */
    static String render(
            Map<String, Object> view, List<Chart> charts, Fields measures, List<?> labels, List<Chart> histograms) {
        Map<String, Object> whole = new HashMap<>(view);
        whole.put("charts", charts);
        List<Chart> measured = MeasureCharts.of(measures);
        List<MeasureTable.Row> rows = MeasureTable.of(measures.values());
        whole.put("hasCharts", !charts.isEmpty());
        whole.put("hasMeasures", !rows.isEmpty());
        whole.put("hasTested", view.get("hasTested").equals(true) || !rows.isEmpty());
        whole.put("hasMeasureCharts", !measured.isEmpty());
        whole.put("measureRows", rows);
        whole.put("measureCharts", measured);
        ClassTable.of(measures, labels).ifPresent(table -> whole.put("classes", table));
        whole.put("histograms", histograms);
        whole.put("hasHistograms", !histograms.isEmpty());
        // in the order of their figures in the page
        List<Chart.Drawing> drawings = Stream.of(charts, measured, histograms)
                .flatMap(List::stream)
                .map(Chart::drawing)
                .toList();
        return Document.render(Library.own("report.html"), whole, drawings, "", Library.own("report.js"));
    }
}
