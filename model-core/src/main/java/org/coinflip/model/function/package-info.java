/**
 * Known functions of the units of a row, for studies: losses whose expectation and gradient are known by other means than training. To
 * add one, add its class and a line in {@code UnitFunctions}.
 */
package org.coinflip.model.function;
