/**
 * Typed, checked reading of experiment files. A key is declared where it is read, with its default and its range; what no one declared is refused with the nearest declared key. Begin at
 * {@link org.coinflip.model.settings.Section}. What keys are for is in {@code docs/reference.md}.
 */
package org.coinflip.model.settings;
