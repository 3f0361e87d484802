package org.coinflip.spark.sweep.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.coinflip.spark.sweep.result.Front;
import org.coinflip.spark.sweep.result.Objective;
import org.coinflip.spark.sweep.result.Ranking;

/** Means of all ranked configurations in all objectives, and which of them are on the front. */
final class FrontDrawing {
    private static final int MOST_POINTS = 2000;

    private FrontDrawing() {}

    /** The data of the picture; null with one objective. */
    static Map<String, Object> of(Front front, Ranking ranking) {
        if (front == null || ranking.ranked().isEmpty()) {
            return null;
        }
        Set<Integer> members = front.members().stream()
                .map(member -> member.ranked().configuration())
                .collect(Collectors.toSet());
        List<Ranking.Ranked> ranked = ranking.ranked();
        int step = Math.max(1, (ranked.size() + MOST_POINTS - 1) / MOST_POINTS);
        List<List<Object>> points = new ArrayList<>();
        for (int i = 0; i < ranked.size(); i++) {
            boolean onFront = members.contains(ranked.get(i).configuration());
            if (onFront || i % step == 0) {
                points.add(point(ranked.get(i), front.objectives(), onFront));
            }
        }
        Map<String, Object> data = new LinkedHashMap<>();
        data.put(
                "objectives", front.objectives().stream().map(Objective::metric).toList());
        data.put(
                "maximised",
                front.objectives().stream().map(Objective::maximised).toList());
        data.put(
                "ranges",
                front.objectives().stream().map(one -> range(one, ranked)).toList());
        data.put("of", ranked.size());
        data.put("points", points);
        return data;
    }

    private static Map<String, Object> range(Objective objective, List<Ranking.Ranked> ranked) {
        AxisRange range = AxisRange.of(
                ranked.stream().mapToDouble(one -> one.mean(objective.metric())).toArray(), objective.maximised());
        return range == null ? null : range.asMap();
    }

    /** The configuration, 1 on the front and 0 beside it, and the means. */
    private static List<Object> point(Ranking.Ranked ranked, List<Objective> objectives, boolean onFront) {
        List<Object> point = new ArrayList<>(List.of(ranked.configuration(), onFront ? 1 : 0));
        objectives.forEach(objective -> point.add(Rounded.of(ranked.mean(objective.metric()))));
        return point;
    }
}
