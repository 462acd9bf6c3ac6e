//! What is wrong with lines of a source: told of the first ones, counted of the rest.
//!
//! A log of any size with a flaw in each row must not fill the report.

/// How many flaws of a kind are told of a source.
const TOLD: usize = 20;

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The 1-based line of the source.
    pub line: u64,
    /// What is wrong, in words of our own.
    pub what: String,
}

/// The flaws of one kind in a source, in the order of the record.
#[derive(Debug, Clone, Default)]
pub struct Flaws {
    told: Vec<Flaw>,
    untold: u64,
}

impl Flaws {
    /// Takes what is wrong with a line.
    pub(super) fn add(&mut self, line: u64, what: String) {
        if self.told.len() < TOLD {
            self.told.push(Flaw { line, what });
        } else {
            self.untold += 1;
        }
    }

    /// The first flaws.
    pub fn told(&self) -> &[Flaw] {
        &self.told
    }

    /// How many there are beyond those.
    pub const fn untold(&self) -> u64 {
        self.untold
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beyond_the_first_ones_is_counted() {
        let mut flaws = Flaws::default();
        for line in 1..=50 {
            flaws.add(line, "broken".to_owned());
        }
        assert_eq!((flaws.told().len(), flaws.untold()), (TOLD, 30));
        assert_eq!(flaws.told().last().map(|flaw| flaw.line), Some(TOLD as u64));
    }
}
