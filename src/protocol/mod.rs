//! What the RFCs say, as tables: each row cites its clause. Knows nothing of the crate.
//!
//! A reader checks these files against an RFC line by line: one row, one fact, one clause.
//!
//! | file | holds |
//! | --- | --- |
//! | [`verbs`] | the commands: who defined them, their argument, who must have them |
//! | [`replies`] | which reply codes may answer which command, in each edition |
//! | [`codes`] | what each reply code means |
//! | [`enhanced`] | the registry of enhanced status codes |
//! | [`extensions`] | the keywords of the EHLO reply and the parameters that they add |
//! | [`values`] | what the value of a parameter or keyword may look like |
//! | [`mechanisms`] | SASL mechanisms |
//! | [`limits`] | sizes in octets, and timeouts |
//! | [`ports`] | well-known TCP ports that are other protocols' |
//! | [`order`] | which command may come when, and what each reply changes |

use std::fmt;
use std::str::FromStr;

mod any_command;
pub mod codes;
mod effects;
pub mod enhanced;
mod extension_rows;
pub mod extensions;
pub mod limits;
pub mod mechanisms;
pub mod order;
pub mod ports;
mod private_extensions;
mod private_verbs;
pub mod replies;
mod reply_rows;
pub mod values;
pub mod verbs;

/// Where a fact is written: `RFC 5321 §4.3.2`, or the document of a vendor (`Postfix XCLIENT_README`).
pub type Clause = &'static str;

/// An edition of SMTP itself: the document that judges a session.
///
/// ```
/// use smtplog::protocol::Edition;
/// assert_eq!("2821".parse(), Ok(Edition::Rfc2821));
/// assert_eq!(Edition::default().number(), 5321);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Edition {
    /// RFC 821 of August 1982, before EHLO.
    Rfc821,
    /// RFC 2821 of April 2001.
    Rfc2821,
    /// RFC 5321 of October 2008, the current standard.
    #[default]
    Rfc5321,
}

impl Edition {
    /// Every edition, oldest first.
    pub const ALL: [Self; 3] = [Self::Rfc821, Self::Rfc2821, Self::Rfc5321];

    /// The number of its RFC.
    pub const fn number(self) -> u16 {
        match self {
            Self::Rfc821 => 821,
            Self::Rfc2821 => 2821,
            Self::Rfc5321 => 5321,
        }
    }

    /// The number of its RFC, as `--rfc` and the JSON report spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rfc821 => "821",
            Self::Rfc2821 => "2821",
            Self::Rfc5321 => "5321",
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Rfc821 => "RFC 821",
            Self::Rfc2821 => "RFC 2821",
            Self::Rfc5321 => "RFC 5321",
        })
    }
}

/// The name is none of `821`, `2821` and `5321`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such edition of SMTP: use 821, 2821 or 5321")]
pub struct UnknownEdition;

impl FromStr for Edition {
    type Err = UnknownEdition;

    fn from_str(text: &str) -> Result<Self, UnknownEdition> {
        Self::ALL.into_iter().find(|edition| edition.as_str() == text).ok_or(UnknownEdition)
    }
}

/// Columns that many tables share.
pub(crate) mod editions {
    use super::Edition::{self, Rfc821, Rfc2821, Rfc5321};

    pub(crate) const ALL: &[Edition] = &[Rfc821, Rfc2821, Rfc5321];
    pub(crate) const SINCE_2821: &[Edition] = &[Rfc2821, Rfc5321];
    pub(crate) const ONLY_821: &[Edition] = &[Rfc821];
    pub(crate) const ONLY_5321: &[Edition] = &[Rfc5321];
    pub(crate) const NONE: &[Edition] = &[];
}

#[cfg(test)]
mod tests {
    use super::Edition;

    #[test]
    fn an_edition_is_named_by_the_number_of_its_rfc() {
        for edition in Edition::ALL {
            assert_eq!(edition.as_str().parse(), Ok(edition));
            assert_eq!(edition.as_str(), edition.number().to_string());
        }
        assert!("1869".parse::<Edition>().is_err());
        assert!("RFC 5321".parse::<Edition>().is_err());
    }
}
