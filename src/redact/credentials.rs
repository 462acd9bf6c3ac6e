//! AUTH: the names in it are replaced as elsewhere, passwords and tokens are gone.

use base64::Engine;

use super::{Dialogue, Redactor, Trust};
use crate::encoded::LENIENT;

/// Mechanisms in which a secret may stand beside AUTH.
const TOLD: &[&str] = &["PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER", "NTLM"];

/// Words of which one says that something was hidden.
const HIDDEN: &[&str] = &[
    "credentials",
    "hidden",
    "masked",
    "omitted",
    "password",
    "redacted",
    "removed",
    "suppressed",
];

/// Attributes that hold the user's name.
const ATTRIBUTES: &[&[u8]] = &[b"user=", b"a=", b"n="];

/// Stands for each octet of a secret.
const MASK: u8 = b'*';

impl Redactor {
    /// AUTH with its mechanism, and the initial response where there is one.
    pub(super) fn auth(&mut self, part: &[u8], dialogue: &mut Dialogue, out: &mut Vec<u8>) {
        dialogue.responses = 0;
        dialogue.mechanism.clear();
        for (place, word) in part.split_inclusive(|octet| *octet == b' ').enumerate() {
            let text = word.trim_ascii();
            if text.is_empty() || place == 0 || dialogue.mechanism.is_empty() {
                if place > 0 && !text.is_empty() {
                    let name = text.split(|octet| !octet.is_ascii_alphanumeric() && *octet != b'-');
                    dialogue.mechanism =
                        name.into_iter().next().unwrap_or_default().to_ascii_uppercase();
                }
                out.extend_from_slice(word);
            } else {
                self.credentials(word, dialogue, out);
            }
        }
    }

    /// A line of the client's in an AUTH dialogue.
    pub(super) fn credentials(&mut self, part: &[u8], dialogue: &mut Dialogue, out: &mut Vec<u8>) {
        dialogue.secret = true;
        let start = out.len();
        if says_hidden(part.trim_ascii()) {
            out.extend_from_slice(part);
        } else if memchr::memmem::find(part, br"\0").is_some() {
            self.shown(part, out);
        } else {
            self.response_line(part, dialogue, out);
        }
        if out.get(start..) == Some(part) {
            self.kept.insert(part.trim_ascii().to_vec());
        }
    }

    /// What a client sent, shown with its NULs: `\0jane\0password`.
    fn shown(&mut self, part: &[u8], out: &mut Vec<u8>) {
        let end = part.trim_ascii_end().len();
        let (line, tail) = part.split_at_checked(end).unwrap_or((part, b""));
        let mut rest = line;
        let mut first = true;
        while let Some(at) = memchr::memmem::find(rest, br"\0") {
            let (name, behind) = rest.split_at_checked(at).unwrap_or((rest, b""));
            let blanks = name.len() - name.trim_ascii_start().len();
            out.extend_from_slice(name.get(..blanks).unwrap_or_default());
            if name.len() > blanks || !first {
                self.user(name.get(blanks..).unwrap_or_default(), out);
            }
            first = false;
            out.extend_from_slice(br"\0");
            rest = behind.get(2..).unwrap_or_default();
        }
        mask(rest, out);
        out.extend_from_slice(tail);
    }

    /// A line that is base64, or should be.
    fn response_line(&mut self, part: &[u8], dialogue: &mut Dialogue, out: &mut Vec<u8>) {
        let start = part.iter().position(|octet| is_base64(*octet)).unwrap_or(part.len());
        let (head, rest) = part.split_at_checked(start).unwrap_or((part, b""));
        let length = rest.iter().take_while(|octet| is_base64(**octet)).count();
        let (token, tail) = rest.split_at_checked(length).unwrap_or((rest, b""));
        out.extend_from_slice(head);
        // What follows may be the escaped end of the line, or more of a text that is no base64.
        let escaped =
            tail.is_empty() || matches!(tail.first(), Some(b'\\' | b'\'' | b'"' | b' ' | b'\r'));
        if !escaped {
            out.extend(self.people.stand_in(token));
            return self.words(tail, Trust::Person, out);
        }
        let place = dialogue.responses;
        dialogue.responses += usize::from(!token.is_empty());
        let first = token.first();
        let wiped = super::secrets::is_wiped(token);
        if token.len() < 2 || wiped || token.iter().all(|octet| Some(octet) == first) {
            self.kept.insert(token.to_vec());
            out.extend_from_slice(token);
        } else {
            let stand_in = LENIENT
                .decode(token)
                .ok()
                .map(|octets| self.response(&octets, &dialogue.mechanism, place))
                .and_then(|octets| encoded_like(token, &octets));
            let stand_in = stand_in.unwrap_or_else(|| self.people.stand_in(token));
            if stand_in == token {
                self.kept.insert(token.to_vec());
            }
            out.extend(stand_in);
        }
        // Of what is no base64 the other words are secret, too.
        if tail.starts_with(b" ") {
            wiped_into(tail, out);
        } else {
            out.extend_from_slice(tail);
        }
    }

