//! Any octets, as a source: nothing panics, no octet is lost, every format shows the report.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| smtplog_fuzz::analyze(octets));
