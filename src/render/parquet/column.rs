//! A column: its type, and the values of the rows that are held for the next group.
//!
//! Parquet stores values without their places. A definition level tells of each cell whether it has a value;
//! in a column of lists, a repetition level tells of each entry whether it goes on in the cell before it.

use parquet::{
    data_type::{
        AsBytes as _, BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type,
        Int64Type,
    },
    errors::Result,
    file::writer::SerializedColumnWriter,
};

use crate::report::{ExchangeReport, SessionReport};

/// What a row is about.
#[derive(Clone, Copy)]
pub(super) struct Row<'r> {
    /// The name of the source.
    pub(super) source: &'r str,
    /// The session.
    pub(super) session: &'r SessionReport,
    /// In the table of exchanges, one of them with its 1-based number in the session.
    pub(super) exchange: Option<(u64, &'r ExchangeReport)>,
}

impl<'r> Row<'r> {
    /// The exchange; `None` in the table of sessions.
    pub(super) fn exchange(self) -> Option<&'r ExchangeReport> {
        self.exchange.map(|(_, exchange)| exchange)
    }
}

/// A column of a table.
pub(super) trait Column: Send {
    /// Its field in the language of Parquet's schemas.
    fn field(&self) -> String;

    /// Holds the value in this row; returns how many octets that takes, roughly.
    fn hold(&mut self, row: Row<'_>) -> usize;

    /// Writes what is held, and holds nothing more.
    fn write(&mut self, writer: &mut SerializedColumnWriter<'_>) -> Result<()>;
}

/// Where the value of a cell is found.
enum Cell<T> {
    /// One value, or none.
    One(Box<dyn Fn(Row<'_>) -> Option<T> + Send>),
    /// A list.
    Many(Box<dyn Fn(Row<'_>) -> Vec<T> + Send>),
}

/// A column of values of one physical type.
struct Values<T: DataType> {
    name: &'static str,
    /// The physical type, and with it what its values mean.
    kind: (&'static str, &'static str),
    cell: Cell<T::T>,
    held: Vec<T::T>,
    definition_levels: Vec<i16>,
    /// Empty but for lists.
    repetition_levels: Vec<i16>,
}

impl<T: DataType> Values<T> {
    fn boxed(
        name: &'static str,
        kind: (&'static str, &'static str),
        cell: Cell<T::T>,
    ) -> Box<dyn Column> {
        Box::new(Self {
            name,
            kind,
            cell,
            held: Vec::new(),
            definition_levels: Vec::new(),
            repetition_levels: Vec::new(),
        })
    }
}

impl<T: DataType> Column for Values<T> {
    fn field(&self) -> String {
        let Self { name, kind: (physical, logical), .. } = self;
        match self.cell {
            Cell::One(_) => format!("optional {physical} {name} {logical};"),
            Cell::Many(_) => format!(
                "required group {name} (LIST) {{ repeated group list {{ required {physical} element \
                 {logical}; }} }}"
            ),
        }
    }

    fn hold(&mut self, row: Row<'_>) -> usize {
        let before = self.held.len();
        match &self.cell {
            Cell::One(value) => {
                self.held.extend(value(row));
                self.definition_levels.push(i16::from(self.held.len() > before));
            }
            Cell::Many(values) => {
                self.held.extend(values(row));
                let entries = self.held.len() - before;
                // An empty list is an entry, too, at the level where no list is.
                for entry in 0..entries.max(1) {
                    self.definition_levels.push(i16::from(entries > 0));
                    self.repetition_levels.push(i16::from(entry > 0));
                }
            }
        }
        let sizes = self.held.iter().skip(before).map(|value| value.as_bytes().len());
        sizes.map(|size| size + size_of::<T::T>()).sum()
    }

    fn write(&mut self, writer: &mut SerializedColumnWriter<'_>) -> Result<()> {
        let levels = Some(self.definition_levels.as_slice());
        let repetitions =
            Some(self.repetition_levels.as_slice()).filter(|_| matches!(self.cell, Cell::Many(_)));
        writer.typed::<T>().write_batch(&self.held, levels, repetitions)?;
        self.held.clear();
        self.definition_levels.clear();
        self.repetition_levels.clear();
        Ok(())
    }
}

const TEXT: (&str, &str) = ("binary", "(STRING)");

/// A column of texts.
pub(super) fn text(
    name: &'static str,
    value: for<'r> fn(Row<'r>) -> Option<&'r str>,
) -> Box<dyn Column> {
    let cell = Cell::One(Box::new(move |row: Row<'_>| value(row).map(ByteArray::from)));
    Values::<ByteArrayType>::boxed(name, TEXT, cell)
}

/// A column of lists of texts.
pub(super) fn texts(
    name: &'static str,
    values: for<'r> fn(Row<'r>) -> Vec<&'r str>,
) -> Box<dyn Column> {
    let cell = Cell::Many(Box::new(move |row: Row<'_>| {
        values(row).into_iter().map(ByteArray::from).collect()
    }));
    Values::<ByteArrayType>::boxed(name, TEXT, cell)
}

/// A column of numbers that count something: lines, octets, sessions.
pub(super) fn count(name: &'static str, value: fn(Row<'_>) -> Option<u64>) -> Box<dyn Column> {
    let cell = Cell::One(Box::new(move |row: Row<'_>| i64::try_from(value(row)?).ok()));
    Values::<Int64Type>::boxed(name, ("int64", ""), cell)
}

/// A column of reply codes.
pub(super) fn code(name: &'static str, value: fn(Row<'_>) -> Option<u16>) -> Box<dyn Column> {
    let cell =
        Cell::One(Box::new(move |row: Row<'_>| Some(i16::try_from(value(row)?).ok()?.into())));
    Values::<Int32Type>::boxed(name, ("int32", "(INTEGER(16,true))"), cell)
}

/// A column of port numbers.
pub(super) fn port(name: &'static str, value: fn(Row<'_>) -> Option<u16>) -> Box<dyn Column> {
    let cell = Cell::One(Box::new(move |row: Row<'_>| value(row).map(i32::from)));
    Values::<Int32Type>::boxed(name, ("int32", ""), cell)
}

/// A column of numbers that were measured.
pub(super) fn measure(name: &'static str, value: fn(Row<'_>) -> Option<f64>) -> Box<dyn Column> {
    Values::<DoubleType>::boxed(name, ("double", ""), Cell::One(Box::new(value)))
}

/// A column of yes and no.
pub(super) fn flag(name: &'static str, value: fn(Row<'_>) -> Option<bool>) -> Box<dyn Column> {
    Values::<BoolType>::boxed(name, ("boolean", ""), Cell::One(Box::new(value)))
}

/// A column of times in microseconds since 1970, UTC.
pub(super) fn time(name: &'static str, value: fn(Row<'_>) -> Option<i64>) -> Box<dyn Column> {
    let cell = Cell::One(Box::new(value));
    Values::<Int64Type>::boxed(name, ("int64", "(TIMESTAMP(MICROS,true))"), cell)
}
