/** Layers: their specifications and the stages that compute them. To add one, add its class and a line in {@code Layers}. */
package org.coinflip.model.layer;
