//! The line that PuTTY puts before each capture in a log; appended captures have one each.

/// Whether the line is PuTTY's header.
///
/// ```text
/// =~=~=~=~=~=~=~=~=~=~=~= PuTTY log 2026.03.03 14:22:09 =~=~=~=~=~=~=~=~=~=~=~=
/// ```
pub(super) fn is_header(line: &[u8]) -> bool {
    line.starts_with(b"=~=~=~=~") && memchr::memmem::find(line, b" PuTTY log ").is_some()
}
