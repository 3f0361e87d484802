package org.coinflip.spark.averaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.coinflip.spark.round.Slice;
import org.junit.jupiter.api.Test;

class TorusTest {
    @Test
    void sidesMultiplyToTheNumberOfProcesses() {
        for (int processes = 1; processes <= 1200; processes++) {
            Torus torus = Torus.of(processes);
            assertEquals(processes, torus.sides().stream().reduce(1, (a, b) -> a * b));
            assertTrue(torus.messages() <= Math.max(0, processes - 1));
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
        for (int process = 0; process < 24; process++) {
            Set<Integer> all = new HashSet<>();
            for (int i = 0; i < torus.dimensions(); i++) {
                List<Integer> peers = torus.peers(process, i);
                assertEquals(torus.side(i) - 1, peers.size());
                for (int peer : peers) {
                    assertTrue(peer >= 0 && peer < 24 && peer != process && all.add(peer));
                    assertTrue(torus.peers(peer, i).contains(process));
                    for (int k = 0; k < torus.dimensions(); k++) {
                        assertEquals(k != i, torus.coordinate(process, k) == torus.coordinate(peer, k));
                    }
                }
            }
        }
    }

    /** After each side the slices of its processes are what they had together; after all every number is someone's. */
    @Test
    void slicesAreParted() {
        Torus torus = new Torus(List.of(5, 3));
        for (int length : new int[] {0, 1, 16, 17, 239, 240, 10_007}) {
            int[] owners = new int[length];
            for (int process = 0; process < 15; process++) {
                for (int i = 0; i < torus.dimensions(); i++) {
                    int together = torus.slice(process, i + 1, length).count();
                    for (int peer : torus.peers(process, i)) {
                        together += torus.slice(peer, i + 1, length).count();
                    }
                    assertEquals(torus.slice(process, i, length).count(), together);
                }
                Slice last = torus.slice(process, 2, length);
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
