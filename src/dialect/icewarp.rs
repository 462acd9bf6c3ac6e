//! `IceWarp`'s (once Merak's) SMTP log.
//!
//! ```text
//! 192.0.2.7 [00000A1C] Mon, 23 Nov 2026 22:01:42 +0100 Connected
//! 192.0.2.7 [00000A1C] Mon, 23 Nov 2026 22:01:42 +0100 >>> 220 mx.example ESMTP
//! 192.0.2.7 [00000A1C] Mon, 23 Nov 2026 22:01:42 +0100 <<< HELO client.example
//! 192.0.2.7 [00000A1C] Mon, 23 Nov 2026 22:01:42 +0100 Disconnected
//! ```
//!
//! Traps: `>>>` is what `IceWarp` sent, so it is the server in a server's session and the client in a
//! client's; newer versions print the time alone. `***` sums up. From the vendor's description.

use super::{Custom, Dialect, Reading, Record, Say, Times, Unmarked, time};
use crate::transcript::{ClosedBy, Fact, Mark, Moment};

pub(super) static DIALECT: Dialect = Dialect {
    name: "icewarp",
    about: "IceWarp's SMTP log",
    client: "<<< where it serves, >>> where it delivers",
    server: ">>> where it serves, <<< where it delivers",
    key: "thread",
    times: Times::Always,
    record: Record::DIALOGUE,
    unmarked: Unmarked::Neither,
    custom: Custom::FirstIsClient,
    hints: &["] "],
    evidence: |line| {
        Line::of(line).is_some_and(|line| {
            let (start, _) = line.text.split_at_checked(4).unwrap_or((line.text, b""));
            matches!(start, b"<<< " | b">>> ")
        })
    },
    reader: || Box::new(read),
};

struct Line<'l> {
    peer: Option<&'l [u8]>,
    key: &'l [u8],
    at: Moment,
    text: &'l [u8],
}

impl<'l> Line<'l> {
    fn of(line: &'l [u8]) -> Option<Self> {
        let open = line.iter().take(64).position(|octet| *octet == b'[')?;
        let peer = line.get(..open)?.trim_ascii();
        let rest = line.get(open + 1..)?;
        let close = rest.iter().take(17).position(|octet| *octet == b']')?;
        let key = rest.get(..close)?;
        if close < 4 || !key.iter().all(u8::is_ascii_hexdigit) || peer.contains(&b' ') {
            return None;
        }
        let rest = rest.get(close + 1..)?.trim_ascii_start();
        let (at, rest) = time::mail_date(rest).or_else(|| time::clock(rest))?;
        let peer = (!peer.is_empty()).then_some(peer);
        Some(Self { peer, key, at, text: rest.trim_ascii_start() })
    }
}

fn read(line: &[u8], say: Say<'_>) -> bool {
    let Some(Line { peer, key, at, text }) = Line::of(line) else { return false };
    let (mark, said) = text.split_at_checked(3).unwrap_or((text, b""));
    let said = said.strip_prefix(b" ").unwrap_or(said);
    let reading = match mark {
        b"<<<" => Reading::said(Mark::First, said),
        b">>>" => Reading::said(Mark::Second, said),
        _ if text.starts_with(b"Connected") => {
            say(Reading::tells(text, Fact::Opening).at(Some(at)).of(key));
            if let Some(peer) = peer {
                let fact = Fact::ClientAddress { address: peer.to_vec(), port: None };
                say(Reading::tells(b"", fact).of(key));
            }
            return true;
        }
        _ if text.starts_with(b"Disconnected") => {
            Reading::tells(text, Fact::Closed(ClosedBy::Unknown))
        }
        _ => Reading::remark(text),
    };
    let hidden = said.starts_with(b"354").then_some(Fact::BodyHidden(None));
    let fact = reading.fact.clone().or(hidden);
    say(Reading { fact, ..reading }.at(Some(at)).of(key));
    true
}

#[cfg(test)]
mod tests {
    use super::{
        super::shown::{check, evident},
        *,
    };

    #[test]
    fn reads_old_times_and_new_ones() {
        check(
            &DIALECT,
            "192.0.2.7 [00000A1C] Mon, 23 Nov 2026 22:01:42 +0100 Connected\n\
             192.0.2.7       [00000A1C] Mon, 23 Nov 2026 22:01:42 +0100 >>> 220 mx.example ESMTP\n\
             [000011A0] 10:00:00 <<< HELO client.example\n\
             192.0.2.7 [00000A1C] Mon, 23 Nov 2026 22:01:42 +0100 *** <a@b> <c@d> 1 348 0 OK\n\
             192.0.2.7 [00000A1C] Mon, 23 Nov 2026 22:01:42 +0100 Disconnected\n\
             [000011A0] hello",
            "[00000A1C] * = Opening
             [00000A1C] * = ClientAddress { address: '192.0.2.7', port: None }
             [00000A1C] 2 220 mx.example ESMTP
             [000011A0] 1 HELO client.example
             [00000A1C] * = Closed(Unknown)
             ? [000011A0] hello",
        );
        evident(&DIALECT, "192.0.2.7 [0A1C] 22:01:42 >>> 220 mx", true);
        evident(&DIALECT, "192.0.2.7 [0A1C] 22:01:42 Connected", false);
    }
}
