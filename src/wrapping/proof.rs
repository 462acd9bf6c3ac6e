//! What proves that something wraps lines, where they hold neither bare replies nor bare commands: behind it
//! stand lines that a recording tool is known to write, which they are not as they stand.

/// Which recording tools write such a line, one bit each. What tools write, whoever uses this room knows.
pub type Knows = fn(&[u8]) -> u128;

/// How many lines of a block are asked about: its first ones. A server's own remarks may be many before
/// anybody speaks.
const ASKED: usize = 1024;

/// Whether the lines, each given as it stands and without what may wrap it, are a tool's only without it.
pub(super) fn holds<'l, T: AsRef<[u8]>>(
    lines: impl Iterator<Item = (&'l [u8], T)>,
    knows: Knows,
) -> bool {
    let (mut within, mut whole) = (0, 0);
    for (line, inner) in lines.take(ASKED) {
        let (outside, inside) = (knows(line), knows(inner.as_ref()));
        whole += usize::from(outside & !inside != 0);
        within += usize::from(inside & !outside != 0);
    }
    within > whole
}
