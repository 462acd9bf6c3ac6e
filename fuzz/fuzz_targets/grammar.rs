//! Any octets, and any words of the alphabet, as a line: nothing panics, and put together the parts are the line again.
#![no_main]

use smtplog::grammar::{
    auth_line, classify, command, ehlo_line, enhanced, foreign, host_line, mailbox, path,
    reply_line, shape, xtext,
};

fn check(line: &[u8]) {
    let read = command(line);
    assert_eq!(
        [read.indent, read.verb, read.separator, read.argument, read.trailing].concat(),
        line
    );
    if let Some(read) = reply_line(line) {
        assert_eq!([read.code_text, read.separator_text, read.text].concat(), line);
    }
    let host = host_line(line);
    assert_eq!([host.name, host.separator, host.text].concat(), line);
    let keyword = ehlo_line(line);
    assert_eq!([keyword.keyword, keyword.separator, keyword.params_text].concat(), line);
    assert!(xtext::decoded(line).len() <= line.len());
    let _ = (shape(line), classify(line), auth_line(line), path::path_argument(line));
    let _ = (mailbox::is_strict(line), mailbox::mailbox(line), xtext::is_strict(line));
    let _ = (enhanced::mentioned(line), foreign::foreign(line));
}

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    check(octets);
    check(&smtplog_fuzz::dialogue(octets));
});
