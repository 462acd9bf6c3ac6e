//! One client that tries many users.

use super::{Raised, by_client, different, glance::Glance, nothing};
use crate::rules::{Confidence, quoted, rule};

rule! {
    /// One client failed to authenticate as many different users, over several sessions.
    ///
    /// Password spraying: the same few passwords are tried for every user, slowly, so that no account is locked.
    ///
    /// ## What to do
    /// Block the client's address; see whether any AUTH from it succeeded; have users whose password is weak change
    /// it. Offer AUTH only on submission ports, not on port 25.
    ///
    /// ## Flags
    /// ```smtp also=auth-failed,auth-guessing,starttls-not-offered
    ///   #Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,0,192.0.2.25:25,192.0.2.7:4711,+,,
    /// ! 2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,1,192.0.2.25:25,192.0.2.7:4711,>,220 mail.example.net ESMTP,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,2,192.0.2.25:25,192.0.2.7:4711,<,EHLO client.example,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,3,192.0.2.25:25,192.0.2.7:4711,>,250-mail.example.net,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,4,192.0.2.25:25,192.0.2.7:4711,>,250 AUTH CRAM-MD5,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,5,192.0.2.25:25,192.0.2.7:4711,<,AUTH CRAM-MD5,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,6,192.0.2.25:25,192.0.2.7:4711,>,334 PDE4OTYuNjk3MTcwOTUyQG1haWwuZXhhbXBsZS5uZXQ+,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,7,192.0.2.25:25,192.0.2.7:4711,<,YW5uIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,8,192.0.2.25:25,192.0.2.7:4711,>,535 5.7.8 Authentication failed,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,9,192.0.2.25:25,192.0.2.7:4711,<,AUTH CRAM-MD5,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,10,192.0.2.25:25,192.0.2.7:4711,>,334 PDE4OTYuNjk3MTcwOTUyQG1haWwuZXhhbXBsZS5uZXQ+,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,11,192.0.2.25:25,192.0.2.7:4711,<,Ym9iIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,12,192.0.2.25:25,192.0.2.7:4711,>,535 5.7.8 Authentication failed,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,13,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,14,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,15,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,1,192.0.2.25:25,192.0.2.7:4711,>,220 mail.example.net ESMTP,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,2,192.0.2.25:25,192.0.2.7:4711,<,EHLO client.example,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,3,192.0.2.25:25,192.0.2.7:4711,>,250-mail.example.net,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,4,192.0.2.25:25,192.0.2.7:4711,>,250 AUTH CRAM-MD5,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,5,192.0.2.25:25,192.0.2.7:4711,<,AUTH CRAM-MD5,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,6,192.0.2.25:25,192.0.2.7:4711,>,334 PDE4OTYuNjk3MTcwOTUyQG1haWwuZXhhbXBsZS5uZXQ+,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,7,192.0.2.25:25,192.0.2.7:4711,<,Y2FybCBiOTEzYTYwMmM3ZWRhN2E0OTViNGU2ZTczMzRkMzg5MA==,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,8,192.0.2.25:25,192.0.2.7:4711,>,535 5.7.8 Authentication failed,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,9,192.0.2.25:25,192.0.2.7:4711,<,AUTH CRAM-MD5,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,10,192.0.2.25:25,192.0.2.7:4711,>,334 PDE4OTYuNjk3MTcwOTUyQG1haWwuZXhhbXBsZS5uZXQ+,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,11,192.0.2.25:25,192.0.2.7:4711,<,ZG9yYSBiOTEzYTYwMmM3ZWRhN2E0OTViNGU2ZTczMzRkMzg5MA==,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,12,192.0.2.25:25,192.0.2.7:4711,>,535 5.7.8 Authentication failed,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,13,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,14,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,15,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,1,192.0.2.25:25,192.0.2.7:4711,>,220 mail.example.net ESMTP,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,2,192.0.2.25:25,192.0.2.7:4711,<,EHLO client.example,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,3,192.0.2.25:25,192.0.2.7:4711,>,250-mail.example.net,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,4,192.0.2.25:25,192.0.2.7:4711,>,250 AUTH CRAM-MD5,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,5,192.0.2.25:25,192.0.2.7:4711,<,AUTH CRAM-MD5,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,6,192.0.2.25:25,192.0.2.7:4711,>,334 PDE4OTYuNjk3MTcwOTUyQG1haWwuZXhhbXBsZS5uZXQ+,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,7,192.0.2.25:25,192.0.2.7:4711,<,ZXZlIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,8,192.0.2.25:25,192.0.2.7:4711,>,535 5.7.8 Authentication failed,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,9,192.0.2.25:25,192.0.2.7:4711,<,AUTH CRAM-MD5,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,10,192.0.2.25:25,192.0.2.7:4711,>,334 PDE4OTYuNjk3MTcwOTUyQG1haWwuZXhhbXBsZS5uZXQ+,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,11,192.0.2.25:25,192.0.2.7:4711,<,ZmF5IGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,12,192.0.2.25:25,192.0.2.7:4711,>,535 5.7.8 Authentication failed,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,13,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,14,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,15,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    /// ```
    /// ## Accepts
    /// ```smtp
    ///   #Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,1,192.0.2.25:25,192.0.2.7:4711,>,220 mail.example.net ESMTP,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,2,192.0.2.25:25,192.0.2.7:4711,<,EHLO client.example,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,3,192.0.2.25:25,192.0.2.7:4711,>,250-mail.example.net,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,4,192.0.2.25:25,192.0.2.7:4711,>,250 AUTH CRAM-MD5,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,5,192.0.2.25:25,192.0.2.7:4711,<,AUTH CRAM-MD5,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,6,192.0.2.25:25,192.0.2.7:4711,>,334 PDE4OTYuNjk3MTcwOTUyQG1haWwuZXhhbXBsZS5uZXQ+,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,7,192.0.2.25:25,192.0.2.7:4711,<,YW5uIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,8,192.0.2.25:25,192.0.2.7:4711,>,535 5.7.8 Authentication failed,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,9,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,10,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:00:00.000Z,MX1\\Default,08DE2A6F00000001,11,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,1,192.0.2.25:25,192.0.2.7:4711,>,220 mail.example.net ESMTP,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,2,192.0.2.25:25,192.0.2.7:4711,<,EHLO client.example,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,3,192.0.2.25:25,192.0.2.7:4711,>,250-mail.example.net,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,4,192.0.2.25:25,192.0.2.7:4711,>,250 AUTH CRAM-MD5,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,5,192.0.2.25:25,192.0.2.7:4711,<,AUTH CRAM-MD5,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,6,192.0.2.25:25,192.0.2.7:4711,>,334 PDE4OTYuNjk3MTcwOTUyQG1haWwuZXhhbXBsZS5uZXQ+,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,7,192.0.2.25:25,192.0.2.7:4711,<,YW5uIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,8,192.0.2.25:25,192.0.2.7:4711,>,535 5.7.8 Authentication failed,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,9,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,10,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:01:00.000Z,MX1\\Default,08DE2A6F00000002,11,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,0,192.0.2.25:25,192.0.2.7:4711,+,,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,1,192.0.2.25:25,192.0.2.7:4711,>,220 mail.example.net ESMTP,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,2,192.0.2.25:25,192.0.2.7:4711,<,EHLO client.example,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,3,192.0.2.25:25,192.0.2.7:4711,>,250-mail.example.net,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,4,192.0.2.25:25,192.0.2.7:4711,>,250 AUTH CRAM-MD5,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,5,192.0.2.25:25,192.0.2.7:4711,<,AUTH CRAM-MD5,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,6,192.0.2.25:25,192.0.2.7:4711,>,334 PDE4OTYuNjk3MTcwOTUyQG1haWwuZXhhbXBsZS5uZXQ+,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,7,192.0.2.25:25,192.0.2.7:4711,<,YW5uIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,8,192.0.2.25:25,192.0.2.7:4711,>,535 5.7.8 Authentication failed,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,9,192.0.2.25:25,192.0.2.7:4711,<,QUIT,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,10,192.0.2.25:25,192.0.2.7:4711,>,221 2.0.0 Bye,
    ///   2026-11-23T10:02:00.000Z,MX1\\Default,08DE2A6F00000003,11,192.0.2.25:25,192.0.2.7:4711,-,,Remote
    /// ```
    "password-spraying", Across, Warning, Client,
    ["RFC 4954 §9"], SINCE_2821,
    nothing
}

/// How many sessions of a client make a series.
const SESSIONS: usize = 3;
/// How many users make an attack: a household has fewer.
const USERS: usize = 5;

pub(super) fn check(sessions: &[Glance], raised: &mut Raised) {
    for (client, sessions) in by_client(sessions) {
        let failed: Vec<_> = sessions
            .iter()
            .filter(|session| !session.failed_users.is_empty())
            .map(|session| (session.spot, "further users"))
            .collect();
        let users = different(
            sessions.iter().flat_map(|session| &session.failed_users).map(String::as_str),
        );
        if failed.len() < SESSIONS || users < USERS {
            continue;
        }
        raised.raise(
            &failed,
            format!(
                "{} failed to authenticate as {users} different users, in {} sessions",
                quoted(client.as_bytes()),
                failed.len()
            ),
            "block the client's address, and see whether any AUTH from it succeeded",
            Confidence::Likely,
        );
    }
}
