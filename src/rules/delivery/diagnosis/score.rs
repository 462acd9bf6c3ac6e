//! Weighs every row of the table against a refusal; the cause with the best row wins.
//!
//! The weights keep the order of the evidence: a provider's own number before the stage, the stage before the
//! text, the text before the enhanced code, that before the reply code. A row that is at home at another
//! stage keeps half of what its words are worth.

use super::{
    pattern::Kind,
    phrases::{Hit, PHRASES, Phrases},
    provider::Provider,
    row::Row,
    stage::{CONNECT, HELLO, MESSAGE},
};

const SUB_CODE: i32 = 100;
const PHRASE: i32 = 50;
const HINT: i32 = 14;
const ENHANCED: i32 = 18;
const VAGUE_ENHANCED: i32 = 8;
const PROVIDER: i32 = 12;
const CODE: i32 = 4;
const AT_HOME: i32 = 20;
const ELSEWHERE: i32 = -30;

/// Two causes that are closer than this leave doubt.
const DOUBT: i32 = 6;

/// What a refusal shows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts<'t> {
    /// The stage, one bit.
    pub(super) stage: u16,
    /// The reply code.
    pub(super) code: u16,
    /// Subject and detail of its enhanced code.
    pub(super) enhanced: Option<(u16, u16)>,
    /// Whose server it is.
    pub(super) provider: Option<Provider>,
    /// Its text, normalised.
    pub(super) text: &'t [u8],
}

/// The row that explains a refusal best.
#[derive(Debug, Clone, Copy)]
pub(super) struct Best {
    /// The row.
    pub(super) row: &'static Row,
    /// The best evidence was words or a provider's number, not a code alone.
    pub(super) told: bool,
    /// Another cause is nearly as likely, or the words are at home at another stage.
    pub(super) doubtful: bool,
}

