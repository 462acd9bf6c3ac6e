//! What is wrong with a row of columns, in words.
//!
//! Not a dialect: the ones whose records are tables say it of rows that came to harm.

/// The row has another number of columns than its table; `table` says whose number that is: `Exchange writes`.
pub(super) fn columns(found: usize, table: &str, expected: usize) -> String {
    let s = if found == 1 { "" } else { "s" };
    format!(
        "the row has {found} column{s}, {table} {expected}: it is read as far as its columns go"
    )
}

/// What names the columns of a log with a header.
pub(super) const NAMED: &str = "the #Fields line names";

/// A quote opens and does not close, or closes within the column.
pub(super) const QUOTES: &str = "a quote in the row does not close where its column ends";

/// Another row begins within the row.
pub(super) const TORN: &str = "the row breaks off, and another one begins in the same line";

/// The row begins in its middle.
pub(super) const HEADLESS: &str = "the row lacks its first columns and is not read";
