//! One line of SMTP to what it says: lenient, lossless, stateless nom parsers that recognise and never judge.
//!
//! **What enters:** the octets of one line, without what a tool put before it, from anywhere.
//! **What leaves:** borrowed structs whose slices are the line's own, so that
//! [`Span::of`](crate::span::Span::of) says where each lies, and put together they are the line again.
//!
//! Nothing here fails. `MAIL FROM:a@b` without brackets, `250OK`, code 999, an empty path and a masked
//! keyword all parse; what is wrong with them shows in the struct, and whether that matters is for the
//! rules. Where a rule asks whether a text keeps to the RFC, `is_strict` answers with the first
//! [`Deviation`] and the production that failed.
//!
//! | enters | function | leaves |
//! | --- | --- | --- |
//! | a line of the client | [`command()`](command::command) | [`Command`] |
//! | the same, in doubt | [`shape()`](shape::shape) | [`Shape`]: how much it looks like a command |
//! | a line of the server | [`reply_line`] | [`ReplyLine`] |
//! | the text of a greeting or of the first EHLO line | [`host_line`] | [`HostLine`] |
//! | the text of the other EHLO lines | [`ehlo_line`] | [`Keyword`] |
//! | a line inside an AUTH dialogue | [`auth_line`] | [`AuthLine`] |
//! | a HELO argument, the right side of a mailbox | [`classify`] | [`HostName`] |
//!
//! **To add a production:** a function with the ABNF and its clause above it, one sentence on where it is
//! more lenient, and a table of inputs beside it. Only nom's `complete` parsers; read a word, then look
//! it up.

pub mod auth;
pub mod bdat;
pub mod bracket;
pub mod command;
pub mod deviation;
pub mod domain;
pub mod ehlo;
pub mod enhanced;
pub mod foreign;
pub mod greeting;
pub mod mailbox;
pub mod param;
pub mod path;
pub mod phrase;
pub mod reply;
pub mod shape;
pub mod xtext;

mod strict;
mod terminals;

#[cfg(test)]
mod properties;

pub use auth::{AuthArgument, AuthLine, Base64, auth_line, is_base64};
pub use bdat::BdatArgument;
pub use bracket::{Bracket, BracketKind};
pub use command::{Argument, Command, command};
pub use deviation::{Deviation, DeviationKind};
pub use domain::{AddressLiteral, HostName, classify};
pub use ehlo::{Keyword, ehlo_line};
pub use enhanced::{EnhancedCode, enhanced_code};
pub use foreign::Foreign;
pub use greeting::{HostLine, host_line};
pub use mailbox::Mailbox;
pub use param::Param;
pub use path::{Path, PathArgument};
pub use phrase::Phrases;
pub use reply::{ReplyLine, Separator, reply_line};
pub use shape::{Plausibility, Shape, is_ellipsis, shape};
