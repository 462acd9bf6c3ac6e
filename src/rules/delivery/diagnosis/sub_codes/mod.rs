//! Numbers of providers that have to be taken apart: bit masks, ranges, return codes.
//!
//! A number that stands for one thing is a row of the table; here is what a table of exact values would miss.

use super::{cause::Cause, row::Retry};
use crate::rules::Party;

mod comcast;
mod cox;
mod facebook;
mod godaddy;
mod iua;
mod orange;
mod spamhaus;
mod spectrum;

/// What a provider's number says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decoded {
    /// What it means.
    pub(super) cause: Cause,
    /// Whose number it is.
    pub(super) source: &'static str,
    /// What happened; empty where the cause's own sentence will do.
    pub(super) says: String,
    /// What to do; empty where the cause's own advice will do.
    pub(super) help: String,
    /// Who must act, where that is another than usual.
    pub(super) party: Option<Party>,
    /// Whether a retry helps, where that is otherwise than usual.
    pub(super) retry: Option<Retry>,
}

impl Decoded {
    fn new(
        cause: Cause,
        source: &'static str,
        says: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { cause, source, says: says.into(), help: help.into(), party: None, retry: None }
    }
}

/// What the first number in a normalised text says that a decoder knows.
pub(super) fn decode(text: &[u8]) -> Option<Decoded> {
    let text = std::str::from_utf8(text).ok()?;
    let parts = |octet: char| octet.is_whitespace() || "()[]<>,;:\"'=/?&#".contains(octet);
    // What of the whole text a decoder asks for, once for all tokens.
    let (is_spectrum, is_spamhaus) = (text.contains("aup#"), text.contains("spamhaus"));
    let is_facebook = text.contains("facebook");
    if let Some(decoded) = iua::decode(text) {
        return Some(decoded);
    }
    text.split(parts).filter(|token| token.len() > 3).find_map(|token| {
        // `AUP#-1234` and `AUP#IN-1310` alike.
        let token = token.trim_end_matches('.').trim_start_matches('-');
        comcast::decode(token)
            .or_else(|| cox::decode(token))
            .or_else(|| if is_spectrum { spectrum::decode(token) } else { None })
            .or_else(|| if is_facebook { facebook::decode(token) } else { None })
            .or_else(|| orange::decode(token))
            .or_else(|| godaddy::decode(token))
            .or_else(|| spamhaus::decode(token, text, is_spamhaus))
    })
}

/// The digits of a mask, the last one first, where all are 0 or 1 and one is 1.
fn mask(digits: &str) -> Option<impl Iterator<Item = bool>> {
    let plausible =
        digits.bytes().all(|digit| matches!(digit, b'0' | b'1')) && digits.contains('1');
    plausible.then(|| digits.bytes().rev().map(|digit| digit == b'1'))
}

/// The names of a mask's bits, as a list for a sentence; `None` where a bit without a name is set.
fn names(digits: &str, bits: &[&'static str]) -> Option<String> {
    let mut set = Vec::new();
    for (place, is_set) in mask(digits)?.enumerate() {
        if is_set {
            set.push(*bits.get(place)?);
        }
    }
    Some(match set.as_slice() {
        [.., last] if set.len() > 1 => {
            format!("{} and {last}", set.get(..set.len() - 1).unwrap_or_default().join(", "))
        }
        _ => set.join(", "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_of_a_mask_is_named() {
        let bits = &["first", "second", "third"];
        for (digits, expected) in [
            ("001", Some("first")),
            ("011", Some("first and second")),
            ("111", Some("first, second and third")),
            ("000001", Some("first")),
            ("001000", None),
            ("000", None),
            ("012", None),
        ] {
            assert_eq!(names(digits, bits).as_deref(), expected, "{digits}");
        }
    }

    #[test]
    fn numbers_and_what_they_say() {
        use Cause::*;
        for (text, cause, part) in [
            ("comcast block for spam: bl000101", Blocklisted, "Spamhaus ZEN and Return Path"),
            ("bl000010 comcast", Blocklisted, "Cloudmark"),
            ("es000001 see postmaster.comcast.net", Blocklisted, "dynamic"),
            ("message rejected dm000001", DmarcFailed, ""),
            ("refused - see aup#ipbl1001", Blocklisted, "Spamhaus ZEN and Cloudmark"),
            ("554 ipbl0110", Blocklisted, "Return Path and ivmSIP"),
            ("aup#urlbl011", SpamRejected, "SURBL and Spamhaus DBL"),
            ("aup#in-1310 too many connections, charter.net", ConnectionLimited, ""),
            ("aup#i1120", ReverseDnsMissing, ""),
            ("aup#1310", ConnectionLimited, ""),
            ("service refused, please try later. ofr_506 [506]", SpamRejected, ""),
            ("too many connections, slow down. lpn105_104", ConnectionLimited, ""),
            ("552 5.1.1 recipient overquota. ofr_417", MailboxFull, ""),
            ("too many sessions. ib007", ConnectionLimited, ""),
            ("this ip is listed. ib104", Blocklisted, "SBL"),
            (
                "rcp-p1 http://postmaster.facebook.com/response_codes?ip=192.0.2.1#rcp",
                MailboxUnknown,
                "",
            ),
            ("pol-p1 http://postmaster.facebook.com/response_codes", Blocklisted, "PBL"),
            ("see http://mail.i.ua/err/10/", PolicyRejected, ""),
            (
                "listed; 127.255.255.254 https://www.spamhaus.org/returnc/pub/",
                ServerError,
                "public",
            ),
            ("127.0.0.11 zen.spamhaus.org", Blocklisted, "PBL"),
        ] {
            let decoded = decode(text.as_bytes()).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(decoded.cause, cause, "{text}");
            assert!(decoded.says.contains(part), "{text}: {}", decoded.says);
        }
        for text in [
            "bl000000",
            "blacklisted",
            "127.0.0.2",
            "es0001",
            "ipbl",
            "user unknown",
            "ib12",
            "aup#x",
            "rcp-p1 of somebody else",
            "mail.i.ua/err/99/",
        ] {
            assert_eq!(decode(text.as_bytes()), None, "{text}");
        }
    }
}