    /// Words beside the dialogue, in which somebody may tell what was sent: `> AUTH PLAIN AGphbmUA…`.
    pub(super) fn told(&mut self, part: &[u8], trust: Trust, out: &mut Vec<u8>) {
        let mut done = 0;
        for at in verbs(part) {
            let rest = part.get(at..).unwrap_or_default();
            let mut words = rest.split_inclusive(|octet| *octet == b' ');
            let (Some(verb), Some(mechanism)) = (words.next(), words.next()) else { continue };
            let start = at + verb.len() + mechanism.len();
            let name = mechanism.trim_ascii();
            let known = TOLD.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()));
            let token = part.get(start..).unwrap_or_default();
            let length = token.iter().take_while(|octet| is_base64(**octet)).count();
            let token = token.get(..length).unwrap_or_default();
            if at < done || !known || length < 8 || !is_encoded(token) {
                continue;
            }
            self.words(part.get(done..start).unwrap_or_default(), trust, out);
            wiped_into(token, out);
            done = start + length;
        }
        self.words(part.get(done..).unwrap_or_default(), trust, out);
    }

    /// The server's challenge: prompts stay, hosts in it are replaced.
    pub(super) fn challenge(&mut self, part: &[u8], out: &mut Vec<u8>) {
        let length = part.iter().take_while(|octet| is_base64(**octet)).count();
        let (token, tail) = part.split_at_checked(length).unwrap_or((part, b""));
        let stand_in = LENIENT.decode(token).ok().filter(|_| token.len() >= 8).and_then(|octets| {
            let changed = if octets.starts_with(b"NTLMSSP\0") {
                wiped(&octets)
            } else {
                let mut changed = Vec::with_capacity(octets.len());
                self.words(&octets, Trust::Some, &mut changed);
                changed
            };
            encoded_like(token, &changed)
        });
        match stand_in {
            Some(stand_in) => out.extend(stand_in),
            None => out.extend_from_slice(token),
        }
        self.words(tail, Trust::Some, out);
    }

    /// What the client sent, decoded, with its names replaced and without its secrets.
    fn response(&mut self, octets: &[u8], mechanism: &[u8], place: usize) -> Vec<u8> {
        if octets.starts_with(b"NTLMSSP\0") {
            return wiped(octets);
        }
        let mut out = Vec::with_capacity(octets.len());
        if octets.contains(&0) {
            // PLAIN: authorization identity, authentication identity, password (RFC 4616 §2).
            for (place, part) in octets.split(|octet| *octet == 0).enumerate() {
                if place > 0 {
                    out.push(0);
                }
                if place < 2 { self.user(part, &mut out) } else { mask(part, &mut out) }
            }
        } else if octets.starts_with(b"user=") || octets.starts_with(b"n,") {
            // XOAUTH2, OAUTHBEARER, SCRAM: attributes, of which only the user's name is no secret.
            for part in octets.split_inclusive(|octet| matches!(octet, 1 | b',')) {
                let name = ATTRIBUTES.iter().find(|name| part.starts_with(name));
                match name {
                    Some(name) => {
                        out.extend_from_slice(name);
                        self.user(part.get(name.len()..).unwrap_or_default(), &mut out);
                    }
                    None if part.starts_with(b"auth=") => mask_word(part, &mut out),
                    None => out.extend_from_slice(part),
                }
            }
        } else if mechanism == b"CRAM-MD5" && octets.contains(&b' ') {
            let space = memchr::memrchr(b' ', octets).unwrap_or(0);
            let (user, digest) = octets.split_at_checked(space).unwrap_or((octets, b""));
            self.user(user, &mut out);
            out.extend(
                digest
                    .iter()
                    .map(|octet| if octet.is_ascii_alphanumeric() { b'0' } else { *octet }),
            );
        } else if place == 0
            && octets.iter().all(|octet| (0x20..0x7F).contains(octet) || *octet >= 0x80)
        {
            if memchr::memchr(b'=', octets).is_some() {
                mask(octets, &mut out);
            } else {
                self.user(octets, &mut out);
            }
        } else {
            mask(octets, &mut out);
        }
        out
    }

    /// A user's name: a mailbox, a name alone, or one below a Windows domain.
    fn user(&mut self, user: &[u8], out: &mut Vec<u8>) {
        if user.contains(&b'@') {
            return self.words(user, Trust::Full, out);
        }
        let (domain, name) = match memchr::memchr(b'\\', user) {
            Some(at) => user.split_at_checked(at + 1).unwrap_or((b"", user)),
            None => (&b""[..], user),
        };
        out.extend(self.hosts.stand_in(domain));
        if super::known::is_role(name) {
            out.extend_from_slice(name);
        } else {
            out.extend(self.people.stand_in(name));
        }
    }
}

