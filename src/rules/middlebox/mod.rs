//! What changed the dialogue on its way: inspection, proxies, interception.

use super::Rule;

mod fixup;

mod data_end_hang;
mod esmtp_blocked;
mod fixup_banner;
mod fixup_command;
mod fixup_keywords;
mod proxy_in_path;
mod server_redirected;
mod starttls_stripped;

/// In the order of the catalogue.
pub(super) static RULES: &[&Rule] = &[
    &fixup_banner::RULE,
    &fixup_keywords::RULE,
    &fixup_command::RULE,
    &esmtp_blocked::RULE,
    &starttls_stripped::RULE,
    &proxy_in_path::RULE,
    &server_redirected::RULE,
    &data_end_hang::RULE,
];

/// Its finding is made from several sessions as well.
pub(super) static STARTTLS_STRIPPED: &Rule = &starttls_stripped::RULE;
