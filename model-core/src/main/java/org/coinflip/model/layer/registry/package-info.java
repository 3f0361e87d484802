/** All layers by the names that experiment files use: {@link org.coinflip.model.layer.registry.Layers}. */
package org.coinflip.model.layer.registry;
