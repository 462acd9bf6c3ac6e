//! A server that offers now this, now that.

use std::collections::HashMap;

use super::{Raised, glance::Glance, nothing};
use crate::rules::{Confidence, Spot, quoted, rule};

rule! {
    /// The same server offered the same client different extensions in different sessions.
    ///
    /// Several machines behind one name are configured differently, or something on the way changes the list in some
    /// of the sessions. Mail then fails, or goes unencrypted, now and then: the hardest kind of fault to find.
    ///
    /// ## What to do
    /// Compare the configuration of all machines behind the name. If STARTTLS is what comes and goes, compare with
    /// sessions from another network.
    ///
    /// ## Flags
    /// ```smtp
    ///   #Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,2,192.0.2.25:25,192.0.2.7:4711,<,EHLO client.example,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,3,192.0.2.25:25,192.0.2.7:4711,>,250-mx.example.net,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,4,192.0.2.25:25,192.0.2.7:4711,>,250-SIZE 1000,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,5,192.0.2.25:25,192.0.2.7:4711,>,250 STARTTLS,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,6,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,7,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,8,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,2,192.0.2.25:25,192.0.2.7:4711,<,EHLO client.example,
    /// ! 2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,3,192.0.2.25:25,192.0.2.7:4711,>,250-mx.example.net,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,4,192.0.2.25:25,192.0.2.7:4711,>,250 SIZE 1000,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,5,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,6,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,7,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   #Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,2,192.0.2.25:25,192.0.2.7:4711,<,EHLO client.example,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,3,192.0.2.25:25,192.0.2.7:4711,>,250-mx.example.net,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,4,192.0.2.25:25,192.0.2.7:4711,>,250-SIZE 1000,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,5,192.0.2.25:25,192.0.2.7:4711,>,250 STARTTLS,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,6,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,7,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,8,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,1,192.0.2.25:25,192.0.2.7:4711,>,220 mx.example.net ESMTP,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,2,192.0.2.25:25,192.0.2.7:4711,<,EHLO client.example,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,3,192.0.2.25:25,192.0.2.7:4711,>,250-mx.example.net,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,4,192.0.2.25:25,192.0.2.7:4711,>,250-SIZE 1000,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,5,192.0.2.25:25,192.0.2.7:4711,>,250 STARTTLS,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,6,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,7,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,8,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    /// ```
    "server-inconsistent", Across, Warning, Server,
    ["RFC 5321 §4.1.1.1"], SINCE_2821,
    nothing
}

pub(super) fn check(sessions: &[Glance], raised: &mut Raised) {
    let mut first: HashMap<(&str, &str, Option<&str>), (&str, Spot)> = HashMap::new();
    for session in sessions {
        let (Some((address, name)), Some((offer, spot))) = (&session.server, &session.offer) else {
            continue;
        };
        let server = (address.as_ref(), name.as_ref(), session.client.as_deref());
        let (before, place) = *first.entry(server).or_insert((offer.as_str(), *spot));
        if before == offer {
            continue;
        }
        let missing = without(before, offer);
        let more = without(offer, before);
        let mut changes = Vec::new();
        if !missing.is_empty() {
            changes.push(format!("without {}", missing.join(", ")));
        }
        if !more.is_empty() {
            changes.push(format!("with {}", more.join(", ")));
        }
        raised.raise(
            &[(*spot, ""), (place, "the list before")],
            format!("{} answers the same client {} now", quoted(name.as_bytes()), changes.join(" and ")),
            "compare the configuration of all machines behind the name, and sessions from another network",
            Confidence::Likely,
        );
        // Once for each server and client.
        first.remove(&server);
        return;
    }
}

/// The keywords of one list that the other lacks.
fn without<'o>(one: &'o str, other: &str) -> Vec<&'o str> {
    one.split(' ').filter(|name| !other.split(' ').any(|there| there == *name)).collect()
}
