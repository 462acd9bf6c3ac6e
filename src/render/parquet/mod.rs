//! `parquet`: a row a session and a row an exchange, in columns with types, for those who query records.
//!
//! Two files in Apache Parquet's format, version 2. They are joined by `source` and `session`. Rows are written
//! in groups, so that no more than one group is held. Columns have the names of the JSON report: what stands
//! there inside an object has the object's name before its own. The crate that writes the format is large:
//! without the feature `parquet` the format is known and has no tables.

use super::TableFormat;

#[cfg(feature = "parquet")]
mod column;
#[cfg(feature = "parquet")]
mod columns;
#[cfg(feature = "parquet")]
mod table;

pub(super) static FORMAT: TableFormat = TableFormat {
    name: "parquet",
    about: "two Parquet files for DuckDB, pandas and the like: sessions and exchanges",
    feature: "parquet",
    #[cfg(feature = "parquet")]
    tables: &[columns::SESSIONS, columns::EXCHANGES],
    #[cfg(not(feature = "parquet"))]
    tables: &[],
};
