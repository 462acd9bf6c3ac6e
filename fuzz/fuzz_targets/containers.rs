//! Any octets, as a file: archives, compressed files, mails and captures, broken in any way, are opened within the
//! limits and without a panic.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| smtplog_fuzz::container(octets));
