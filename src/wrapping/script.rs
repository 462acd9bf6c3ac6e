//! The lines that `script(1)` puts before and after a typescript.

/// What the line is to a typescript: `Some(true)` its first line, `Some(false)` its last.
///
/// ```text
/// Script started on 2026-11-23 10:32:50+00:00 [COMMAND="telnet 127.0.0.1 2526"]
/// Script done on 2026-11-23 10:32:52+00:00 [COMMAND_EXIT_CODE="0"]
/// ```
pub(super) fn boundary(line: &[u8]) -> Option<bool> {
    if line.starts_with(b"Script started on ") || line.starts_with(b"Script started, ") {
        Some(true)
    } else if line.starts_with(b"Script done on ") || line.starts_with(b"Script done, ") {
        Some(false)
    } else {
        None
    }
}
