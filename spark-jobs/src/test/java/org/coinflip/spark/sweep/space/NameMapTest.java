package org.coinflip.spark.sweep.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NameMapTest {
    @Test
    void isTheTreeOfTheSameEntries() {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            Map<String, Integer> map = new HashMap<>();
            for (int n = random.nextInt(12); n > 0; n--) {
                map.put(name(random), random.nextInt());
            }
            check(map, name(random));
        }
    }

    private static String name(Random random) {
        return random.nextBoolean() ? "layers." + random.nextInt(20) : Integer.toString(random.nextInt(), 36);
    }

    private static void check(Map<String, Integer> map, String other) {
        Map<String, Integer> names = NameMap.of(map);
        TreeMap<String, Integer> tree = new TreeMap<>(map);
        assertEquals(tree, names);
        assertEquals(names, tree);
        assertEquals(tree.hashCode(), names.hashCode());
        assertEquals(List.copyOf(tree.entrySet()), List.copyOf(names.entrySet()));
        tree.forEach((name, value) -> assertSame(value, names.get(name)));
        assertEquals(List.copyOf(tree.keySet()), List.copyOf(names.keySet()));
        assertEquals(tree.containsKey(other), names.containsKey(other));
        assertEquals(tree.get(other), names.get(other));
        assertThrows(UnsupportedOperationException.class, () -> names.put(other, 1));
        assertTrue(map.isEmpty() || NameMap.of(names) == names);
    }
}
