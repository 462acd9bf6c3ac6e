//! Addresses that hide a second destination in the first: the shapes that relay testers have used since
//! the nineties.

use crate::grammar::Path;

/// How an address hides another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trick {
    /// `<@mx.example.net:user@elsewhere.example>`
    SourceRoute,
    /// `<user%elsewhere.example@mx.example.net>`
    Percent,
    /// `<elsewhere.example!user@mx.example.net>`
    Bang,
    /// `<"user@elsewhere.example"@mx.example.net>`
    QuotedAddress,
    /// `<user@elsewhere.example@mx.example.net>`
    TwoAtSigns,
}

impl Trick {
    /// What mail people call it.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::SourceRoute => "a source route",
            Self::Percent => "the percent hack",
            Self::Bang => "a bang path",
            Self::QuotedAddress => "a quoted address as the local part",
            Self::TwoAtSigns => "two at signs",
        }
    }
}

/// The trick in a path, if there is one.
pub(super) fn trick(path: &Path<'_>) -> Option<Trick> {
    if !path.route.is_empty() {
        return Some(Trick::SourceRoute);
    }
    let content = path.content.trim_ascii();
    let (local, has_domain) = match path.mailbox.as_ref() {
        Some(mailbox) => (mailbox.local_part, mailbox.domain.is_some()),
        None => (content, false),
    };
    if let Some(inside) = local.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")) {
        return inside
            .iter()
            .any(|octet| matches!(octet, b'@' | b'%'))
            .then_some(Trick::QuotedAddress);
    }
    // `user@@mx.example.net` is a slip: there is no second destination.
    if local.strip_suffix(b"@").unwrap_or(local).contains(&b'@') {
        return Some(Trick::TwoAtSigns);
    }
    let host = |text: &[u8]| {
        !text.is_empty()
            && text.iter().all(|octet| {
                octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'-' | b'[' | b']')
            })
            && (text.contains(&b'.') || text.first() == Some(&b'['))
    };
    let split = |sign: u8| local.iter().rposition(|octet| *octet == sign);
    if let Some(at) = split(b'%')
        && local.get(at + 1..).is_some_and(host)
    {
        return Some(Trick::Percent);
    }
    let bang = local.iter().position(|octet| *octet == b'!')?;
    let (before, after) = (local.get(..bang)?, local.get(bang + 1..)?);
    let plain = |text: &[u8]| !text.is_empty() && text.iter().all(u8::is_ascii_alphanumeric);
    ((host(before) || (plain(before) && has_domain)) && !after.is_empty()).then_some(Trick::Bang)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::{Argument, command};

    #[test]
    fn the_sixteen_shapes_of_relay_testers() {
        for (address, want) in [
            ("user@elsewhere.example", None),
            ("user%elsewhere.example@mx.example.net", Some(Trick::Percent)),
            ("user%elsewhere.example@[192.0.2.1]", Some(Trick::Percent)),
            ("user%elsewhere.example", Some(Trick::Percent)),
            ("\"user@elsewhere.example\"", Some(Trick::QuotedAddress)),
            ("\"user%elsewhere.example\"", Some(Trick::QuotedAddress)),
            ("user@elsewhere.example@mx.example.net", Some(Trick::TwoAtSigns)),
            ("\"user@elsewhere.example\"@mx.example.net", Some(Trick::QuotedAddress)),
            ("user@elsewhere.example@[192.0.2.1]", Some(Trick::TwoAtSigns)),
            ("@mx.example.net:user@elsewhere.example", Some(Trick::SourceRoute)),
            ("@[192.0.2.1]:user@elsewhere.example", Some(Trick::SourceRoute)),
            ("elsewhere.example!user", Some(Trick::Bang)),
            ("elsewhere.example!user@[192.0.2.1]", Some(Trick::Bang)),
            ("elsewhere.example!user@mx.example.net", Some(Trick::Bang)),
            ("elsewhere!user@mx.example.net", Some(Trick::Bang)),
            ("\"user@elsewhere.example\"@[192.0.2.1]", Some(Trick::QuotedAddress)),
            ("user@@mx.example.net", None),
            ("100%sure@mx.example.net", None),
            ("wow!@mx.example.net", None),
            ("bounce+user=elsewhere.example@mx.example.net", None),
        ] {
            let line = format!("RCPT TO:<{address}>");
            let parsed = command(line.as_bytes());
            let Argument::Path(argument) = &parsed.detail else { panic!("no path: {line}") };
            assert_eq!(trick(&argument.path), want, "{address}");
        }
    }
}
