//! AUTH: credentials refused, logins switched off, back ends that do not answer.

use super::super::{
    cause::Cause::{AuthFailed, AuthUnavailable, TlsRequired},
    provider::Provider::{Google, Microsoft},
    row::{COMMON, Retry, Row, of, row},
    stage::{AUTH, MAIL, OTHER},
};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row(AuthFailed, COMMON).at(AUTH).codes(&[535, 534, 550, 554]).enhanced(&[(7, 8), (7, 0)]).phrases(&["username and password not accepted", "authentication failed", "authentication failure", "incorrect authentication data", "authentication credentials invalid", "bad username or password", "invalid username or password", "incorrect username or password", "invalid login", "login failed", "invalid credentials", "incorrect password", "wrong password", "bad credentials", "authentication rejected", "invalid user or password", "user name or password", "username or password", "login incorrect", "bad login", "auth failed", "authentication invalid", "authentification failed", "not authenticated", "user is not authorized", "authorization failed", "not authorized", "access denied", "login denied", "invalid authentication mechanism", "invalid base64", "permission denied"]),
    of(Google, AuthFailed).at(AUTH).codes(&[535]).enhanced(&[(7, 8)]).sub_codes(&["?p=badcredentials"])
        .help("check user name and password; with 2-step verification Google takes an app password or OAuth only"),
    of(Google, AuthFailed).at(AUTH).codes(&[534, 535]).enhanced(&[(7, 9), (7, 1)]).sub_codes(&["?p=invalidsecondfactor"]).phrases(&["application-specific password required"])
        .says("the account has 2-step verification, and its own password is not enough")
        .help("make an app password for this client, or use OAuth"),
    of(Google, AuthFailed).at(AUTH).codes(&[534]).enhanced(&[(7, 14), (7, 9)]).sub_codes(&["?p=webloginrequired"]).phrases(&["please log in via your web browser", "please log in through your web browser", "log in with your web browser"])
        .says("Google finds this login suspicious and wants a person to confirm it")
        .help("log in to the account with a browser, confirm, then try again"),
    row(AuthFailed, "Exchange").at(AUTH).codes(&[535]).enhanced(&[(7, 3)]).phrases(&["authentication unsuccessful"]),
    row(AuthFailed, "Microsoft").at(AUTH).codes(&[535]).enhanced(&[(7, 139)]).phrases(&["smtpclientauthentication is disabled", "basic authentication is disabled", "user is locked by your organization's security defaults", "did not meet the criteria to be authenticated"])
        .says("SMTP AUTH is switched off for this account or its whole tenant")
        .help("have SMTP AUTH enabled for the mailbox, or move the client to OAuth"),
    of(Microsoft, AuthFailed).at(AUTH).codes(&[535]).enhanced(&[(7, 139)]).unsure()
        .says("Exchange Online does not let this account log in over SMTP")
        .help("have SMTP AUTH enabled for the mailbox, or move the client to OAuth"),
    row(AuthFailed, "RFC 4954").at(AUTH).codes(&[432, 422]).enhanced(&[(7, 12)]).phrases(&["password transition"])
        .says("the account's password has to be moved to this mechanism first")
        .help("log in once with PLAIN inside TLS, or set the password anew"),
    row(AuthFailed, "RFC 4954").at(AUTH).codes(&[534]).enhanced(&[(7, 9)]).phrases(&["mechanism is too weak", "authentication mechanism too weak"])
        .says("the account may not log in with so weak a mechanism")
        .help("use a stronger mechanism that the server offers"),
    row(AuthFailed, "registry").at(AUTH).codes(&[525, 535]).enhanced(&[(7, 13)]).phrases(&["user account disabled", "account is disabled", "account disabled", "account has been disabled", "account locked", "account is locked", "account suspended", "account has been suspended"])
        .says("the account that logs in is switched off")
        .help("have the account enabled again by whoever runs the server"),
    row(AuthFailed, COMMON).at(AUTH).codes(&[535, 454, 550]).phrases(&["smtp authentication is disabled", "smtp auth is disabled", "authentication disabled", "auth not allowed", "authentication not allowed", "authentication not permitted"])
        .says("the server does not let this account, or anybody here, log in")
        .help("use the server and port that the provider names for submission"),
    row(AuthFailed, "GoDaddy").at(AUTH).codes(&[535]).sub_codes(&["ib401"])
        .says("this server takes mail in and lets nobody log in")
        .help("submit through smtpout.secureserver.net"),
    row(AuthUnavailable, "Postfix, Google").at(AUTH).codes(&[454, 451, 421, 435]).enhanced(&[(7, 0), (3, 0)]).phrases(&["temporary authentication failure", "temporary authentication failed", "temporarily unable to authenticate", "authentication temporarily unavailable", "unable to authenticate at present", "authentication server", "auth server", "cannot authenticate at the moment", "authentication service", "temporary internal authentication"]),
    row(AuthUnavailable, "Google").at(AUTH).codes(&[454]).enhanced(&[(7, 0)]).phrases(&["too many login attempts", "too many logins"])
        .says("the account is held back after too many logins")
        .help("let the client log in less often, and try again later").retry(Retry::Helps),
    row(AuthUnavailable, COMMON).at(AUTH).codes(&[454, 451, 435]).class(4).hints(&["try again", "temporar*", "unavailable"]),
    row(AuthUnavailable, "Exim").at(AUTH).codes(&[435]).phrases(&["unable to authenticate at present"]),
    row(TlsRequired, "RFC 4954").at(AUTH).codes(&[538, 534, 523, 524, 504]).enhanced(&[(7, 11), (7, 10)]).phrases(&["encryption required for requested authentication mechanism", "encryption required", "requires encryption", "must use tls", "tls required", "ssl required", "secure connection", "encrypted connection", "plaintext authentication disallowed", "plaintext authentication disabled", "without tls", "without encryption", "use starttls", "starttls first", "issue a starttls", "starttls is required", "starttls required"])
        .says("the server lets nobody log in without TLS"),
    row(AuthFailed, COMMON).at(MAIL | OTHER).codes(&[535]).enhanced(&[(7, 8)]),
];
