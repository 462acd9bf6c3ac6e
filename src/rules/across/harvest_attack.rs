//! One client that looks for addresses in many sessions.

use super::{Raised, by_client, different, glance::Glance, nothing};
use crate::rules::{Confidence, quoted, rule};

rule! {
    /// One client tried many recipients that do not exist, over several sessions.
    ///
    /// A harvest attack: the addresses that are not refused are sold, or attacked next. A list that was bought or is
    /// very old looks the same.
    ///
    /// ## What to do
    /// Limit the refused recipients of a client (`smtpd_hard_error_limit`, `anvil`, fail2ban), and refuse its address. If
    /// the client is yours, clean its list: remove every address that was refused with 5.1.1.
    ///
    /// ## Flags
    /// ```smtp also=mailbox-unknown,user-enumeration,refused,too-many-errors
    ///   #Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,0,192.0.2.25:25,192.0.2.7:4711,+,,
    /// ! 2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,2,192.0.2.25:25,192.0.2.7:4711,<,EHLO client.example,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,3,192.0.2.25:25,192.0.2.7:4711,>,250 mx.example.net,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,4,192.0.2.25:25,192.0.2.7:4711,<,MAIL FROM:<>,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,5,192.0.2.25:25,192.0.2.7:4711,>,250 2.1.0 Ok,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,6,192.0.2.25:25,192.0.2.7:4711,<,RCPT TO:<user0@example.net>,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,7,192.0.2.25:25,192.0.2.7:4711,>,550 5.1.1 User unknown,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,8,192.0.2.25:25,192.0.2.7:4711,<,RCPT TO:<user1@example.net>,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,9,192.0.2.25:25,192.0.2.7:4711,>,550 5.1.1 User unknown,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,10,192.0.2.25:25,192.0.2.7:4711,<,RCPT TO:<user2@example.net>,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,11,192.0.2.25:25,192.0.2.7:4711,>,550 5.1.1 User unknown,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,12,192.0.2.25:25,192.0.2.7:4711,<,RCPT TO:<user3@example.net>,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,13,192.0.2.25:25,192.0.2.7:4711,>,550 5.1.1 User unknown,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,14,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,15,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,16,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,2,192.0.2.25:25,192.0.2.7:4711,<,EHLO client.example,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,3,192.0.2.25:25,192.0.2.7:4711,>,250 mx.example.net,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,4,192.0.2.25:25,192.0.2.7:4711,<,MAIL FROM:<>,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,5,192.0.2.25:25,192.0.2.7:4711,>,250 2.1.0 Ok,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,6,192.0.2.25:25,192.0.2.7:4711,<,RCPT TO:<user4@example.net>,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,7,192.0.2.25:25,192.0.2.7:4711,>,550 5.1.1 User unknown,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,8,192.0.2.25:25,192.0.2.7:4711,<,RCPT TO:<user5@example.net>,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,9,192.0.2.25:25,192.0.2.7:4711,>,550 5.1.1 User unknown,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,10,192.0.2.25:25,192.0.2.7:4711,<,RCPT TO:<user6@example.net>,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,11,192.0.2.25:25,192.0.2.7:4711,>,550 5.1.1 User unknown,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,12,192.0.2.25:25,192.0.2.7:4711,<,RCPT TO:<user7@example.net>,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,13,192.0.2.25:25,192.0.2.7:4711,>,550 5.1.1 User unknown,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,14,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,15,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,16,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,2,192.0.2.25:25,192.0.2.7:4711,<,EHLO client.example,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,3,192.0.2.25:25,192.0.2.7:4711,>,250 mx.example.net,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,4,192.0.2.25:25,192.0.2.7:4711,<,MAIL FROM:<>,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,5,192.0.2.25:25,192.0.2.7:4711,>,250 2.1.0 Ok,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,6,192.0.2.25:25,192.0.2.7:4711,<,RCPT TO:<user8@example.net>,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,7,192.0.2.25:25,192.0.2.7:4711,>,550 5.1.1 User unknown,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,8,192.0.2.25:25,192.0.2.7:4711,<,RCPT TO:<user9@example.net>,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,9,192.0.2.25:25,192.0.2.7:4711,>,550 5.1.1 User unknown,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,10,192.0.2.25:25,192.0.2.7:4711,<,RCPT TO:<user10@example.net>,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,11,192.0.2.25:25,192.0.2.7:4711,>,550 5.1.1 User unknown,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,12,192.0.2.25:25,192.0.2.7:4711,<,RCPT TO:<user11@example.net>,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,13,192.0.2.25:25,192.0.2.7:4711,>,550 5.1.1 User unknown,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,14,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,15,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,16,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   #Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,2,192.0.2.25:25,192.0.2.7:4711,<,EHLO client.example,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,3,192.0.2.25:25,192.0.2.7:4711,>,250 mx.example.net,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,4,192.0.2.25:25,192.0.2.7:4711,<,MAIL FROM:<>,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,5,192.0.2.25:25,192.0.2.7:4711,>,250 2.1.0 Ok,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,6,192.0.2.25:25,192.0.2.7:4711,<,RCPT TO:<user1@example.net>,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,7,192.0.2.25:25,192.0.2.7:4711,>,550 5.1.1 User unknown,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,8,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,9,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,10,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,2,192.0.2.25:25,192.0.2.7:4711,<,EHLO client.example,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,3,192.0.2.25:25,192.0.2.7:4711,>,250 mx.example.net,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,4,192.0.2.25:25,192.0.2.7:4711,<,MAIL FROM:<>,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,5,192.0.2.25:25,192.0.2.7:4711,>,250 2.1.0 Ok,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,6,192.0.2.25:25,192.0.2.7:4711,<,RCPT TO:<user1@example.net>,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,7,192.0.2.25:25,192.0.2.7:4711,>,550 5.1.1 User unknown,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,8,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,9,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,10,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,2,192.0.2.25:25,192.0.2.7:4711,<,EHLO client.example,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,3,192.0.2.25:25,192.0.2.7:4711,>,250 mx.example.net,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,4,192.0.2.25:25,192.0.2.7:4711,<,MAIL FROM:<>,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,5,192.0.2.25:25,192.0.2.7:4711,>,250 2.1.0 Ok,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,6,192.0.2.25:25,192.0.2.7:4711,<,RCPT TO:<user2@example.net>,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,7,192.0.2.25:25,192.0.2.7:4711,>,550 5.1.1 User unknown,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,8,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,9,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,10,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    /// ```
    "harvest-attack", Across, Warning, Client,
    ["RFC 5321 §7.3"], ALL_EDITIONS,
    nothing
}

/// How many sessions of a client make a series.
const SESSIONS: usize = 3;
/// How many different unknown recipients make an attack.
const RECIPIENTS: usize = 10;

pub(super) fn check(sessions: &[Glance], raised: &mut Raised) {
    for (client, sessions) in by_client(sessions) {
        let attempts = || sessions.iter().flat_map(|session| &session.attempts);
        let unknown = different(
            attempts().filter(|attempt| attempt.unknown).map(|attempt| attempt.recipient.as_str()),
        );
        let guilty: Vec<_> = sessions
            .iter()
            .filter(|session| session.attempts.iter().any(|attempt| attempt.unknown))
            .map(|session| (session.spot, "more of them"))
            .collect();
        // Who mostly reaches somebody has a list that wants cleaning.
        let taken = attempts().filter(|attempt| attempt.code / 100 == 2).count();
        if guilty.len() < SESSIONS || unknown < RECIPIENTS || taken > unknown {
            continue;
        }
        raised.raise(
            &guilty,
            format!(
                "{} tried {unknown} recipients that do not exist, in {} sessions",
                quoted(client.as_bytes()),
                guilty.len()
            ),
            "limit the refused recipients of a client; if it is yours, remove the refused addresses from its list",
            Confidence::Likely,
        );
    }
}
