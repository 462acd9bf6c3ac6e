//! Whose server answers, where its numbers mean something of their own.
//!
//! Google's `5.7.27` is about SPF, the registry's about a null MX: the provider has to be known before the
//! number.

use std::sync::LazyLock;

use crate::grammar::Phrases;

/// A provider or product with numbers of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::rules) enum Provider {
    /// Gmail and Workspace.
    Google,
    /// Exchange Online and Outlook.com.
    Microsoft,
    /// Yahoo and AOL.
    Yahoo,
    /// iCloud.
    Apple,
    /// Comcast.
    Comcast,
    /// Cox.
    Cox,
    /// Charter and Spectrum.
    Spectrum,
    /// `GoDaddy`.
    GoDaddy,
    /// Orange and Wanadoo.
    Orange,
    /// Mimecast.
    Mimecast,
    /// Proofpoint.
    Proofpoint,
    /// Barracuda.
    Barracuda,
    /// Cisco's mail gateways.
    Cisco,
}

impl Provider {
    /// Its name, for people.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Google => "Google",
            Self::Microsoft => "Microsoft",
            Self::Yahoo => "Yahoo",
            Self::Apple => "Apple",
            Self::Comcast => "Comcast",
            Self::Cox => "Cox",
            Self::Spectrum => "Spectrum",
            Self::GoDaddy => "GoDaddy",
            Self::Orange => "Orange",
            Self::Mimecast => "Mimecast",
            Self::Proofpoint => "Proofpoint",
            Self::Barracuda => "Barracuda",
            Self::Cisco => "Cisco",
        }
    }
}

/// What gives a provider away in its replies, in any case.
const MARKS: &[(&str, Provider)] = &[
    (" - gsmtp", Provider::Google),
    ("support.google.com", Provider::Google),
    ("mx.google.com", Provider::Google),
    ("smtp.gmail.com", Provider::Google),
    ("smtp-relay.gmail.com", Provider::Google),
    (".protection.outlook.com", Provider::Microsoft),
    (".prod.outlook.com", Provider::Microsoft),
    (".mail.protection.outlook", Provider::Microsoft),
    ("postmaster.live.com", Provider::Microsoft),
    ("mail.live.com", Provider::Microsoft),
    ("microsoft esmtp mail service", Provider::Microsoft),
    ("office365", Provider::Microsoft),
    (".prod.exchangelabs.com", Provider::Microsoft),
    ("resolver.rst.", Provider::Microsoft),
    ("resolver.adr.", Provider::Microsoft),
    ("storedrv.", Provider::Microsoft),
    (".hotmail.com", Provider::Microsoft),
    ("postmaster.yahoo", Provider::Yahoo),
    ("senders.yahooinc", Provider::Yahoo),
    ("yahoodns", Provider::Yahoo),
    (".mail.yahoo.com", Provider::Yahoo),
    ("postmaster.aol.com", Provider::Yahoo),
    ("icloud.com", Provider::Apple),
    ("support.apple.com", Provider::Apple),
    ("comcast.net", Provider::Comcast),
    ("cox.net", Provider::Cox),
    ("cox.com", Provider::Cox),
    ("charter.net", Provider::Spectrum),
    ("charter.com", Provider::Spectrum),
    ("spectrum", Provider::Spectrum),
    ("secureserver.net", Provider::GoDaddy),
    ("orange.fr", Provider::Orange),
    ("wanadoo", Provider::Orange),
    ("mimecast", Provider::Mimecast),
    ("pphosted", Provider::Proofpoint),
    ("proofpoint", Provider::Proofpoint),
    ("barracuda", Provider::Barracuda),
    ("ironport", Provider::Cisco),
    ("iphmx.com", Provider::Cisco),
];

/// The provider that a text gives away: the first mark of the table that stands in it.
pub(super) fn of(text: &[u8]) -> Option<Provider> {
    static SAYS: LazyLock<Phrases> =
        LazyLock::new(|| Phrases::new(&MARKS.iter().map(|(mark, _)| *mark).collect::<Vec<_>>()));
    MARKS.get(SAYS.first(text)?).map(|(_, provider)| *provider)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_by_their_marks() {
        for (text, expected) in [
            ("gmail requires spf. x1-20020a05 - gsmtp", Some(Provider::Google)),
            ("access denied [am6eur05.prod.protection.outlook.com]", Some(Provider::Microsoft)),
            ("see https://postmaster.yahooinc.com/error-codes", Some(Provider::Yahoo)),
            ("blocked - see https://ipcheck.proofpoint.com/", Some(Provider::Proofpoint)),
            ("user unknown", None),
        ] {
            assert_eq!(of(text.as_bytes()), expected, "{text}");
        }
    }
}
