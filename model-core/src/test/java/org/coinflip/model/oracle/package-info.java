/** Independent routes to what the engine computes: expectations by enumeration in double precision, and means of many draws. */
package org.coinflip.model.oracle;
