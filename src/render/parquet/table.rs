//! A table on its way into a file: rows are held until they are enough for a group.

use std::{
    io::{self, Write},
    sync::Arc,
};

use parquet::{
    basic::Compression,
    file::{metadata::KeyValue, properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};

use super::{
    super::Render,
    column::{Column, Row},
};
use crate::report::{SourceReport, Summary, VERSION};

/// The name and version of the tables' form, which stands in each file as the value of `schema`.
const SCHEMA: &str = "smtplog-tables-1";

/// How many rows a group has: enough for a reader to work through at a time, few enough to hold.
const ROWS: usize = 65_536;

/// How many octets a group has at the most, before they are compressed, give or take one row.
const OCTETS: usize = 32 << 20;

/// Tells `Hold` of the rows that a session has in the table.
type Split = for<'r> fn(Row<'r>, &mut Hold<'_, 'r>) -> io::Result<()>;

/// What takes a row.
type Hold<'h, 'r> = dyn FnMut(Row<'r>) -> io::Result<()> + 'h;

/// Writes one table.
pub(super) struct Rows {
    name: &'static str,
    columns: Vec<Box<dyn Column>>,
    split: Split,
    /// Writes into memory, from where each group goes on its way; `None` before the table was begun.
    writer: Option<SerializedFileWriter<Vec<u8>>>,
    /// How many rows are held.
    held: usize,
    /// How many octets they are.
    octets: usize,
}

impl Rows {
    /// A table with these columns.
    pub(super) fn new(name: &'static str, columns: Vec<Box<dyn Column>>, split: Split) -> Self {
        Self { name, columns, split, writer: None, held: 0, octets: 0 }
    }

    fn hold(&mut self, source: &SourceReport, out: &mut dyn Write) -> io::Result<()> {
        let split = self.split;
        for session in &source.sessions {
            let row = Row { source: &source.name, session, exchange: None };
            split(row, &mut |row| {
                self.octets +=
                    self.columns.iter_mut().map(|column| column.hold(row)).sum::<usize>();
                self.held += 1;
                if self.held >= ROWS || self.octets >= OCTETS { self.group(out) } else { Ok(()) }
            })?;
        }
        Ok(())
    }

    /// Writes the rows that are held as a group.
    fn group(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let Some(writer) = &mut self.writer else { return Err(not_begun()) };
        if self.held > 0 {
            let mut group = writer.next_row_group()?;
            for column in &mut self.columns {
                let Some(mut writer) = group.next_column()? else { break };
                column.write(&mut writer)?;
                writer.close()?;
            }
            group.close()?;
        }
        (self.held, self.octets) = (0, 0);
        // Places in the file are counted by the writer, not by what is still in memory.
        writer.flush()?;
        out.write_all(&std::mem::take(writer.inner_mut()))
    }
}

impl Render for Rows {
    fn begin(&mut self, _: &mut dyn Write) -> io::Result<()> {
        let fields: String = self.columns.iter().map(|column| column.field()).collect();
        let schema = parse_message_type(&format!("message {} {{ {fields} }}", self.name))?;
        let form = KeyValue::new("schema".to_owned(), SCHEMA.to_owned());
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(format!("smtplog version {VERSION}"))
            .set_key_value_metadata(Some(vec![form]))
            .build();
        let writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties))?;
        self.writer = Some(writer);
        Ok(())
    }

    fn some(&mut self, some: &SourceReport, out: &mut dyn Write) -> io::Result<bool> {
        self.hold(some, out)?;
        Ok(true)
    }

    fn source(&mut self, source: &SourceReport, out: &mut dyn Write) -> io::Result<()> {
        self.hold(source, out)
    }

    fn tells_problems(&self) -> bool {
        false
    }

    fn finish(&mut self, _: &Summary, out: &mut dyn Write) -> io::Result<()> {
        self.group(out)?;
        let writer = self.writer.take().ok_or_else(not_begun)?;
        out.write_all(&writer.into_inner()?)
    }
}

fn not_begun() -> io::Error {
    io::Error::other("the table was not begun, or is finished")
}
