//! No marks and no remarks: lines as they went over the wire, copied from anywhere.
//!
//! ```text
//! 220 mx.example.net ESMTP
//! EHLO client.example
//! 250 mx.example.net
//! ```
//!
//! Nothing here reads: who said each line follows from the protocol (`session::attribution`). As
//! `--dialect raw-unmarked` it keeps every other dialect from reading.

use super::{Custom, Dialect, Record, Say, Telling, Times, Unmarked};

pub(super) static DIALECT: Dialect = Dialect {
    name: "raw-unmarked",
    about: "no marks at all: lines as they went over the wire",
    client: "",
    server: "",
    key: "",
    times: Times::Never,
    record: Record { telling: Telling::Unmarked, ..Record::DIALOGUE },
    unmarked: Unmarked::Both,
    custom: Custom::FirstIsClient,
    hints: &[],
    evidence: |_| false,
    reader: || Box::new(read),
};

fn read(_line: &[u8], _say: Say<'_>) -> bool {
    false
}
