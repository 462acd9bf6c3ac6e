//! Gateways and filters in front of mail servers.

use super::{
    clue::{Product, greeted, greeting, host, made_of, product, reply},
    queue_id,
};

#[rustfmt::skip]
pub(super) const PRODUCTS: &[Product] = &[
    product("Cisco Secure Email", &[
        greeting("IronPort"), greeting("AsyncOS"), host(".iphmx.com"), reply(":  Message ", 1), reply("> ok", 1), reply("> sender ok", 1), reply("SBRS", 2),
    ]),
    product("Barracuda Email Security Gateway", &[
        greeting("Barracuda"), greeted(queue_id::barracuda_greeting), host(".barracudanetworks.com"), reply("barracudacentral", 2), reply("barracudanetworks.com", 2), reply("SPAM, we hates it", 3),
    ]),
    made_of("Proofpoint", &["Sendmail"], &[host(".pphosted.com"), greeting("ESMTP mfa-m"), reply("proofpoint.com", 2)]),
    product("Proofpoint Essentials", &[host(".ppe-hosted.com")]),
    product("Mimecast", &[host(".mimecast.com"), reply("community.mimecast.com", 3), reply("mimecast.org", 2)]),
    product("Trend Micro InterScan", &[greeting("InterScan"), greeting("Trend Micro")]),
    product("Symantec Messaging Gateway", &[greeting("Symantec Messaging Gateway"), greeting("Symantec Mail Security"), greeting("Brightmail")]),
    product("Symantec MessageLabs", &[host(".messagelabs.com"), reply("messagelabs.com", 2)]),
    product("FortiMail", &[greeting("FortiMail"), greeting("ESMTP Smtpd;")]),
    product("SonicWALL Email Security", &[greeting("ESMTP SonicWALL")]),
    product("WatchGuard", &[greeting("WatchGuard")]),
    product("Clearswift", &[greeting("MIMEsweeper"), greeting("Clearswift")]),
    product("MailMarshal", &[greeting("MailMarshal")]),
    product("Sophos", &[greeting("Sophos"), host(".hydra.sophos.com")]),
    product("PineApp", &[greeting("PineApp")]),
    product("BorderWare", &[greeting("BorderWare")]),
    product("eSafe", &[greeting("eSafe")]),
    product("McAfee", &[greeting("McAfee"), greeting("WebShield")]),
    product("PGP Universal", &[greeting("PGP Universal")]),
    product("Postini", &[greeting("Postini ESMTP"), host(".psmtp.com")]),
    product("MailScanner", &[greeting("MailScanner")]),
    product("Hornetsecurity", &[host(".hornetsecurity.com"), host(".antispameurope.com")]),
    product("SpamExperts", &[host(".spamexperts.com"), host(".antispamcloud.com")]),
    product("Retarus", &[host(".retarus.com")]),
];
