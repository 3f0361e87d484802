/** What a source was read into: examples before splitting and scaling, their labels and classes, the keys that they are split by. */
package org.coinflip.data.raw;
