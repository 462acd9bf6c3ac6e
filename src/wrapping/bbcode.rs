//! What forums and issue trackers put around code: `BBCode`'s `[code]`, Jira's `{noformat}`.

/// Names that open and close a block in square brackets.
const SQUARE: &[&[u8]] = &[
    b"code", b"pre", b"quote", b"noparse", b"font", b"color", b"size", b"b", b"i", b"plain",
    b"php", b"html", b"xml", b"tt", b"icode", b"mono", b"spoiler",
];
/// Names that open and close a block in braces.
const BRACES: &[&[u8]] = &[b"noformat", b"code", b"quote", b"panel", b"color", b"monospaced"];

/// How many octets of tags stand at the line's beginning.
pub(super) fn opening(line: &[u8]) -> usize {
    let mut taken = 0;
    while let Some(length) = line.get(taken..).and_then(tag_at_start) {
        taken += length;
    }
    taken
}

/// How many octets of tags stand at the line's end.
pub(super) fn closing(line: &[u8]) -> usize {
    let mut kept = line.len();
    while let Some(head) = line.get(..kept) {
        let open = match head.last() {
            Some(b']') => memchr::memrchr(b'[', head),
            Some(b'}') => head
                .get(..head.len().saturating_sub(1))
                .and_then(|head| memchr::memrchr(b'{', head)),
            _ => None,
        };
        let Some(open) = open else { break };
        let whole = head.get(open..).and_then(tag_at_start) == Some(kept - open);
        if !whole {
            break;
        }
        kept = open;
    }
    line.len() - kept
}

fn tag_at_start(line: &[u8]) -> Option<usize> {
    let (names, close) = match line.first()? {
        b'[' => (SQUARE, b']'),
        b'{' => (BRACES, b'}'),
        _ => return None,
    };
    let end = line.iter().take(48).position(|octet| *octet == close)?;
    let inner = line.get(1..end)?;
    let inner = inner.strip_prefix(b"/").unwrap_or(inner);
    let name = inner.split(|octet| matches!(octet, b'=' | b':' | b' ')).next()?;
    names.iter().any(|known| name.eq_ignore_ascii_case(known)).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_measured() {
        for (line, front, back) in [
            ("[code]", 6, 6),
            ("[CODE]220 mx[/CODE]", 6, 7),
            ("{noformat}", 10, 10),
            ("{code:java}EHLO x", 11, 0),
            ("[b][color=red]530 no[/color][/b]", 14, 12),
            ("[PHP]220 mx[/PHP]", 5, 6),
            ("[250] 'text'", 0, 0),
            ("[Mon] x [y]", 0, 0),
            ("250 ok {x}", 0, 0),
        ] {
            assert_eq!(
                (opening(line.as_bytes()), closing(line.as_bytes())),
                (front, back),
                "{line}"
            );
        }
    }
}
