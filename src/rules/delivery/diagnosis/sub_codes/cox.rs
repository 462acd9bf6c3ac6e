//! Cox's masks: `IPBL` for the lists that the client's address is on, `URLBL` for those of a link.

use super::{super::cause::Cause, Decoded, mask, names};

const SOURCE: &str = "Cox";

/// The bits of `IPBL`, the last digit first.
const ADDRESS_LISTS: &[&str] =
    &["Spamhaus ZEN", "Return Path", "ivmSIP of Invaluement", "Cloudmark CSI"];

/// The bits of `URLBL`, the last digit first.
const LINK_LISTS: &[&str] = &["SURBL", "Spamhaus DBL", "ivmURI of Invaluement"];

pub(super) fn decode(token: &str) -> Option<Decoded> {
    if let Some(digits) = token.strip_prefix("ipbl") {
        let _ = mask(digits)?;
        let lists = names(digits, ADDRESS_LISTS)
            .unwrap_or_else(|| "a list that Cox asks".to_owned())
            .replace(" of Invaluement", "");
        return Some(Decoded::new(
            Cause::Blocklisted,
            SOURCE,
            format!("the client's address is on {lists}, which Cox asks"),
            "have the address taken off every list that is named, after ending the cause",
        ));
    }
    let digits = token.strip_prefix("urlbl")?;
    let _ = mask(digits)?;
    let lists = names(digits, LINK_LISTS).unwrap_or_else(|| "a list that Cox asks".to_owned());
    Some(Decoded::new(
        Cause::SpamRejected,
        SOURCE,
        format!("a link in the message is on {lists}, which Cox asks"),
        "remove the link, or have its domain taken off the lists that are named",
    ))
}
