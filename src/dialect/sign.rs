//! Signs in a line at which a dialect cuts it.
//!
//! Not a dialect: those that read logs of one line an event ask it.

/// What stands before and behind the first place of this sign.
pub(super) fn around<'l>(
    text: &'l [u8],
    sign: &(impl AsRef<[u8]> + ?Sized),
) -> Option<(&'l [u8], &'l [u8])> {
    let sign = sign.as_ref();
    let at = memchr::memmem::find(text, sign)?;
    Some((text.get(..at)?, text.get(at + sign.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_place_counts() {
        assert_eq!(around(b"a: b: c", ": "), Some((&b"a"[..], &b"b: c"[..])));
        assert_eq!(around(b"a:", b":"), Some((&b"a"[..], &b""[..])));
        assert_eq!(around(b"a", b":"), None);
    }
}
