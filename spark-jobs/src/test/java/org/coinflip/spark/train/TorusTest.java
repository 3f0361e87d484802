package org.coinflip.spark.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TorusTest {
    @Test
    void sidesMultiplyToTheNumberOfCrews() {
        for (int crews = 1; crews <= 1200; crews++) {
            Torus torus = Torus.of(crews);
            assertEquals(crews, torus.sides().stream().reduce(1, (a, b) -> a * b));
            assertTrue(torus.messages() <= Math.max(0, crews - 1));
        }
        assertEquals(List.of(), Torus.of(1).sides());
        assertEquals(List.of(8), Torus.of(8).sides());
        assertEquals(List.of(4, 4), Torus.of(16).sides());
        assertEquals(List.of(997), Torus.of(997).sides());
        assertEquals(19, Torus.of(1000).messages());
    }

    @Test
    void peersDifferInOneCoordinateAndSeeEachOther() {
        Torus torus = new Torus(List.of(3, 2, 4));
        for (int crew = 0; crew < 24; crew++) {
            Set<Integer> all = new HashSet<>();
            for (int i = 0; i < torus.dimensions(); i++) {
                List<Integer> peers = torus.peers(crew, i);
                assertEquals(torus.side(i) - 1, peers.size());
                for (int peer : peers) {
                    assertTrue(peer >= 0 && peer < 24 && peer != crew && all.add(peer));
                    assertTrue(torus.peers(peer, i).contains(crew));
                    for (int k = 0; k < torus.dimensions(); k++) {
                        assertEquals(k != i, torus.coordinate(crew, k) == torus.coordinate(peer, k));
                    }
                }
            }
        }
    }

    /** After each side the slices of its crews are what they had together; after all every number is someone's. */
    @Test
    void slicesAreParted() {
        Torus torus = new Torus(List.of(5, 3));
        for (int length : new int[] {0, 1, 16, 17, 239, 240, 10_007}) {
            int[] owners = new int[length];
            for (int crew = 0; crew < 15; crew++) {
                for (int i = 0; i < torus.dimensions(); i++) {
                    int together = torus.slice(crew, i + 1, length).count();
                    for (int peer : torus.peers(crew, i)) {
                        together += torus.slice(peer, i + 1, length).count();
                    }
                    assertEquals(torus.slice(crew, i, length).count(), together);
                }
                Slice last = torus.slice(crew, 2, length);
                for (int k = last.from(); k < last.from() + last.count(); k++) {
                    owners[k]++;
                }
            }
            for (int owned : owners) {
                assertEquals(1, owned);
            }
        }
    }
}
