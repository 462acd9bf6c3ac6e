//! Enhanced status codes: the registry, and the reply codes that each goes with.
//!
//! A code is `class.subject.detail` (RFC 3463 §2). The pairings with reply codes are RFC 5248's,
//! which calls its own table incomplete: a pair that it does not list is no error.

use super::Clause;

/// One subject and detail, whatever the class: `X.1.1`.
#[derive(Debug, Clone, Copy)]
pub struct EnhancedFact {
    /// The second number.
    pub subject: u16,
    /// The third number.
    pub detail: u16,
    /// Its name in the registry.
    pub title: &'static str,
    /// What it tells, in a few words.
    pub meaning: &'static str,
    /// The reply codes that it goes with, where the registry lists them.
    pub codes: &'static [u16],
    /// The classes with which it makes sense.
    pub classes: &'static [u8],
    /// Whether its RFC says so about the classes, as advice; otherwise the meaning does.
    pub classes_stated: bool,
    /// Whether it stands in the registry; otherwise a vendor made it up.
    pub registered: bool,
    /// Where.
    pub clause: Clause,
}

/// What is known of `class.subject.detail`. `None` where subject and detail are not known, or the
/// class is none of 2, 4 and 5.
///
/// ```
/// use smtplog::protocol::enhanced;
/// assert_eq!(enhanced::find(5, 1, 1).map(|fact| fact.codes), Some(&[451, 550][..]));
/// assert!(enhanced::find(3, 1, 1).is_none());
/// ```
pub fn find(class: u8, subject: u16, detail: u16) -> Option<&'static EnhancedFact> {
    class_name(class)?;
    by_subject(subject, detail)
}

/// What is known of a subject and detail, whatever the class.
pub fn by_subject(subject: u16, detail: u16) -> Option<&'static EnhancedFact> {
    let place = ENHANCED
        .binary_search_by_key(&(subject, detail), |fact| (fact.subject, fact.detail))
        .ok()?;
    ENHANCED.get(place)
}

/// The reply codes that the registry pairs with a code; empty where it names none.
pub fn expected_codes(class: u8, subject: u16, detail: u16) -> impl Iterator<Item = u16> {
    let codes = find(class, subject, detail).map_or(&[][..], |fact| fact.codes);
    codes.iter().copied().filter(move |code| *code / 100 == u16::from(class))
}

/// The enhanced codes that the registry pairs with a reply code.
pub fn paired_with(code: u16) -> impl Iterator<Item = &'static EnhancedFact> {
    ENHANCED.iter().filter(move |fact| fact.registered && fact.codes.contains(&code))
}

/// The class in words (RFC 3463 §2); `None` for anything but 2, 4 and 5.
pub const fn class_name(class: u8) -> Option<&'static str> {
    match class {
        2 => Some("success"),
        4 => Some("persistent transient failure"),
        5 => Some("permanent failure"),
        _ => None,
    }
}

/// The subject in words (RFC 3463 §3).
pub const fn subject_name(subject: u16) -> Option<&'static str> {
    match subject {
        0 => Some("other or undefined"),
        1 => Some("addressing"),
        2 => Some("mailbox"),
        3 => Some("mail system"),
        4 => Some("network and routing"),
        5 => Some("mail delivery protocol"),
        6 => Some("message content or media"),
        7 => Some("security or policy"),
        _ => None,
    }
}

const fn fact(
    subject: u16,
    detail: u16,
    title: &'static str,
    meaning: &'static str,
    codes: &'static [u16],
    classes: &'static [u8],
    clause: Clause,
) -> EnhancedFact {
    EnhancedFact {
        subject,
        detail,
        title,
        meaning,
        codes,
        classes,
        classes_stated: false,
        registered: true,
        clause,
    }
}

/// A row whose RFC says itself which class makes sense.
const fn stated(fact: EnhancedFact) -> EnhancedFact {
    EnhancedFact { classes_stated: true, ..fact }
}

