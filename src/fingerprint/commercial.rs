//! Mail servers that are sold.

use super::clue::{Product, greeting, hello, host, keyword, made_of, order, product, reply};

#[rustfmt::skip]
pub(super) const PRODUCTS: &[Product] = &[
    product("Microsoft Exchange 5.5", &[greeting("Microsoft Exchange Internet Mail Service")]),
    product("Microsoft IIS SMTP", &[
        greeting("Microsoft ESMTP MAIL Service, Version:"), keyword("XEXCH50", 1), keyword("X-LINK2STATE", 1), order("TURN SIZE ETRN", 2), order("SIZE PIPELINING DSN", 1),
        reply("....Sender OK", 2), reply("Queued mail for delivery", 1),
    ]),
    product("Microsoft Exchange", &[
        greeting("Microsoft ESMTP MAIL Service ready"), keyword("X-ANONYMOUSTLS", 3), keyword("XRDST", 3), keyword("X-EXPS", 1), keyword("XSHADOW", 2),
        reply("[InternalId=", 3), reply("Queued mail for delivery", 1), reply("Start mail input; end with <CRLF>.<CRLF>", 1),
        reply("Client was not authenticated", 2), reply("SMTP; Unable to relay", 1), reply("Service closing transmission channel", 1),
    ]),
    made_of("Exchange Online", &["Microsoft Exchange"], &[host(".protection.outlook.com"), host(".prod.outlook.com"), reply(".prod.outlook.com]", 3), reply(".prod.protection.outlook.com]", 3)]),
    product("Domino", &[
        greeting("Lotus Domino"), greeting("IBM Domino"), greeting("HCL Domino"), greeting("(Domino Release"), reply("Enter one of the following commands", 2),
        reply("Command \"EHLO\" requires an argument", 2),
    ]),
    product("GroupWise", &[greeting("GroupWise Internet Agent")]),
    product("MDaemon", &[greeting("MDaemon"), reply("SMTP server too busy right now", 2)]),
    product("MailEnable", &[greeting("MailEnable Service"), reply("this server offers", 2)]),
    product("SmarterMail", &[greeting("SmarterMail")]),
    product("Kerio Connect", &[greeting("Kerio Connect"), greeting("Kerio MailServer"), reply("Server license expired", 1)]),
    product("Axigen", &[greeting("Axigen ESMTP"), hello("Axigen ESMTP hello", 3)]),
    product("IceWarp", &[greeting("IceWarp")]),
    product("Merak", &[greeting("Merak")]),
    product("CommuniGate Pro", &[greeting("CommuniGate Pro"), reply("Stalker Software", 2)]),
    product("SurgeMail", &[greeting("SurgeSMTP"), greeting("surgemail")]),
    product("Xeams", &[greeting("Xeams SMTP server")]),
    product("IMail", &[greeting("(IMail")]),
    product("ArGoSoft Mail Server", &[greeting("ArGoSoft Mail Server")]),
    product("NTMail", &[greeting("NTMail")]),
    product("eXtremail", &[greeting("eXtremail")]),
    product("FTGate", &[greeting("FTGate")]),
    product("VPOP3", &[greeting("VPOP3")]),
    product("FirstClass", &[greeting("FirstClass")]),
    product("MERCUR", &[greeting("MERCUR")]),
    product("Post.Office", &[greeting("Post.Office")]),
    product("InterMail", &[greeting("InterMail")]),
    product("MailSite", &[greeting("MailSite")]),
    product("SLmail", &[greeting("SLmail")]),
    product("IBM MVS SMTP", &[greeting("running IBM MVS SMTP"), greeting("IBM MVS SMTP CS")]),
    product("Cisco IOS", &[greeting("Cisco NetWorks ESMTP server")]),
];
