//! The server's side of a connection, as logs and errors tell it: the name that was dialled, and the address and port
//! that it led to.
//!
//! Not a dialect: those whose lines name a host ask it.

use super::{Reading, Say, flow::End};
use crate::transcript::Fact;

/// Says which host a connection went to, as far as that is told; `within` is an empty part of the line.
pub(super) fn server(name: Option<&[u8]>, end: Option<End<'_>>, within: &[u8], say: Say<'_>) {
    if let Some(name) = name {
        let port = end.and_then(|end| end.port);
        say(Reading::tells(within, Fact::Dialled { host: name.to_vec(), port }));
    }
    if let Some(End { address, port }) = end {
        say(Reading::tells(within, Fact::ServerAddress { address: address.to_vec(), port }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_told_is_not_said() {
        let said = |name: Option<&[u8]>, address: Option<&[u8]>| {
            let mut said = Vec::new();
            let end = address.map(|address| End { address, port: Some(25) });
            server(name, end, b"", &mut |reading| said.extend(reading.fact));
            said
        };
        let dialled = |port| Fact::Dialled { host: b"mx.example.net".to_vec(), port };
        let address = || Fact::ServerAddress { address: b"192.0.2.1".to_vec(), port: Some(25) };
        assert_eq!(said(None, None), []);
        assert_eq!(said(Some(b"mx.example.net"), None), [dialled(None)]);
        assert_eq!(said(None, Some(b"192.0.2.1")), [address()]);
        assert_eq!(
            said(Some(b"mx.example.net"), Some(b"192.0.2.1")),
            [dialled(Some(25)), address()]
        );
    }
}
