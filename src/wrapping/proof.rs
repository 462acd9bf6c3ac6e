//! What proves that something wraps lines, where they hold neither bare replies nor bare commands: behind it
//! stand lines that a recording tool is known to write, which they are not as they stand.

/// Whether a line is one of a recording tool's. What tools write, whoever uses this room knows.
pub type Knows = fn(&[u8]) -> bool;

/// How many lines of a block are asked about: its first ones.
const ASKED: usize = 64;

/// Whether the lines, each given as it stands and without what may wrap it, are a tool's only without it.
pub(super) fn holds<'l>(lines: impl Iterator<Item = (&'l [u8], &'l [u8])>, knows: Knows) -> bool {
    let (mut within, mut whole) = (0, 0);
    for (line, inner) in lines.take(ASKED) {
        if knows(line) {
            whole += 1;
        } else if knows(inner) {
            within += 1;
        }
    }
    within > whole
}
