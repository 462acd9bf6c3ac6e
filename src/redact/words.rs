//! Words that stand for words: of the same length and shape, dealt out in the order of appearance.

use std::collections::HashMap;

use super::{Table, known};

/// How many letters at the end of a word tell it from others.
const COUNTED: usize = 12;

/// The stand-ins of one kind of names.
#[derive(Debug)]
pub(super) struct Words {
    /// What stand-ins begin with, as far as there is room.
    stem: &'static [u8],
    /// The letters that stand for those of a name (in lower case).
    table: Table,
    /// How many were dealt out for each number of letters.
    dealt: HashMap<usize, u64>,
}

impl Words {
    pub(super) fn new(stem: &'static [u8]) -> Self {
        Self { stem, table: Table::new(), dealt: HashMap::new() }
    }

    /// What stands for a name: letters for its letters and digits, everything else as it was.
    pub(super) fn stand_in(&mut self, name: &[u8]) -> Vec<u8> {
        let key = name.trim_ascii().to_ascii_lowercase();
        let count = name.iter().filter(|octet| octet.is_ascii_alphanumeric()).count();
        if let Some(letters) = self.table.get(&key) {
            return shaped(name, letters);
        }
        let letters = self.deal(count);
        let stand_in = shaped(name, &letters);
        self.table.insert(key, letters);
        stand_in
    }

    /// What stands for a name that was seen before.
    pub(super) fn known(&self, name: &[u8]) -> Option<Vec<u8>> {
        self.table.get(&name.to_ascii_lowercase()).map(|letters| shaped(name, letters))
    }

    fn deal(&mut self, count: usize) -> Vec<u8> {
        loop {
            let dealt = self.dealt.entry(count).or_default();
            let number = *dealt;
            *dealt += 1;
            let letters = spelt(self.stem, count, number);
            if !known::means_something(&letters) || number > 1 << 20 {
                return letters;
            }
        }
    }
}

/// The stem with a number in letters at its end.
fn spelt(stem: &[u8], count: usize, number: u64) -> Vec<u8> {
    let mut letters: Vec<u8> = (0..count)
        .map(|at| stem.get(at).copied().filter(|_| at + 2 < count).unwrap_or(b'a'))
        .collect();
    let mut left = number;
    for letter in letters.iter_mut().rev().take(COUNTED) {
        let value = u64::from(*letter - b'a') + left;
        *letter = b'a' + u8::try_from(value % 26).unwrap_or(0);
        left = value / 26;
    }
    letters
}

/// The letters in the places, and in the case, of the letters and digits of a name.
fn shaped(name: &[u8], letters: &[u8]) -> Vec<u8> {
    let mut letters = letters.iter();
    let mut out = Vec::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        for letter in chunk.valid().chars() {
            if letter.is_ascii_alphanumeric() {
                let stand_in = letters.next().copied().unwrap_or(b'a');
                let upper = letter.is_ascii_uppercase();
                out.push(if upper { stand_in.to_ascii_uppercase() } else { stand_in });
            } else {
                foreign(letter, &mut out);
            }
        }
        out.extend_from_slice(chunk.invalid());
    }
    out
}

/// A letter beyond ASCII as another one that takes as many octets; signs stay.
pub(super) fn foreign(letter: char, out: &mut Vec<u8>) {
    let stand_in = match letter.len_utf8() {
        2 if letter.is_alphanumeric() => 'é',
        3 if letter.is_alphanumeric() => '中',
        4 if letter.is_alphanumeric() => '𐍈',
        _ => letter,
    };
    out.extend_from_slice(stand_in.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_shape_and_are_told_apart() {
        let mut words = Words::new(b"person");
        let one = words.stand_in(b"John.Smith+x");
        let other = words.stand_in(b"jane.jones+x");
        assert_eq!(one, b"Pers.Onaaa+a");
        assert_eq!(other, b"pers.onaaa+b");
        assert_eq!(words.stand_in(b"JOHN.SMITH+X"), b"PERS.ONAAA+A");
        assert_eq!(words.known(b"nobody"), None);
        // Dealt out again in the same order, they stand for themselves.
        let mut again = Words::new(b"person");
        assert_eq!(again.stand_in(&one), one);
        assert_eq!(again.stand_in(&other), other);
        assert_eq!(words.stand_in("jürgen".as_bytes()).len(), "jürgen".len());
    }
}
