//! Any octets, and any words of the alphabet, as a line: nothing panics, and put together the parts are the line again.
#![no_main]

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    smtplog_fuzz::line(octets);
    smtplog_fuzz::line(&smtplog_fuzz::dialogue(octets));
});