/// Where AUTH stands in a text.
fn verbs(text: &[u8]) -> impl Iterator<Item = usize> + '_ {
    const VERB: &[u8] = b"AUTH ";
    let letters = memchr::memchr2_iter(b'A', b'a', text);
    letters.filter(|at| {
        text.get(*at..*at + VERB.len()).is_some_and(|verb| verb.eq_ignore_ascii_case(VERB))
    })
}

/// The rest of a secret that somebody broke, alone in its line: `M2NyZXQ=`; `false` where the line is another.
pub(super) fn rest(line: &[u8], out: &mut Vec<u8>) -> bool {
    let end = line.trim_ascii_end().len();
    let length = line.iter().take(end).rev().take_while(|octet| is_base64(**octet)).count();
    let (before, token) =
        line.get(..end).and_then(|line| line.split_at_checked(end - length)).unwrap_or_default();
    if before.iter().any(u8::is_ascii_alphanumeric) || !is_encoded(token) {
        return false;
    }
    out.extend_from_slice(before);
    wiped_into(token, out);
    out.extend_from_slice(line.get(end..).unwrap_or_default());
    true
}

/// Whether somebody put this in a secret's place: `[credentials hidden]`, `<redacted>`.
fn says_hidden(line: &[u8]) -> bool {
    let (Some(open), Some(close)) = (line.first(), line.last()) else { return false };
    let bracketed = matches!((open, close), (b'[', b']') | (b'<', b'>') | (b'(', b')'));
    let lower = line.to_ascii_lowercase();
    bracketed && HIDDEN.iter().any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some())
}

/// Whether a run of letters looks like base64, and not like a word.
fn is_encoded(token: &[u8]) -> bool {
    let inner = token.get(1..).unwrap_or_default();
    let sign = |octet: &u8| octet.is_ascii_uppercase() || octet.is_ascii_digit() || *octet == b'=';
    inner.iter().any(sign) && token.iter().any(u8::is_ascii_lowercase)
}

fn wiped_into(token: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(token);
    out.get_mut(start..).unwrap_or_default().iter_mut().for_each(super::secrets::wipe);
}

const fn is_base64(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/' | b'=' | b'*')
}

fn mask(secret: &[u8], out: &mut Vec<u8>) {
    out.extend(secret.iter().map(|octet| if *octet < 0x20 { *octet } else { MASK }));
}

/// `auth=Bearer TOKEN`
fn mask_word(part: &[u8], out: &mut Vec<u8>) {
    let space = memchr::memchr(b' ', part).map_or(part.len(), |space| space + 1);
    let (head, secret) = part.split_at_checked(space).unwrap_or((part, b""));
    out.extend_from_slice(head);
    mask(secret, out);
}

/// An NTLM message without its names: letters behind the fixed part, which are UTF-16 or one octet each.
fn wiped(octets: &[u8]) -> Vec<u8> {
    const FIXED: usize = 48;
    let letter = |(at, octet): (usize, &u8)| {
        if at >= FIXED && octet.is_ascii_alphanumeric() { b'X' } else { *octet }
    };
    octets.iter().enumerate().map(letter).collect()
}

/// base64 of octets, padded as a token was, where it is as long.
fn encoded_like(token: &[u8], octets: &[u8]) -> Option<Vec<u8>> {
    let mut encoded = LENIENT.encode(octets).into_bytes();
    if !token.ends_with(b"=") {
        while encoded.last() == Some(&b'=') {
            encoded.pop();
        }
    }
    (encoded.len() == token.len()).then_some(encoded)
}
