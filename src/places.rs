//! A set of places in a table.
//!
//! Which recording tools write a line is asked of every line of a record, so the answer is a few words of bits and
//! no list. Whoever wraps or unwraps lines handles such answers without knowing the table behind them.

use std::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, Not};

const WORD: u16 = 64;
const WORDS: usize = 4;

/// A set of places in a table, each below [`Places::MOST`].
///
/// ```
/// use smtplog::places::Places;
///
/// let seen = Places::of(3) | Places::of(200);
/// assert!(seen.holds(200) && !seen.holds(4));
/// assert!((seen & !Places::of(3)).iter().eq([200]));
/// assert!((seen & Places::NONE).is_empty());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places([u64; WORDS]);

impl Places {
    /// How many places there are.
    pub const MOST: usize = WORDS * WORD as usize;
    /// No place.
    pub const NONE: Self = Self([0; WORDS]);
    /// Every place.
    pub const ALL: Self = Self([u64::MAX; WORDS]);

    /// This place alone; none where it is not below [`Places::MOST`].
    pub fn of(place: u16) -> Self {
        let mut found = Self::NONE;
        if let Some(word) = found.0.get_mut(usize::from(place / WORD)) {
            *word = 1 << (place % WORD);
        }
        found
    }

    /// Whether a place is among them.
    pub fn holds(self, place: u16) -> bool {
        !(self & Self::of(place)).is_empty()
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self == Self::NONE
    }

    /// The places, from the first.
    pub fn iter(self) -> impl Iterator<Item = u16> {
        self.0.into_iter().zip(0_u16..).flat_map(|(mut left, word)| {
            std::iter::from_fn(move || {
                // No place is left where all bits are zeros.
                let bit = u16::try_from(left.trailing_zeros()).ok().filter(|_| left != 0)?;
                left &= left - 1;
                Some(word * WORD + bit)
            })
        })
    }
}

impl From<bool> for Places {
    /// The first place, or none: the answer of a table with one row.
    fn from(is_there: bool) -> Self {
        if is_there { Self::of(0) } else { Self::NONE }
    }
}

impl Not for Places {
    type Output = Self;
    fn not(self) -> Self {
        Self(self.0.map(|word| !word))
    }
}

impl BitAndAssign for Places {
    fn bitand_assign(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word &= other);
    }
}

impl BitAnd for Places {
    type Output = Self;
    fn bitand(mut self, other: Self) -> Self {
        self &= other;
        self
    }
}

impl BitOrAssign for Places {
    fn bitor_assign(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word |= other);
    }
}

impl BitOr for Places {
    type Output = Self;
    fn bitor(mut self, other: Self) -> Self {
        self |= other;
        self
    }
}

impl FromIterator<u16> for Places {
    fn from_iter<I: IntoIterator<Item = u16>>(places: I) -> Self {
        places.into_iter().fold(Self::NONE, |all, place| all | Self::of(place))
    }
}
