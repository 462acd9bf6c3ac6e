//! AUTH: the names in it are replaced as elsewhere, passwords and tokens are gone.

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{
        DecodePaddingMode,
        general_purpose::{GeneralPurpose, GeneralPurposeConfig},
    },
};

use super::{Dialogue, Redactor, Trust};

/// base64 with its padding or without, as people copy it.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

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
        if token.len() < 2 || token.iter().all(|octet| Some(octet) == first) {
            out.extend_from_slice(token);
        } else {
            let stand_in = LENIENT
                .decode(token)
                .ok()
                .map(|octets| self.response(&octets, &dialogue.mechanism, place))
                .and_then(|octets| encoded_like(token, &octets));
            match stand_in {
                Some(stand_in) => out.extend(stand_in),
                None => out.extend(self.people.stand_in(token)),
            }
        }
        out.extend_from_slice(tail);
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
