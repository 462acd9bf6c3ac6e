//! smtplog reads saved SMTP dialogues.

pub mod cli;
pub mod dialect;
pub mod grammar;
pub mod protocol;
pub mod render;
pub mod report;

pub mod session;
pub mod source;
pub mod span;
pub mod transcript;
pub mod wrapping;
