//! The second message of NTLM: what the server tells about itself before anybody has logged in
//! (MS-NLMP §2.2.1.2).

/// What a challenge names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Challenge {
    /// The names, each with what it is.
    pub(super) names: Vec<(&'static str, String)>,
    /// Major version, minor version and build of Windows.
    pub(super) version: Option<(u8, u8, u16)>,
}

/// The attributes of the target information that name something (MS-NLMP §2.2.2.1).
const ATTRIBUTES: &[(u16, &str)] =
    &[(1, "computer"), (2, "domain"), (3, "host"), (4, "DNS domain"), (5, "forest")];

/// How many attributes are read: a challenge has six or seven.
const MOST: usize = 16;

/// What a challenge names; `None` where the octets are none.
pub(super) fn challenge(octets: &[u8]) -> Option<Challenge> {
    octets.strip_prefix(b"NTLMSSP\0\x02\0\0\0")?;
    let mut found = Challenge::default();
    let unicode = u32_at(octets, 20)? & 1 == 1;
    if let Some(target) = field(octets, 12) {
        let name =
            if unicode { utf16(target) } else { String::from_utf8_lossy(target).into_owned() };
        if !name.is_empty() {
            found.names.push(("target", name));
        }
    }
    let mut rest = field(octets, 40).unwrap_or_default();
    for _ in 0..MOST {
        let (Some(id), Some(length)) = (u16_at(rest, 0), u16_at(rest, 2)) else { break };
        let Some(value) = rest.get(4..4 + usize::from(length)) else { break };
        if let Some((_, what)) = ATTRIBUTES.iter().find(|(known, _)| *known == id) {
            let name = utf16(value);
            if !name.is_empty() {
                found.names.push((what, name));
            }
        }
        if id == 0 {
            break;
        }
        rest = rest.get(4 + usize::from(length)..).unwrap_or_default();
    }
    if let (Some(&[major, minor]), Some(build)) = (octets.get(48..50), u16_at(octets, 50))
        && (5..=12).contains(&major)
    {
        found.version = Some((major, minor, build));
    }
    Some(found)
}

/// A field: length, room, offset.
fn field(octets: &[u8], at: usize) -> Option<&[u8]> {
    let length = usize::from(u16_at(octets, at)?);
    let offset = usize::try_from(u32_at(octets, at + 4)?).ok()?;
    octets.get(offset..offset.checked_add(length)?)
}

fn u16_at(octets: &[u8], at: usize) -> Option<u16> {
    let &[low, high] = octets.get(at..at + 2)? else { return None };
    Some(u16::from_le_bytes([low, high]))
}

fn u32_at(octets: &[u8], at: usize) -> Option<u32> {
    let &[a, b, c, d] = octets.get(at..at + 4)? else { return None };
    Some(u32::from_le_bytes([a, b, c, d]))
}

fn utf16(octets: &[u8]) -> String {
    let units = octets.chunks_exact(2).filter_map(|pair| u16_at(pair, 0));
    char::decode_utf16(units)
        .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
        .filter(|letter| !letter.is_control())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_challenge() {
        assert_eq!(challenge(b""), None);
        assert_eq!(challenge(b"Password:"), None);
        assert_eq!(challenge(b"NTLMSSP\0\x01\0\0\0"), None);
        // Offsets that lead out of the message.
        let mut wild = b"NTLMSSP\0\x02\0\0\0".to_vec();
        wild.extend_from_slice(&[0xFF; 44]);
        assert_eq!(challenge(&wild), Some(Challenge::default()));
    }
}
