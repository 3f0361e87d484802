package org.coinflip.data.table;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.function.Function;
import org.coinflip.data.raw.Cell;
import org.coinflip.data.raw.SplitKeys;
import org.coinflip.model.error.DataException;
import org.coinflip.model.transform.ColumnCode;

/** Reads the cells of the column that a table is split by. */
final class SplitKeyReader {
    private final SplitKeys.Kind kind;
    /** Whether times are numbers, by the first of them. */
    private Boolean areNumbers;

    SplitKeyReader(SplitKeys.Kind kind) {
        this.kind = kind;
    }

    /**
     * The key that a cell is.
     *
     * @param wrong makes the exception of what was expected
     */
    long key(Object cell, Function<String, DataException> wrong) {
        if (cell == null || cell.equals("")) {
            throw wrong.apply("a value in every row, for it says how rows are split: correct the row, or leave it out");
        }
        return switch (kind) {
            case COLUMN -> switch (cell.toString()) {
                case "train" -> SplitKeys.TRAIN;
                case "valid", "validation" -> SplitKeys.VALID;
                case "test" -> SplitKeys.TEST;
                default -> throw wrong.apply("train, valid or test: correct the value or data.split.column");
            };
            case GROUP -> ColumnCode.hash(cell.toString());
            case TIME -> time(cell, wrong);
        };
    }

    private long time(Object cell, Function<String, DataException> wrong) {
        double number = Cell.number(cell);
        boolean isNumber = cell instanceof Number || !Double.isNaN(number);
        if (areNumbers == null) {
            areNumbers = isNumber;
        }
        if (areNumbers != isNumber) {
            throw wrong.apply("a " + (areNumbers ? "number" : "date") + " as in the first row: correct the value");
        }
        if (isNumber) {
            if (!Double.isFinite(number)) {
                throw wrong.apply("a finite number: correct the value or leave the row out");
            }
            // whose order as whole numbers is that of the numbers; of -0 and 0, 0
            long bits = Double.doubleToLongBits(number + 0.0);
            return bits ^ ((bits >> 63) & Long.MAX_VALUE);
        }
        try {
            if (cell instanceof Instant instant) {
                return instant.toEpochMilli();
            }
            String text = cell.toString().trim().replace(' ', 'T');
            if (text.indexOf('T') < 0) {
                return LocalDate.parse(text)
                        .atStartOfDay()
                        .toInstant(ZoneOffset.UTC)
                        .toEpochMilli();
            }
            return text.matches(".*(Z|[+-]\\d\\d:?\\d\\d)")
                    ? OffsetDateTime.parse(text).toInstant().toEpochMilli()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC).toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            // the latter of years that milliseconds of 64 bits do not reach
            throw wrong.apply("a number, or a date such as 2026-11-29 or 2026-11-29T12:30:00Z: correct the value");
        }
    }
}
