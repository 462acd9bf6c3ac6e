//! Providers of mailboxes and of sending.

use super::clue::{Product, greeting, hello, host, made_of, product, reply};

#[rustfmt::skip]
pub(super) const PRODUCTS: &[Product] = &[
    product("Gmail", &[greeting(" - gsmtp"), host(".google.com"), host("smtp.gmail.com"), reply(" - gsmtp", 2), reply("at your service, [", 1)]),
    made_of("Outlook.com", &["Microsoft Exchange", "Exchange Online"], &[host(".olc.protection.outlook.com"), host(".hotmail.com")]),
    product("Yahoo Mail", &[host(".yahoo.com"), host(".yahoodns.net"), greeting("YSmtp")]),
    made_of("iCloud Mail", &["Proofpoint", "Postfix", "Sendmail"], &[host(".mail.icloud.com"), host(".me.com")]),
    made_of("Amazon SES", &["Postfix"], &[greeting("SimpleEmailService"), host("email-smtp.amazonaws.com"), host(".amazonses.com"), host(".amazonaws.com")]),
    made_of("SendGrid", &["Postfix"], &[greeting("SG ESMTP service ready"), host(".sendgrid.net")]),
    product("Mailgun", &[greeting("Mailgun Influx")]),
    product("Postmark", &[host(".postmarkapp.com"), host(".mtasv.net")]),
    product("SparkPost", &[host(".sparkpostmail.com"), greeting("SparkPost")]),
    made_of("Fastmail", &["Postfix"], &[host(".messagingengine.com"), host(".fastmail.com")]),
    made_of("Yandex Mail", &["Postfix"], &[greeting("Want to use Yandex.Mail"), host(".yandex.net"), host(".yandex.ru")]),
    made_of("Mail.ru", &["Exim", "Postfix"], &[host(".mail.ru")]),
    product("Coremail", &[greeting("Anti-spam GT for Coremail System"), hello("coremail", 2), reply("Mail OK queued as", 2)]),
    made_of("QQ Mail", &["Postfix"], &[host(".qq.com")]),
    product("Nemesis (GMX, WEB.DE)", &[greeting("Nemesis ESMTP"), host(".gmx.net"), host(".web.de"), reply("Requested mail action okay, completed: id=", 3)]),
    made_of("Zoho Mail", &[], &[host(".zoho.com"), host(".zohomail.com"), host(".zoho.eu")]),
    product("Comcast", &[host(".comcast.net")]),
    product("Charter", &[host(".charter.net")]),
];
