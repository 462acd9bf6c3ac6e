//! IP addresses that stand for IP addresses: with the same number of digits, in the same kind of network.

use std::{
    collections::HashMap,
    net::{Ipv4Addr, Ipv6Addr},
};

/// Which groups stand for which, network by network: two addresses share as much of their beginning as
/// those that they stand for.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    /// By the groups before (as they were), and the group.
    table: HashMap<(Vec<u32>, u32), u32>,
    /// How many were dealt out behind these groups, for each number of digits.
    dealt: HashMap<(Vec<u32>, usize), u32>,
}

impl Addresses {
    /// Replaces the address that a text begins with; how many octets it takes.
    pub(super) fn replace(&mut self, text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
        self.version_4(text, out).or_else(|| self.version_6(text, out))
    }

    fn version_4(&mut self, text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
        let length = run(text, |octet| octet.is_ascii_digit() || octet == b'.');
        let written = text.get(..length)?;
        let dots = written.iter().rev().take_while(|octet| **octet == b'.').count();
        let written = written.get(..written.len() - dots)?;
        let behind = text.get(written.len()).copied().unwrap_or_default();
        if behind.is_ascii_alphanumeric() || behind == b'-' || behind == b'_' {
            return None;
        }
        let address: Ipv4Addr = std::str::from_utf8(written).ok()?.parse().ok()?;
        let octets = address.octets();
        let kept = kept_4(address);
        let mut before = Vec::with_capacity(4);
        for (place, octet) in octets.iter().enumerate() {
            let group = u32::from(*octet);
            let stand_in = if place < kept {
                group
            } else {
                self.group(&before, group, digits(group, 10), &|number, digits| {
                    octet_of(number, digits, place == 0)
                })
            };
            if place > 0 {
                out.push(b'.');
            }
            out.extend_from_slice(stand_in.to_string().as_bytes());
            before.push(group);
        }
        Some(written.len())
    }

    fn version_6(&mut self, text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
        let length = run(text, |octet| octet.is_ascii_hexdigit() || octet == b':');
        let written = text.get(..length)?;
        if written.iter().filter(|octet| **octet == b':').count() < 2 {
            return None;
        }
        let written =
            written.strip_suffix(b":").filter(|short| !short.ends_with(b":")).unwrap_or(written);
        let behind = text.get(written.len()).copied().unwrap_or_default();
        if behind.is_ascii_alphanumeric() || behind == b'.' {
            return None;
        }
        let address: Ipv6Addr = std::str::from_utf8(written).ok()?.parse().ok()?;
        let documentation = matches!(address.segments(), [0x2001, 0xdb8, ..]);
        if documentation
            || address.is_loopback()
            || address.is_unspecified()
            || address.is_multicast()
        {
            out.extend_from_slice(written);
            return Some(written.len());
        }
        let mut before = Vec::with_capacity(8);
        for (place, group) in written.split(|octet| *octet == b':').enumerate() {
            if place > 0 {
                out.push(b':');
            }
            let value = std::str::from_utf8(group)
                .ok()
                .and_then(|group| u32::from_str_radix(group, 16).ok());
            let Some(value) = value else { continue };
            // The kind of the address is in its first group.
            let stand_in = if place == 0 || value == 0 {
                value
            } else {
                self.group(&before, value, group.len(), &|number, digits| {
                    let first = 16_u32.pow(u32::try_from(digits.clamp(1, 4) - 1).unwrap_or(0));
                    first + number % (first * 15)
                })
            };
            let shown = format!("{stand_in:0width$x}", width = group.len());
            let upper = group.iter().any(u8::is_ascii_uppercase);
            let shown = if upper { shown.to_ascii_uppercase() } else { shown };
            out.extend_from_slice(shown.as_bytes());
            before.push(value);
        }
        Some(written.len())
    }

    /// What stands for a group behind others.
    fn group(
        &mut self,
        before: &[u32],
        group: u32,
        digits: usize,
        spelt: &dyn Fn(u32, usize) -> u32,
    ) -> u32 {
        let dealt = &mut self.dealt;
        *self.table.entry((before.to_vec(), group)).or_insert_with(|| {
            let number = dealt.entry((before.to_vec(), digits)).or_default();
            let stand_in = spelt(*number, digits);
            *number += 1;
            stand_in
        })
    }
}

/// More octets than any address has, with dots or colons behind it: what goes on longer is none.
const LONGEST: usize = 64;

fn run(text: &[u8], belongs: impl Fn(u8) -> bool) -> usize {
    text.iter().take(LONGEST).take_while(|octet| belongs(**octet)).count()
}

const fn digits(number: u32, base: u32) -> usize {
    let mut left = number / base;
    let mut count = 1;
    while left > 0 {
        left /= base;
        count += 1;
    }
    count
}

/// How many octets of an address tell what kind it is, and stay: all of a documentation or loopback
/// address, the range of a private one, none of a public one.
fn kept_4(address: Ipv4Addr) -> usize {
    match address.octets() {
        [0 | 127 | 224..=255, ..] | [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => 4,
        [10, ..] => 1,
        [192, 168, ..]
        | [169, 254, ..]
        | [172, 16..=31, ..]
        | [100, 64..=127, ..]
        | [198, 18..=19, ..] => 2,
        _ => 0,
    }
}

/// The octet that has a number among those with as many digits; as the first one, of a public address.
fn octet_of(number: u32, digits: usize, first: bool) -> u32 {
    // 11 to 99 and 101 to 126, 128 to 168 are first octets of nothing but public addresses.
    match (digits, first) {
        (1, true) => 1 + number % 9,
        (1, false) => number % 10,
        (2, true) => 11 + number % 89,
        (2, false) => 10 + number % 90,
        (_, true) => 128 + number % 41,
        (_, false) => 100 + number % 156,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(addresses: &mut Addresses, text: &str) -> String {
        let mut out = Vec::new();
        let taken = addresses.replace(text.as_bytes(), &mut out).unwrap_or(0);
        out.extend_from_slice(text.as_bytes().get(taken..).unwrap());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn kinds_and_networks_stay() {
        let mut addresses = Addresses::default();
        for (text, want) in [
            ("8.8.8.8]", "1.0.0.0]"),
            ("8.8.4.4", "1.0.1.0"),
            ("10.20.30.40:25", "10.10.10.10:25"),
            ("192.168.1.2.", "192.168.0.0."),
            ("172.20.1.2", "172.20.0.0"),
            ("127.0.0.1", "127.0.0.1"),
            ("192.0.2.7", "192.0.2.7"),
            ("2001:db8::1", "2001:db8::1"),
            ("2a00:1450:4001::1b", "2a00:1000:1000::10"),
            ("10:16:44", "10:16:44"),
            ("8.15.2", "8.15.2"),
            ("1.2.3.4.5", "1.2.3.4.5"),
        ] {
            assert_eq!(replaced(&mut addresses, text), want);
        }
        let mut again = Addresses::default();
        assert_eq!(replaced(&mut again, "1.0.0.0"), "1.0.0.0");
        assert_eq!(replaced(&mut again, "1.0.1.0"), "1.0.1.0");
    }
}
