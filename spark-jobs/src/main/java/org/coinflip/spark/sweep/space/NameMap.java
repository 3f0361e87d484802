package org.coinflip.spark.sweep.space;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A map of a few names that is not modified, in the order of the names, in two arrays: a sweep of a hundred thousand trials has three maps a trial, and as trees they are most of its memory.
 */
public final class NameMap<V> extends AbstractMap<String, V> {
    private final String[] names;
    private final Object[] values;

    private NameMap(Map<String, V> map) {
        Map<String, V> sorted = new TreeMap<>(map);
        // axes and metrics have the same names in all trials
        names = sorted.keySet().stream().map(String::intern).toArray(String[]::new);
        values = sorted.values().toArray();
    }

    /** A copy of a map; the map itself where it is one. */
    public static <V> Map<String, V> of(Map<String, V> map) {
        return map instanceof NameMap ? map : map.isEmpty() ? Map.of() : new NameMap<>(map);
    }

    @Override
    @SuppressWarnings("unchecked")
    public V get(Object name) {
        int at = name instanceof String text ? Arrays.binarySearch(names, text) : -1;
        return at < 0 ? null : (V) values[at];
    }

    @Override
    public boolean containsKey(Object name) {
        return name instanceof String text && Arrays.binarySearch(names, text) >= 0;
    }

    @Override
    public int size() {
        return names.length;
    }

    /** Made for each reader, and not kept, as {@link #entrySet}. */
    @Override
    public Set<String> keySet() {
        return Collections.unmodifiableSet(new LinkedHashSet<>(Arrays.asList(names)));
    }

    @Override
    public Set<Entry<String, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            @SuppressWarnings("unchecked")
            public Iterator<Entry<String, V>> iterator() {
                return IntStream.range(0, names.length)
                        .<Entry<String, V>>mapToObj(i -> new SimpleImmutableEntry<>(names[i], (V) values[i]))
                        .iterator();
            }

            @Override
            public int size() {
                return names.length;
            }
        };
    }
}
