//! STARTTLS that one session of a server shows and another does not: `starttls-stripped` seen from outside.

use std::collections::HashMap;

use super::{Raised, glance::Glance};
use crate::rules::{Confidence, Spot, quoted};

pub(super) fn check(sessions: &[Glance], raised: &mut Raised) {
    // By server: the first list with STARTTLS, and the first without.
    let mut lists: HashMap<(&str, &str), [Option<Spot>; 2]> = HashMap::new();
    for session in sessions {
        let (Some((address, name)), Some((offer, spot))) = (&session.server, &session.offer) else {
            continue;
        };
        // A server's own log shows what it sent, and nothing of what happened on the way.
        if session.client.is_some() {
            continue;
        }
        let missing = !offer.split(' ').any(|keyword| keyword == "STARTTLS");
        let seen = lists.entry((address.as_ref(), name.as_ref())).or_default();
        let Some(place) = seen.get_mut(usize::from(missing)) else { continue };
        if place.is_some() {
            continue;
        }
        *place = Some(*spot);
        if let [Some(with), Some(without)] = *seen {
            raised.raise(
                &[(without, ""), (with, "the list with STARTTLS")],
                format!(
                    "{} offers STARTTLS in one session and not in another",
                    quoted(name.as_bytes())
                ),
                "compare from where the two sessions came: a firewall or proxy on the way of one may take the \
                 keyword out; if the server itself does, let all machines behind the name offer it",
                Confidence::Likely,
            );
            return;
        }
    }
}
