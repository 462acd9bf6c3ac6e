//! What is local to a server: which domains it can be responsible for, as far as the session tells.

use std::{cell::RefCell, collections::HashMap, net::IpAddr, sync::Arc};

use foldhash::fast::RandomState;

use super::Case;
use crate::{
    grammar::{HostName, classify, greeting},
    protocol::verbs::VerbId,
    session::Session,
    transcript::Fact,
};

/// The registrable domain of a host, in lower case: `mx1.mail.example.co.uk` belongs to `example.co.uk`.
///
/// `None` for what is no domain of at least two labels.
pub(super) fn organisation(host: &[u8]) -> Option<Arc<str>> {
    ORGANISATIONS.with_borrow_mut(|known| {
        if let Some(organisation) = known.get(host) {
            return organisation.clone();
        }
        if known.len() >= MOST_HOSTS {
            known.clear();
        }
        let organisation = registrable(host).map(Arc::from);
        known.insert(host.to_vec(), organisation.clone());
        organisation
    })
}

/// How many hosts' domains are remembered; then all are forgotten.
const MOST_HOSTS: usize = 4096;

/// Domains by hosts, in any case.
type Organisations = HashMap<Vec<u8>, Option<Arc<str>>, RandomState>;

thread_local! {
    /// The same few servers and domains turn up in session after session.
    static ORGANISATIONS: RefCell<Organisations> = RefCell::default();
}

fn registrable(host: &[u8]) -> Option<String> {
    let host = std::str::from_utf8(host).ok()?.trim_end_matches('.').to_ascii_lowercase();
    matches!(classify(host.as_bytes()), HostName::Domain).then_some(())?;
    psl::domain_str(&host).map(str::to_owned)
}

/// The registrable domains of all names that a server goes by in a session, and those that the caller
/// named.
#[derive(Debug, Default)]
pub(super) struct Local {
    organisations: Vec<Arc<str>>,
    /// The caller said what is local.
    pub(super) told: bool,
    /// A person has put a placeholder in brackets where the server's name stood.
    pub(super) replaced: bool,
}

impl Local {
    pub(super) fn of(case: &Case<'_, '_>) -> Self {
        let mut local = Self { told: !case.judging.local_domains.is_empty(), ..Self::default() };
        for domain in &case.judging.local_domains {
            local.organisations.extend(organisation(domain.as_bytes()));
        }
        for name in names(case.session) {
            local.organisations.extend(organisation(name));
            local.replaced |= matches!(name.first(), Some(b'(' | b'<' | b'{'));
        }
        local
    }

    /// Whether any name of the server is known that could be compared.
    pub(super) fn is_known(&self) -> bool {
        !self.organisations.is_empty()
    }

    /// Whether a domain belongs to one of the organisations.
    pub(super) fn has(&self, domain: &[u8]) -> bool {
        organisation(domain).is_none_or(|name| self.organisations.contains(&name))
    }

    /// Whether one of the organisations is in the list.
    pub(super) fn is_one_of(&self, names: &[&str]) -> bool {
        self.organisations.iter().any(|own| names.contains(&own.as_ref()))
    }
}

/// The names that the server goes by: in greeting and HELO reply, and the host that was dialled.
fn names<'s>(session: &'s Session<'_>) -> impl Iterator<Item = &'s [u8]> {
    let replies = session.exchanges.iter().filter(|exchange| {
        exchange.kind == crate::session::Kind::Greeting
            || exchange.id().is_some_and(VerbId::is_hello)
    });
    let greeted = replies
        .filter_map(|exchange| exchange.reply.as_ref())
        .filter(|reply| reply.is_positive())
        .map(|reply| greeting::host_line(reply.text).name);
    let dialled = session.transcript.facts().filter_map(|fact| match fact {
        Fact::Dialled { host, .. } => Some(host.as_slice()),
        _ => None,
    });
    greeted.chain(dialled)
}

/// Whether client and server are one machine or one private network, where relaying is nobody's business.
pub(super) fn is_at_home(session: &Session<'_>) -> bool {
    let address = |octets: &[u8]| -> Option<IpAddr> {
        let text = std::str::from_utf8(octets).ok()?.trim_matches(['[', ']']);
        may_be_private(text).then(|| text.parse().ok()).flatten()
    };
    let private = |address: IpAddr| match address {
        IpAddr::V4(four) => four.is_loopback() || four.is_private() || four.is_link_local(),
        IpAddr::V6(six) => {
            six.is_loopback() || (six.segments().first().copied().unwrap_or(0) & 0xfe00) == 0xfc00
        }
    };
    session.transcript.facts().any(|fact| match fact {
        Fact::Dialled { host, .. } => {
            host.eq_ignore_ascii_case(b"localhost")
                || address(host).is_some_and(|a| a.is_loopback())
        }
        Fact::ServerAddress { address: text, .. } => address(text).is_some_and(|a| a.is_loopback()),
        Fact::ClientAddress { address: text, .. } => address(text).is_some_and(private),
        _ => false,
    }) || helloed_address(session).is_some_and(private)
}

/// The client's address as the server repeats it in its reply to HELO: `[192.0.2.1]`.
fn helloed_address(session: &Session<'_>) -> Option<IpAddr> {
    session
        .exchanges
        .iter()
        .filter(|exchange| exchange.id().is_some_and(VerbId::is_hello) && exchange.accepted())
        .filter_map(|exchange| exchange.reply.as_ref())
        .find_map(|reply| {
            let open = memchr::memchr(b'[', reply.text)?;
            let rest = reply.text.get(open + 1..)?;
            let inside = rest.get(..memchr::memchr(b']', rest)?)?;
            let text = std::str::from_utf8(inside).ok()?;
            text.strip_prefix("IPv6:").unwrap_or(text).parse().ok()
        })
}

/// Whether an address may be of one machine or of a private network, by its first digits: most are not.
fn may_be_private(address: &str) -> bool {
    address.contains(':')
        || ["10.", "127.", "172.", "192.168.", "169.254."]
            .iter()
            .any(|start| address.starts_with(start))
}

/// The domain of an address as typed, with brackets of a literal taken off; `None` where it has none.
pub(super) fn domain_of(address: &[u8]) -> Option<&[u8]> {
    let at = memchr::memrchr(b'@', address)?;
    address.get(at + 1..).filter(|domain| !domain.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_private_may_be() {
        for text in [
            "10.0.0.1",
            "127.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "169.254.1.1",
            "::1",
            "fd00::1",
        ] {
            assert!(may_be_private(text), "{text}");
        }
        for text in ["192.0.2.1", "198.51.100.7", "mail.example.net"] {
            assert!(!may_be_private(text), "{text}");
        }
    }

    #[test]
    fn organisations_follow_the_public_suffixes() {
        for (host, want) in [
            ("mx1.mail.example.co.uk", Some("example.co.uk")),
            ("MX.Example.NET.", Some("example.net")),
            ("mail.lab.test", Some("lab.test")),
            ("localhost", None),
            ("192.0.2.1", None),
        ] {
            assert_eq!(organisation(host.as_bytes()).as_deref(), want, "{host}");
        }
    }
}
