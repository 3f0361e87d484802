/**
 * Rows of tables as examples: which column is the label, an id, a weight, a category; how cells become features; missing values.
 *
 * <p>Begin at {@link org.coinflip.data.table.ColumnRules}, the section's keys; {@code ColumnPlan} resolves them against one table's columns. {@link org.coinflip.data.table.TableRows} takes the rows of a part of the table, which may lie on another machine,
 * and {@link org.coinflip.data.table.FeatureEncoder} puts the parts together. Files are opened in {@link org.coinflip.data.source}.
 */
package org.coinflip.data.table;
