//! The same as `analyze`, with dialogues in the protocol's alphabet: they lead deeper.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| smtplog_fuzz::analyze(&smtplog_fuzz::dialogue(octets)));
