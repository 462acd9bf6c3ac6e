//! Any octets, as a file: archives, compressed files, mails and captures, broken in any way, are opened within the
//! limits and without a panic.
#![no_main]

use std::{fs, ops::ControlFlow, path::PathBuf, process};

use smtplog::{Options, source::Limits};

/// A file in memory, where there is such a place.
fn path() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() { memory } else { std::env::temp_dir() };
    folder.join(format!("smtplog-fuzz-{}", process::id()))
}

libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    let path = path();
    fs::write(&path, octets).unwrap();
    let mut options = Options::default();
    options.source.limits = Limits { octets: 1 << 20, ..Limits::default() };
    let mut sources = 0;
    let _ = smtplog::analyze(&[&path], &options, 1, &mut |_| {
        sources += 1;
        ControlFlow::Continue(())
    });
    assert!(sources > 0, "a file that cannot be opened is reported, too");
});
