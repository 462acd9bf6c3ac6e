//! The table of evidence, in files by subject.
//!
//! A row is a fact: what some server is known to say, and what it means by it. Where two rows fit, the
//! scorer decides; their order only breaks ties.

use super::row::Row;

mod access;
mod address;
mod authentication;
mod blocklists;
mod codes;
mod content;
mod identity;
mod languages;
mod limits;
mod login;
mod rates;
mod server;
mod tls;

/// All rows, file by file.
pub(super) static FILES: &[&[Row]] = &[
    address::ROWS,
    languages::ROWS,
    limits::ROWS,
    rates::ROWS,
    blocklists::ROWS,
    identity::ROWS,
    authentication::ROWS,
    access::ROWS,
    login::ROWS,
    tls::ROWS,
    content::ROWS,
    server::ROWS,
    codes::ROWS,
];

/// All rows, one after the other.
pub(super) fn all() -> impl Iterator<Item = &'static Row> {
    FILES.iter().copied().flatten()
}
