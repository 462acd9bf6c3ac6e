//! Names that say nothing about anybody, and that a diagnosis needs.

/// Domains of providers, blocklists and makers, which many have to do with.
const KEPT: &[&str] = &[
    "1and1.com",
    "163.com",
    "126.com",
    "abuseat.org",
    "aliyun.com",
    "amazonaws.com",
    "amazonses.com",
    "antispamcloud.com",
    "aol.com",
    "apple.com",
    "arcor.de",
    "att.net",
    "barracudacentral.org",
    "barracudanetworks.com",
    "bellsouth.net",
    "bigpond.com",
    "bluewin.ch",
    "btinternet.com",
    "cdmon.com",
    "charter.net",
    "cisco.com",
    "cloudmark.com",
    "comcast.net",
    "cox.net",
    "earthlink.net",
    "example.com",
    "example.net",
    "example.org",
    "exim.org",
    "fastmail.com",
    "fastmail.fm",
    "free.fr",
    "freenet.de",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "godaddy.com",
    "google.com",
    "googlemail.com",
    "hinet.net",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.fr",
    "hotmail.de",
    "hotmail.it",
    "hotmail.es",
    "icloud.com",
    "ietf.org",
    "ionos.com",
    "iphmx.com",
    "jetmore.org",
    "kundenserver.de",
    "laposte.net",
    "libero.it",
    "live.com",
    "live.co.uk",
    "live.fr",
    "live.nl",
    "mac.com",
    "mail.com",
    "mail.ru",
    "mailgun.org",
    "mandrillapp.com",
    "me.com",
    "messagelabs.com",
    "microsoft.com",
    "mimecast.com",
    "mailspike.net",
    "msn.com",
    "naver.com",
    "njabl.org",
    "office.com",
    "office365.com",
    "onmicrosoft.com",
    "openspf.org",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "outlook.fr",
    "ovh.net",
    "postfix.org",
    "postini.com",
    "posteo.de",
    "pphosted.com",
    "proofpoint.com",
    "protonmail.com",
    "proton.me",
    "qq.com",
    "rackspace.com",
    "rambler.ru",
    "rediffmail.com",
    "rr.com",
    "sbcglobal.net",
    "secureserver.net",
    "sendgrid.net",
    "sendmail.org",
    "senderbase.org",
    "seznam.cz",
    "sfr.fr",
    "shaw.ca",
    "sky.com",
    "sonicwall.com",
    "sorbs.net",
    "spamcop.net",
    "spamhaus.org",
    "spamhaus.net",
    "spamrats.com",
    "sparkpostmail.com",
    "surbl.org",
    "symantec.com",
    "t-online.de",
    "talktalk.net",
    "telenet.be",
    "tiscali.it",
    "trendmicro.com",
    "uceprotect.net",
    "uribl.com",
    "verizon.net",
    "virginmedia.com",
    "wanadoo.fr",
    "web.de",
    "xtra.co.nz",
    "yahoo.ca",
    "yahoo.co.in",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.de",
    "yahoo.es",
    "yahoo.fr",
    "yahoo.it",
    "yahoodns.net",
    "yandex.com",
    "yandex.net",
    "yandex.ru",
    "ymail.com",
    "zendesk.com",
    "zoho.com",
];

/// Top-level domains that are nobody's, or that stand for what is inside (RFC 2606, RFC 6761, RFC 6762).
const RESERVED: &[&str] = &["test", "example", "invalid", "localhost"];
const INSIDE: &[&str] =
    &["local", "lan", "localdomain", "internal", "intranet", "corp", "home", "arpa"];

/// Top-level domains that make a word with one dot a domain even among other words.
const PLAIN: &[&str] = &[
    "com",
    "net",
    "org",
    "edu",
    "gov",
    "mil",
    "info",
    "biz",
    "io",
    "de",
    "uk",
    "fr",
    "nl",
    "ch",
    "eu",
    "ru",
    "jp",
    "cn",
    "br",
    "au",
    "ca",
    "us",
    "se",
    "dk",
    "fi",
    "cz",
    "test",
    "example",
    "invalid",
    "local",
    "lan",
    "localdomain",
    "internal",
    "corp",
];

/// Roles of mailboxes (RFC 2142 and custom): nobody's name.
const ROLES: &[&str] = &[
    "postmaster",
    "abuse",
    "root",
    "admin",
    "administrator",
    "info",
    "test",
    "user",
    "nobody",
    "noreply",
    "no-reply",
    "mailer-daemon",
    "webmaster",
    "hostmaster",
    "support",
    "sales",
    "help",
    "list",
    "mail",
    "office",
    "noc",
    "security",
    "me",
    "you",
    "sender",
    "recipient",
    "from",
    "to",
    "bounce",
    "bounces",
    "daemon",
    "guest",
    "staff",
    "all",
    "everyone",
    "someone",
    "nosuchuser",
    "unknown",
];

