//! smtplog reads saved SMTP dialogues: however they were saved, it says what was said, by whom, what broke
//! the rules of SMTP, what became of the mail, and who has to act.
//!
//! The way of the data, one room after the other:
//! **bytes → turns → transcript → exchanges → session → findings → report → text.**
//!
//! ```
//! let transcript = b"S: 220 mx.example.net ESMTP\nC: QUIT\nS: 221 Bye\n";
//! let report = smtplog::analyze_bytes("session.txt", transcript, &smtplog::Options::default());
//! let session = &report.sessions[0];
//! assert_eq!(session.outcome, "no-mail");
//! assert_eq!(session.exchanges[1].verb.as_deref(), Some("QUIT"));
//! ```

mod account;
mod analyze;
mod batch;
pub mod cli;
pub mod dialect;
mod encoded;
pub mod error;
mod evident;
pub mod fingerprint;
pub mod grammar;
mod known;
mod likeness;
pub mod places;
pub mod protocol;
pub mod redact;
pub mod render;
pub mod report;
pub mod rules;
pub mod session;
pub mod source;
pub mod span;
pub mod transcript;
pub mod wrapping;

pub use account::{Account, Belongs, Made, Piece};
pub use analyze::{
    Heard, Options, account_bytes, analyze_bytes, analyze_source, analyze_transcript, redact_bytes,
};
pub use batch::{News, Sink, Work, analyze, follow, run};