/// The best row for a refusal, where any fits.
pub(super) fn best(facts: &Facts<'_>) -> Option<Best> {
    let phrases: &Phrases = &PHRASES;
    let mut hits: Vec<Hit> = phrases.find(facts.text);
    // Of a row's phrases the strongest counts.
    hits.sort_unstable_by_key(|hit| (hit.row, std::cmp::Reverse((hit.kind, hit.length))));
    hits.dedup_by_key(|hit| hit.row);
    let told = hits.iter().map(|hit| (hit.row, Some(*hit)));
    let plain = phrases.plain.iter().map(|row| (*row, None));
    let mut first: Option<(i32, &'static Row, Option<Hit>)> = None;
    let mut second = i32::MIN;
    for (place, hit) in told.chain(plain) {
        let Some(row) = phrases.rows.get(place).copied() else { continue };
        let Some(score) = score(row, hit, facts) else { continue };
        match first {
            Some((best, leader, _)) if score <= best => {
                if leader.cause != row.cause {
                    second = second.max(score);
                }
            }
            previous => {
                if let Some((best, leader, _)) = previous
                    && leader.cause != row.cause
                {
                    second = second.max(best);
                }
                first = Some((score, row, hit));
            }
        }
    }
    let (score, row, hit) = first?;
    let strong = hit.is_some_and(|hit| hit.kind != Kind::Hint) || is_own_number(row, facts);
    let misplaced = row.stages & facts.stage == 0;
    Some(Best {
        row,
        told: strong,
        doubtful: misplaced || row.unsure || score.saturating_sub(second) < DOUBT,
    })
}

/// What a row is worth here; `None` where it does not fit at all.
fn score(row: &Row, hit: Option<Hit>, facts: &Facts<'_>) -> Option<i32> {
    if row.class != 0 && row.class != facts.code / 100 {
        return None;
    }
    // Before there is a recipient, nothing is said of one.
    if row.cause.is_about_recipient() && facts.stage & (CONNECT | HELLO) != 0 {
        return None;
    }
    let enhanced =
        facts.enhanced.is_some_and(|(subject, detail)| row.has_enhanced(subject, detail));
    let code = row.codes.contains(&facts.code);
    let known = row.provider.is_none() || row.provider == facts.provider;
    let strong = hit.is_some_and(|hit| hit.kind != Kind::Hint);
    // A provider's numbers mean nothing on another's server.
    if !known && !strong {
        return None;
    }
    // Codes about syntax and order are the client's fault, unless the words say otherwise.
    if is_syntax(facts.code) && facts.stage != MESSAGE && !(strong && code) {
        return None;
    }
    // Words that may mean many things mean these at their own stage only.
    let at_home = row.stages & facts.stage != 0;
    if !strong && !at_home {
        return None;
    }
    let text = match hit {
        Some(Hit { kind: Kind::SubCode, .. }) => SUB_CODE,
        _ if is_own_number(row, facts) => SUB_CODE,
        Some(Hit { kind: Kind::Phrase, length, .. }) => PHRASE + worth(length),
        Some(Hit { kind: Kind::Hint, length, .. }) => HINT + worth(length) / 2,
        None => {
            let by_enhanced = row.has_enhanced_codes();
            // Without words, an enhanced code has to fit; where the row has none, the reply code.
            if if by_enhanced { !enhanced } else { !code } {
                return None;
            }
            0
        }
    };
    let by_enhanced = match (enhanced, row.vague) {
        (true, false) => ENHANCED,
        (true, true) => VAGUE_ENHANCED,
        (false, _) => 0,
    };
    let by_provider = if row.provider.is_some() && known { PROVIDER } else { 0 };
    let by_code = if code { CODE } else { 0 };
    let by_stage = if at_home { AT_HOME } else { ELSEWHERE };
    Some(text + by_enhanced + by_provider + by_code + by_stage)
}

/// An enhanced code of three digits is a provider's own number (Microsoft's `5.7.606`).
fn is_own_number(row: &Row, facts: &Facts<'_>) -> bool {
    row.provider.is_some()
        && row.provider == facts.provider
        && facts
            .enhanced
            .is_some_and(|(subject, detail)| detail >= 100 && row.has_enhanced(subject, detail))
}

/// The longer a phrase, the less it is chance.
fn worth(length: usize) -> i32 {
    i32::try_from(length / 4).unwrap_or(0).min(8)
}

/// 500 to 504 and 555: the command itself was wrong.
pub(super) const fn is_syntax(code: u16) -> bool {
    matches!(code, 500..=504 | 555)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::delivery::diagnosis::{cause::Cause, stage::*};

    fn cause(stage: u16, code: u16, enhanced: Option<(u16, u16)>, text: &str) -> Option<Cause> {
        let text = text.as_bytes();
        let provider = crate::rules::delivery::diagnosis::provider::of(text);
        best(&Facts { stage, code, enhanced, provider, text }).map(|best| best.row.cause)
    }

    #[test]
    fn the_strongest_evidence_wins() {
        use Cause::*;
        for (stage, code, enhanced, text, expected) in [
            (
                RCPT,
                550,
                Some((1, 1)),
                "@ : recipient address rejected: user unknown in local recipient table",
                MailboxUnknown,
            ),
            (RCPT, 550, None, "no such user here", MailboxUnknown),
            (RCPT, 550, Some((1, 1)), "nobody of that name", MailboxUnknown),
            (
                RCPT,
                550,
                Some((4, 1)),
                "recipient address rejected: access denied. [db5eur01.prod.protection.outlook.com]",
                MailboxUnknown,
            ),
            (
                RCPT,
                554,
                Some((7, 1)),
                "@ : recipient address rejected: access denied",
                PolicyRejected,
            ),
            (RCPT, 552, Some((1, 1)), "recipient overquota", MailboxFull),
            (
                RCPT,
                450,
                Some((2, 0)),
                "greylisted, see http://mail.example.org/grey.html",
                Greylisted,
            ),
            (RCPT, 451, None, "temporary failure, try again later", ServerError),
            (RCPT, 450, None, "try again later", Delayed),
            (
                RCPT,
                450,
                Some((7, 1)),
                "client host rejected: cannot find your hostname, [192.0.2.1]",
                ReverseDnsMissing,
            ),
            (RCPT, 450, Some((7, 1)), "@ : helo command rejected: host not found", HelloRejected),
            (
                RCPT,
                504,
                Some((5, 2)),
                "helo command rejected: need fully-qualified hostname",
                HelloRejected,
            ),
            (
                RCPT,
                554,
                Some((7, 1)),
                "service unavailable; client host [192.0.2.1] blocked using zen.spamhaus.org",
                Blocklisted,
            ),
            (RCPT, 450, Some((1, 8)), "sender address rejected: domain not found", SenderRejected),
            (RCPT, 451, Some((3, 0)), "temporary lookup failure", ServerError),
            (MESSAGE, 554, Some((7, 1)), "message content rejected", ContentRejected),
            (MESSAGE, 552, Some((3, 4)), "message size exceeds fixed limit", MessageTooLarge),
            (MESSAGE, 550, Some((7, 27)), "spf did not pass - gsmtp", SpfFailed),
            (MAIL, 550, Some((7, 27)), "no", SenderRejected),
            (
                MESSAGE,
                550,
                Some((7, 26)),
                "unauthenticated email from example.com is not accepted due to domain's dmarc policy. - gsmtp",
                DmarcFailed,
            ),
            (
                CONNECT,
                554,
                Some((7, 1)),
                "blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1",
                Blocklisted,
            ),
            (
                CONNECT,
                421,
                None,
                "too many concurrent smtp connections; please try again later.",
                ConnectionLimited,
            ),
            (AUTH, 535, Some((7, 8)), "error: authentication failed", AuthFailed),
            (AUTH, 454, Some((7, 0)), "temporary authentication failure", AuthUnavailable),
            (MAIL, 530, Some((7, 0)), "must issue a starttls command first", TlsRequired),
            (MAIL, 530, Some((7, 0)), "authentication required", AuthRequired),
            (OTHER, 421, Some((4, 2)), "mx.example.net error: timeout exceeded", IdleTimeout),
            (MAIL, 421, Some((7, 0)), "too many errors", TooManyErrors),
            (RCPT, 550, None, "jdoe not listed in public name & address book", MailboxUnknown),
            (RCPT, 550, None, "closed to new mail due to inactivity", MailboxDisabled),
            (OTHER, 421, Some((4, 2)), "closing due to inactivity", IdleTimeout),
            (MAIL, 550, None, "invalid domain", SenderRejected),
            (RCPT, 550, None, "invalid domain", DomainUnknown),
            (RCPT, 550, Some((7, 1)), "blacklisted by recipient", PolicyRejected),
            (RCPT, 550, Some((7, 1)), "blacklisted by bl.example", Blocklisted),
            (MESSAGE, 554, Some((7, 1)), "blacklisted url in message", SpamRejected),
            (CONNECT, 553, Some((3, 2)), "rejecting open proxy 192.0.2.1", Blocklisted),
        ] {
            assert_eq!(cause(stage, code, enhanced, text), Some(expected), "{code} {text}");
        }
    }

    #[test]
    fn syntax_and_order_are_no_refusals_of_mail() {
        for (stage, code, text) in [
            (MAIL, 503, "sender already given"),
            (RCPT, 501, "syntax: rcpt to: @"),
            (HELLO, 502, "command not implemented"),
            (MAIL, 555, "unsupported option"),
            (MAIL, 500, "error: bad syntax"),
        ] {
            assert_eq!(cause(stage, code, None, text), None, "{text}");
        }
    }
}