/// What hosts are called by what they do.
const HOST_ROLES: &[&str] = &[
    "mail",
    "mx",
    "smtp",
    "relay",
    "gw",
    "gateway",
    "out",
    "outbound",
    "in",
    "inbound",
    "mta",
    "ns",
    "www",
    "imap",
    "pop",
    "ftp",
    "webmail",
    "autodiscover",
    "server",
    "localhost",
    "client",
    "exchange",
    "edge",
    "hub",
    "host",
    "mailhost",
    "mailhub",
    "mailserver",
    "dsl",
    "dyn",
    "dynamic",
    "static",
    "vpn",
    "zen",
    "bl",
    "dnsbl",
    "dkim",
    "spf",
    "localhost.localdomain",
    "esmtp",
    "me",
    "there",
    "test",
    "example",
    "hello",
    "world",
];

fn is_in(list: &[&str], word: &[u8]) -> bool {
    list.iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes()))
}

fn without_number(word: &[u8]) -> &[u8] {
    let digits = word.iter().rev().take_while(|octet| octet.is_ascii_digit()).count();
    word.get(..word.len() - digits.min(2)).unwrap_or(word)
}

/// Whether a local part is a role.
pub(super) fn is_role(word: &[u8]) -> bool {
    is_in(ROLES, word)
}

/// Whether a label of a host says what the host does, with or without a number.
pub(super) fn is_role_of_host(label: &[u8]) -> bool {
    is_in(HOST_ROLES, label) || is_in(HOST_ROLES, without_number(label))
}

/// Whether a word has a meaning of its own, so that it cannot stand for another.
pub(super) fn means_something(word: &[u8]) -> bool {
    is_role(word) || is_role_of_host(word) || is_in(PLAIN, word)
}

/// Whether a word is the name of a host or a domain; where it is `expected`, any public suffix will do.
pub(super) fn is_host(name: &[u8], expected: bool) -> bool {
    let mut labels = name.split(|octet| *octet == b'.');
    let count = labels.clone().count();
    let whole = labels.clone().all(|label| !label.is_empty() && label.len() <= 63);
    let Some(last) = labels.next_back().filter(|_| whole && count >= 2) else { return false };
    if !last.iter().all(|octet| octet.is_ascii_alphabetic() || *octet >= 0x80) {
        return false;
    }
    if is_in(RESERVED, last) || is_in(INSIDE, last) {
        return true;
    }
    let suffix = psl::suffix(&name.to_ascii_lowercase()).is_some_and(|suffix| suffix.is_known());
    suffix && (is_in(PLAIN, last) || expected || count >= 3)
}

/// How many octets at the end of a domain stay: its public suffix, or all of a well-known one.
pub(super) fn kept(name: &[u8]) -> usize {
    let lower = name.to_ascii_lowercase();
    let last = lower.rsplit(|octet| *octet == b'.').next().unwrap_or_default();
    if is_in(RESERVED, last) {
        return name.len();
    }
    if is_in(INSIDE, last) {
        return last.len();
    }
    let known = KEPT.iter().find(|known| {
        lower
            .strip_suffix(known.as_bytes())
            .is_some_and(|rest| rest.is_empty() || rest.ends_with(b"."))
    });
    if known.is_some() {
        // The hosts below a provider's domain are its own.
        return name.len();
    }
    psl::suffix(&lower).map_or(last.len(), |suffix| suffix.as_bytes().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_from_other_words() {
        for (name, expected, is) in [
            (&b"mail.acme.co.uk"[..], false, true),
            (b"acme.com", false, true),
            (b"smtplib.py", false, false),
            (b"smtplib.py", true, true),
            (b"com.sun.mail.smtp", false, false),
            (b"e.g", true, false),
            (b"4.96", true, false),
            (b"srv.corp.local", false, true),
            (b"localhost", true, false),
        ] {
            assert_eq!(is_host(name, expected), is, "{}", name.escape_ascii());
        }
    }

    #[test]
    fn what_stays_of_a_domain() {
        for (name, octets) in [
            ("mx.acme.co.uk", 5),
            ("acme.com", 3),
            ("a.mail.protection.outlook.com", 29),
            ("x.test", 6),
        ] {
            assert_eq!(kept(name.as_bytes()), octets, "{name}");
        }
    }
}
