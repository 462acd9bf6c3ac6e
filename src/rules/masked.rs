//! Text that a firewall or a person masked: what stands there cannot be judged.

use crate::session::Offer;

/// Whether an EHLO keyword is masked: `XXXXXXXA` of a firewall, `****` of a person, `[removed]`.
pub(super) fn is_masked(keyword: &[u8]) -> bool {
    let (last, rest) = match keyword.split_last() {
        Some((last, rest)) if rest.len() >= 2 => (*last, rest),
        _ => return keyword.iter().all(|octet| !octet.is_ascii_alphanumeric()),
    };
    let hidden = |octet: &u8| matches!(octet, b'X' | b'x' | b'*' | b'.' | b'?' | b'#');
    let redacted = keyword.iter().any(|octet| matches!(octet, b'[' | b']' | b'<' | b'>' | b'*'));
    redacted || (rest.iter().all(hidden) && (hidden(&last) || last.is_ascii_uppercase()))
}

/// Whether any keyword of an offer is masked.
pub(super) fn hides(offer: &Offer<'_>) -> bool {
    offer.keywords.iter().any(|keyword| is_masked(keyword.keyword))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_that_cannot_be_judged() {
        for (keyword, masked) in [
            ("XXXXXXXA", true),
            ("XXXB", true),
            ("********", true),
            ("xxxxxxxx", true),
            ("[removed]", true),
            ("...", true),
            ("SIZE", false),
            ("X-EXPS", false),
            ("XVERP", false),
            ("DSN", false),
        ] {
            assert_eq!(is_masked(keyword.as_bytes()), masked, "{keyword}");
        }
    }
}
