//! The forms of identifiers in the reply to a message.

/// Whether the text of a reply holds an identifier of a form.
pub(super) type Form = fn(&[u8]) -> bool;

/// `queued as 4F1C2A9B3D` or `queued as 4XyZk12Lq9z3Bd`: Postfix, short and long.
pub(super) fn postfix(text: &[u8]) -> bool {
    let Some(id) = after(text, b"queued as ") else { return false };
    let short = (6..=12).contains(&id.len())
        && id.iter().all(|octet| octet.is_ascii_digit() || matches!(octet, b'A'..=b'F'));
    let long = (12..=20).contains(&id.len())
        && id.first().is_some_and(|first| matches!(first, b'3'..=b'9'))
        && id.iter().all(u8::is_ascii_alphanumeric);
    short || long
}

/// `id=1rABCd-0001xY-2Z`, or 6-11-4 since Exim 4.97.
pub(super) fn exim(text: &[u8]) -> bool {
    let Some(id) = after(text, b"id=") else { return false };
    let lengths = || id.split(|octet| *octet == b'-').map(<[u8]>::len);
    lengths().eq([6, 6, 2]) || lengths().eq([6, 11, 4])
}

/// `ok 1700000000 qp 12345`: qmail's time and process.
pub(super) fn qmail(text: &[u8]) -> bool {
    if memchr::memmem::find(text, b"qp").is_none() {
        return false;
    }
    let words: Vec<&[u8]> = text.split(u8::is_ascii_whitespace).collect();
    let number = |word: &[u8]| !word.is_empty() && word.iter().all(u8::is_ascii_digit);
    words.windows(3).any(|three| {
        matches!(three, [time, qp, process] if number(time) && time.len() >= 9 && *qp == b"qp" && number(process))
    })
}

/// `9a1b2c3d Message accepted for delivery`: OpenSMTPD's eight digits.
pub(super) fn opensmtpd(text: &[u8]) -> bool {
    let mut words = text.split(u8::is_ascii_whitespace).skip_while(|word| word.contains(&b'.'));
    let id = words.next().unwrap_or_default();
    id.len() == 8
        && id.iter().all(|octet| octet.is_ascii_digit() || matches!(octet, b'a'..=b'f'))
        && words.next() == Some(b"Message")
}

/// `4BNA0mG0012345 Message accepted for delivery`: Sendmail's 14 letters and digits.
pub(super) fn sendmail(text: &[u8]) -> bool {
    let mut words = text.split(u8::is_ascii_whitespace).skip_while(|word| word.contains(&b'.'));
    let id = words.next().unwrap_or_default();
    id.len() == 14
        && id.iter().all(u8::is_ascii_alphanumeric)
        && id.iter().rev().take(6).all(u8::is_ascii_digit)
        && words.next() == Some(b"Message")
}

/// `mx.example.net ESMTP (0123456789abcdef0123456789abcdef)`, the greeting of a Barracuda.
pub(super) fn barracuda_greeting(text: &[u8]) -> bool {
    let inside = text.strip_suffix(b")").and_then(|rest| {
        let open = memchr::memrchr(b'(', rest)?;
        rest.get(open + 1..)
            .filter(|_| rest.get(..open).is_some_and(|head| head.ends_with(b" ESMTP ")))
    });
    inside.is_some_and(|inside| inside.len() == 32 && inside.iter().all(u8::is_ascii_hexdigit))
}

/// The word behind some words.
fn after<'t>(text: &'t [u8], words: &[u8]) -> Option<&'t [u8]> {
    let at = memchr::memmem::find(text, words)?;
    let rest = text.get(at + words.len()..)?;
    rest.split(|octet| octet.is_ascii_whitespace() || matches!(octet, b')' | b'.' | b',')).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_knows_its_own() {
        let forms: [Form; 5] = [postfix, exim, qmail, opensmtpd, sendmail];
        for (text, own) in [
            ("2.0.0 Ok: queued as 4F1C2A9B3D", Some(0)),
            ("2.0.0 Ok: queued as 4XyZk12Lq9z3Bd", Some(0)),
            ("OK id=1rABCd-0001xY-2Z", Some(1)),
            ("OK id=1rABCd-0000000AbCd-1234", Some(1)),
            ("ok 1700000000 qp 12345", Some(2)),
            ("2.0.0 9a1b2c3d Message accepted for delivery", Some(3)),
            ("2.0.0 4BNA0mG0012345 Message accepted for delivery", Some(4)),
            ("2.0.0 Ok: queued", None),
            ("id=", None),
            ("", None),
        ] {
            let found = forms.iter().position(|form| form(text.as_bytes()));
            assert_eq!(found, own, "{text}");
        }
    }
}
