//! Servers that keep mail instead of delivering it: test sinks.

use super::clue::{Product, greeting, hello, made_of, product};

#[rustfmt::skip]
pub(super) const PRODUCTS: &[Product] = &[
    product("MailHog", &[greeting("MailHog")]),
    product("Mailpit", &[greeting("Mailpit")]),
    product("smtp4dev", &[greeting("smtp4dev")]),
    product("MailCatcher", &[greeting("EventMachine SMTP Server")]),
    product("SubEthaSMTP", &[greeting("SubEthaSMTP")]),
    product("GreenMail", &[greeting("GreenMail")]),
    made_of("Postfix smtp-sink", &["Postfix"], &[greeting("smtp-sink ESMTP")]),
    product("Inbucket", &[greeting("Inbucket")]),
    made_of("maildev", &["smtp-server"], &[greeting("MailDev"), hello("maildev", 2)]),
    product("Burp Collaborator", &[greeting("Burp Collaborator Server")]),
];
