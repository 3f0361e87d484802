/** Unit laws: how a stochastic unit's output is drawn from its pre-activation. To add one, add its class and a line in {@code UnitLaws}. */
package org.coinflip.model.unit;