const fn microsoft(subject: u16, detail: u16, meaning: &'static str) -> EnhancedFact {
    let title = "(Microsoft)";
    let clause = "Microsoft Exchange";
    EnhancedFact { registered: false, ..fact(subject, detail, title, meaning, &[550], P, clause) }
}

/// Any class.
const ANY: &[u8] = &[2, 4, 5];
/// Success.
const S: &[u8] = &[2];
/// Transient.
const T: &[u8] = &[4];
/// Permanent.
const P: &[u8] = &[5];
/// Transient or permanent.
const TP: &[u8] = &[4, 5];
/// Success or permanent.
const SP: &[u8] = &[2, 5];

/// Every known subject and detail, ascending.
#[rustfmt::skip]
pub const ENHANCED: &[EnhancedFact] = &[
    fact  (0, 0,  "Other undefined status",                  "nothing but the class is known; 2.0.0 is the usual word of success", &[], ANY, "RFC 3463 §3.1"),

    fact  (1, 0,  "Other address status",                    "something about the address",                          &[],         ANY, "RFC 3463 §3.2"),
    stated(fact(1, 1, "Bad destination mailbox address",     "no such mailbox at that domain",                       &[451, 550], P,   "RFC 3463 §3.2")),
    stated(fact(1, 2, "Bad destination system address",      "the recipient's domain does not exist or takes no mail", &[],       P,   "RFC 3463 §3.2")),
    stated(fact(1, 3, "Bad destination mailbox address syntax", "the recipient's address is malformed",              &[501],      P,   "RFC 3463 §3.2")),
    fact  (1, 4,  "Destination mailbox address ambiguous",   "the address fits several mailboxes",                   &[],         ANY, "RFC 3463 §3.2"),
    fact  (1, 5,  "Destination address valid",               "the recipient is good",                                &[250],      S,   "RFC 3463 §3.2"),
    stated(fact(1, 6, "Destination mailbox has moved, No forwarding address", "the mailbox is gone, nobody knows where to", &[], P,   "RFC 3463 §3.2")),
    fact  (1, 7,  "Bad sender's mailbox address syntax",     "the sender's address is malformed",                    &[],         ANY, "RFC 3463 §3.2"),
    fact  (1, 8,  "Bad sender's system address",             "the sender's domain does not exist or takes no answer", &[451, 501], ANY, "RFC 3463 §3.2"),
    fact  (1, 9,  "Message relayed to non-compliant mailer", "passed on to a system that cannot report back",        &[],         S,   "RFC 3886 §3.3.4"),
    fact  (1, 10, "Recipient address has null MX",           "the recipient's domain says that it takes no mail",    &[556],      P,   "RFC 7505 §4.1"),

    fact  (2, 0,  "Other or undefined mailbox status",       "something about the mailbox",                          &[],         ANY, "RFC 3463 §3.3"),
    fact  (2, 1,  "Mailbox disabled, not accepting messages", "the mailbox exists and takes no mail",                &[],         TP,  "RFC 3463 §3.3"),
    stated(fact(2, 2, "Mailbox full",                        "over the recipient's quota",                           &[552],      T,   "RFC 3463 §3.3")),
    stated(fact(2, 3, "Message length exceeds administrative limit", "too big for this recipient",                   &[552],      P,   "RFC 3463 §3.3")),
    fact  (2, 4,  "Mailing list expansion problem",          "the list could not be expanded",                       &[450, 452], TP,  "RFC 3463 §3.3"),

    fact  (3, 0,  "Other or undefined mail system status",   "something about the destination system",               &[221, 250, 421, 451, 550, 554], ANY, "RFC 3463 §3.4"),
    stated(fact(3, 1, "Mail system full",                    "the system has no storage left",                       &[452],      T,   "RFC 3463 §3.4")),
    fact  (3, 2,  "System not accepting network messages",   "the host takes no mail now, or never does",            &[453, 521], TP,  "RFC 3463 §3.4"),
    fact  (3, 3,  "System not capable of selected features", "the destination lacks what was asked for",             &[],         ANY, "RFC 3463 §3.4"),
    stated(fact(3, 4, "Message too big for system",          "over the system's size limit",                         &[552, 554], P,   "RFC 3463 §3.4")),
    fact  (3, 5,  "System incorrectly configured",           "the system's configuration is in the way",             &[],         ANY, "RFC 3463 §3.4"),
    fact  (3, 6,  "Requested priority was changed",          "taken, with another priority, which the text names",   &[250, 251], S,   "RFC 6710 §4.1"),

    fact  (4, 0,  "Other or undefined network or routing status", "something about the network",                     &[],         ANY, "RFC 3463 §3.5"),
    stated(fact(4, 1, "No answer from host",                 "the next host did not answer",                         &[451],      T,   "RFC 3463 §3.5")),
    stated(fact(4, 2, "Bad connection",                      "the connection broke or timed out",                    &[421],      T,   "RFC 3463 §3.5")),
    stated(fact(4, 3, "Directory server failure",            "DNS or another directory did not answer",              &[451, 550], T,   "RFC 3463 §3.5")),
    fact  (4, 4,  "Unable to route",                         "no next host was found",                               &[],         TP,  "RFC 3463 §3.5"),
    stated(fact(4, 5, "Mail system congestion",              "too busy",                                             &[451],      T,   "RFC 3463 §3.5")),
    // Advice of the RFC; servers say 5.4.6, since a loop does not go away.
    stated(fact(4, 6, "Routing loop detected",               "the message went round too often",                     &[],         T,   "RFC 3463 §3.5")),
    fact  (4, 7,  "Delivery time expired",                   "the message was under way for too long",               &[],         ANY, "RFC 3463 §3.5"),

    fact  (5, 0,  "Other or undefined protocol status",      "something about the protocol",                         &[220, 250, 251, 252, 253, 451, 452, 454, 458, 459, 501, 502, 503, 554], ANY, "RFC 3463 §3.6"),
    stated(fact(5, 1, "Invalid command",                     "out of order, or not supported",                       &[430, 500, 501, 503, 530, 550, 554, 555], P, "RFC 3463 §3.6")),
    stated(fact(5, 2, "Syntax error",                        "the command could not be read",                        &[500, 501, 502, 550, 555], P, "RFC 3463 §3.6")),
    // Servers pair it with 452, as RFC 5321 §4.5.3.1.10 has it.
    fact  (5, 3,  "Too many recipients",                     "more than the server takes at once: send the rest separately", &[451], ANY, "RFC 3463 §3.6"),
    stated(fact(5, 4, "Invalid command arguments",           "the argument is bad or not known",                     &[451, 501, 502, 503, 504, 550, 555], P, "RFC 3463 §3.6")),
    fact  (5, 5,  "Wrong protocol version",                  "the versions do not match",                            &[],         ANY, "RFC 3463 §3.6"),
    fact  (5, 6,  "Authentication Exchange line is too long", "the server cannot hold a line of that length",        &[500],      P,   "RFC 4954 §6"),

    fact  (6, 0,  "Other or undefined media error",          "something about the content",                          &[],         ANY, "RFC 3463 §3.7"),
    stated(fact(6, 1, "Media not supported",                 "the destination does not take this type of content",   &[],         P,   "RFC 3463 §3.7")),
    fact  (6, 2,  "Conversion required and prohibited",      "it would have to be converted, which is not allowed",  &[],         ANY, "RFC 3463 §3.7"),
    fact  (6, 3,  "Conversion required but not supported",   "it would have to be converted, which cannot be done",  &[554],      ANY, "RFC 3463 §3.7"),
    fact  (6, 4,  "Conversion with loss performed",          "it was converted and something was lost",              &[250],      SP,  "RFC 3463 §3.7"),
    fact  (6, 5,  "Conversion Failed",                       "it could not be converted",                            &[],         TP,  "RFC 3463 §3.7"),
    fact  (6, 6,  "Message content not available",           "the content could not be fetched (BURL)",              &[554],      ANY, "RFC 4468 §5"),
    fact  (6, 7,  "Non-ASCII addresses not permitted for that sender/recipient", "an address in UTF-8 that cannot be handled", &[550, 553], P, "RFC 6531 §3.5"),
    fact  (6, 8,  "UTF-8 string reply is required, but not permitted by the SMTP client", "the answer needs UTF-8, which the client did not allow", &[252, 550, 553], SP, "RFC 6531 §3.7.4.2"),
    fact  (6, 9,  "UTF-8 header message cannot be transferred to one or more recipients", "some recipient cannot take headers in UTF-8", &[550, 554], P, "RFC 6531 §3.5"),
    fact  (6, 10, "(deprecated)",                            "the same as X.6.8, in the days of RFC 5336",           &[],         ANY, "RFC 6531 §4.2"),

    fact  (7, 0,  "Other or undefined security status",      "security or policy; 2.7.0 is a successful AUTH",       &[220, 235, 450, 454, 500, 501, 503, 504, 530, 535, 550], ANY, "RFC 3463 §3.8"),
    // Servers mostly say 554 5.7.1.
    stated(fact(7, 1, "Delivery not authorized, message refused", "not allowed to send there, or refused by policy", &[451, 454, 502, 503, 533, 550, 551], P, "RFC 3463 §3.8")),
    stated(fact(7, 2, "Mailing list expansion prohibited",   "not allowed to write to this list",                    &[550],      P,   "RFC 3463 §3.8")),
    stated(fact(7, 3, "Security conversion required but not possible", "the security of one system cannot be carried into the other", &[], P, "RFC 3463 §3.8")),
    stated(fact(7, 4, "Security features not supported",     "a security feature that was needed is missing",        &[504],      P,   "RFC 3463 §3.8")),
    fact  (7, 5,  "Cryptographic failure",                   "what should be checked or decrypted could not be",     &[],         ANY, "RFC 3463 §3.8"),
    fact  (7, 6,  "Cryptographic algorithm not supported",   "the algorithm is not known",                           &[],         ANY, "RFC 3463 §3.8"),
    fact  (7, 7,  "Message integrity failure",               "the message was changed on its way",                   &[],         ANY, "RFC 3463 §3.8"),
    // RFC 4468 once meant X.7.14 by it.
    fact  (7, 8,  "Authentication credentials invalid",      "user name or password is wrong",                       &[535, 554], P,   "RFC 4954 §6"),
    fact  (7, 9,  "Authentication mechanism is too weak",    "this user may not use this mechanism",                 &[534],      P,   "RFC 4954 §6"),
    fact  (7, 10, "Encryption Needed",                       "this mechanism needs a privacy layer",                 &[523],      P,   "RFC 5248 §2.4"),
    fact  (7, 11, "Encryption required for requested authentication mechanism", "this mechanism only under encryption", &[524, 538], P,  "RFC 4954 §6"),
    fact  (7, 12, "A password transition is needed",         "the account has to be moved to the new mechanism",     &[422, 432], T,   "RFC 4954 §6"),
    fact  (7, 13, "User Account Disabled",                   "the account is locked",                                &[525],      P,   "RFC 5248 §2.4"),
    fact  (7, 14, "Trust relationship required",             "the submission server is not trusted by the content's", &[535, 554], P,  "RFC 5248 §2.4"),
    fact  (7, 15, "Priority Level is too low",               "only mail of higher priority is taken now",            &[450, 550], TP,  "RFC 6710 §4.1"),
    // RFC 4865 used X.7.16 and X.7.17 for limits of a future release.
    fact  (7, 16, "Message is too big for the specified priority", "over the size limit of that priority",           &[552],      TP,  "RFC 6710 §5"),
    fact  (7, 17, "Mailbox owner has changed",               "the mailbox belongs to somebody else since that date", &[550],      P,   "RFC 7293 §15.3"),
    fact  (7, 18, "Domain owner has changed",                "the domain belongs to somebody else since that date",  &[550],      P,   "RFC 7293 §15.3"),
    fact  (7, 19, "RRVS test cannot be completed",           "whether the owner changed cannot be found out",        &[550],      P,   "RFC 7293 §15.3"),
    fact  (7, 20, "No passing DKIM signature found",         "policy wants a DKIM signature that verifies",          &[550],      P,   "RFC 7372 §3.1"),
    fact  (7, 21, "No acceptable DKIM signature found",      "a DKIM signature verifies, policy wants another",      &[550],      P,   "RFC 7372 §3.1"),
    fact  (7, 22, "No valid author-matched DKIM signature found", "no DKIM signature of the author's domain verifies", &[550],    P,   "RFC 7372 §3.1"),
    fact  (7, 23, "SPF validation failed",                   "the host may not send for this domain (SPF)",          &[550],      P,   "RFC 7372 §3.2"),
    fact  (7, 24, "SPF validation error",                    "the SPF record could not be read",                     &[451, 550], TP,  "RFC 7372 §3.2"),
    fact  (7, 25, "Reverse DNS validation failed",           "the client's address has no fitting name",             &[550],      P,   "RFC 7372 §3.3"),
    fact  (7, 26, "Multiple authentication checks failed",   "more than one of these checks failed",                 &[550],      P,   "RFC 7372 §3.4"),
    fact  (7, 27, "Sender address has null MX",              "the sender's domain says that it takes no mail",       &[550],      P,   "RFC 7505 §4.1"),
    fact  (7, 28, "Mail flood detected",                     "too much mail at once",                                &[],         ANY, "IANA registry of SMTP Enhanced Status Codes"),
    fact  (7, 29, "ARC validation failure",                  "the ARC chain does not verify",                        &[550],      P,   "RFC 8617 §5.2.2"),
    fact  (7, 30, "REQUIRETLS support required",             "the next host does not do REQUIRETLS",                 &[550],      P,   "RFC 8689 §4.2.1"),
    microsoft(7, 51,  "refused by a connector's restriction of address or certificate"),
    microsoft(7, 54,  "no relaying for a domain that is not accepted"),
    microsoft(7, 57,  "the client has to authenticate to send from here"),
    microsoft(7, 60,  "no permission to send as this sender"),
    microsoft(7, 350, "taken for spam"),
    microsoft(7, 606, "the sending address is banned; 5.7.606 to 5.7.649"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::codes;

    #[test]
    fn rows_ascend_and_cite_their_source() {
        let key = |fact: &EnhancedFact| (fact.subject, fact.detail);
        assert!(ENHANCED.windows(2).all(|pair| key(&pair[0]) < key(&pair[1])));
        for fact in ENHANCED {
            assert!(!fact.clause.is_empty() && !fact.title.is_empty() && !fact.meaning.is_empty());
            assert!(subject_name(fact.subject).is_some(), "{}", fact.title);
            assert!(fact.classes.iter().all(|class| class_name(*class).is_some()));
            for code in fact.codes {
                assert!(codes::find(*code).is_some(), "{} {code}", fact.title);
            }
        }
        // The registry ends at X.7.30.
        let registered = ENHANCED.iter().filter(|fact| fact.registered);
        assert_eq!(registered.clone().count(), 81);
        assert_eq!(registered.map(key).max(), Some((7, 30)));
    }

    #[test]
    fn facts_of_the_registry() {
        let codes =
            |class, subject, detail| -> Vec<_> { expected_codes(class, subject, detail).collect() };
        assert_eq!(codes(5, 1, 1), [550]);
        assert_eq!(codes(4, 1, 1), [451]);
        assert_eq!(codes(5, 1, 10), [556]);
        assert_eq!(codes(2, 1, 5), [250]);
        assert!(codes(5, 99, 1).is_empty());
        assert_eq!(find(5, 7, 54).map(|fact| fact.registered), Some(false));
        assert!(find(9, 1, 1).is_none());
        assert!(find(5, 7, 31).is_none());
        let paired: Vec<_> = paired_with(538).map(|fact| (fact.subject, fact.detail)).collect();
        assert_eq!(paired, [(7, 11)]);
    }
}
