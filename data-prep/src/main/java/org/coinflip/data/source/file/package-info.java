/** Files of sources as bytes: checked, unpacked, listed; pictures, arrays and headers in them. What they mean as examples the sources say. */
package org.coinflip.data.source.file;
