//! Credentials that show by themselves, whoever reads the text around them or does not.
//!
//! ```text
//! AGphbmUAc2VzYW0tMQ==                      NUL jane NUL sesam-1: the response of PLAIN
//! AUTH LOGIN … amFuZQ== … c2VzYW0tMQ==      what follows in base64
//! smtps://jane:sesam-1@mx.example           a URL's
//! swaks --auth-password sesam-1 -ap sesam-1 an option's
//! Authorization: Bearer sesam-1             a header's
//! "password": "sesam-1"                     a setting's
//! 334 UGFzc3dvcmQ6 … sesam-1                the answer to a server that asks for a password
//! ```

use base64::Engine;

use crate::encoded::LENIENT;

/// How few signs of base64 can hold a response of PLAIN.
const LEAST_ENCODED: usize = 12;

/// How few octets are a password that is looked for.
const LEAST: usize = 4;

/// How many octets a token may have.
const LONGEST: usize = 1 << 14;

/// How many octets a call or a sentence is followed.
const LONGEST_CALL: usize = 256;

/// How many octets may stand before a challenge, and how many its answer may have.
const LONGEST_MARK: usize = 128;
const LONGEST_ANSWER: usize = 128;

/// In so many octets behind AUTH its responses are looked for.
const REACH: usize = 600;

/// Options whose value is a password, or `user:password`.
const OPTIONS: &[&str] = &[
    "-ap",
    "-au-password",
    "-pass",
    "-xp",
    "--auth-pass",
    "--auth-password",
    "--oauth2-bearer",
    "--pass",
    "--passwd",
    "--password",
    "--proxy-user",
    "--smtp-pass",
    "--smtp-password",
    "--token",
    "--user",
];

/// The ends of settings' names whose value is a password or a token.
const SETTINGS: &[&str] =
    &["password", "passwd", "passwort", "pass", "pwd", "secret", "token", "apikey", "api_key"];

/// Functions that are given a password, and which of their arguments, from 0, it is.
const CALLS: &[(&str, usize)] = &[
    ("b64encode", 0),
    ("base64_encode", 0),
    ("encode_base64", 0),
    ("login", 1),
    ("NetworkCredential", 1),
    ("PasswordAuthentication", 1),
    ("PlainAuth", 2),
    ("setPassword", 0),
];

/// What stands where a password would and is none.
const NOTHING: &[&str] = &[
    "null",
    "none",
    "true",
    "false",
    "hidden",
    "incorrect",
    "invalid",
    "required",
    "redacted",
    "removed",
];

/// Words of which one says that an answer is not shown.
const UNSHOWN: &[&str] = &[
    "credential",
    "hidden",
    "masked",
    "not shown",
    "omitted",
    "redacted",
    "removed",
    "suppressed",
];

/// Credentials that were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Evident {
    /// As they stand in the text.
    pub(crate) typed: Vec<u8>,
    /// The password or the token in them, where that is another text.
    pub(crate) secret: Option<Vec<u8>>,
    /// They are the user's name in base64, and no secret.
    pub(crate) is_name: bool,
}

/// All credentials of a text that show by themselves.
pub(crate) fn credentials(text: &[u8]) -> Vec<Evident> {
    let mut found = responses(text);
    found.extend(told(text));
    found
}

/// The credentials of AUTH dialogues: what a session may hold in lines that were read as something else.
pub(crate) fn responses(text: &[u8]) -> Vec<Evident> {
    let mut found = Vec::new();
    let mut at = 0;
    for word in text.split(|octet| !is_encoded(*octet)) {
        let end = at + word.len();
        if word.len() + 2 >= LEAST_ENCODED
            && let Some(secret) = LENIENT.decode(word).ok().as_deref().and_then(secret_of)
        {
            let behind = text.get(end..).unwrap_or_default();
            let padding = behind.iter().take(2).take_while(|octet| **octet == b'=').count();
            let typed = text.get(at..end + padding).unwrap_or_default().to_vec();
            found.push(Evident { typed, secret: Some(secret), is_name: false });
        }
        at = end + 1;
    }
    let mut done = 0;
    for at in memchr::memchr2_iter(b'A', b'a', text) {
        let rest = text.get(at..).unwrap_or_default();
        if at < done || !begins(rest, "AUTH ") {
            continue;
        }
        let rest = rest.get(5..rest.len().min(REACH)).unwrap_or_default();
        // A server that announces it.
        let announced = matches!(text.get(..at), Some([.., b'2', b'5', b'0', b'-' | b' ']));
        if begins(rest, "LOGIN") && !announced {
            login(rest.get(5..).unwrap_or_default(), &mut found);
            done = at + 5;
        } else if begins(rest, "PLAIN") {
            shown(rest, &mut found);
            done = at + 5;
        }
    }
    found.retain(|one| is_secret(one.secret.as_deref().unwrap_or(&one.typed)));
    found
}

/// The password, the token or the digest of a decoded response.
fn secret_of(response: &[u8]) -> Option<Vec<u8>> {
    let is_text = |part: &[u8]| {
        std::str::from_utf8(part)
            .is_ok_and(|text| !text.is_empty() && !text.contains(char::is_control))
    };
    // RFC 4616 §2.
    let mut parts = response.split(|octet| *octet == 0);
    if let (Some(one), Some(user), Some(password), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
        && (one.is_empty() || is_text(one))
        && is_text(user)
        && is_text(password)
    {
        return Some(password.to_vec());
    }
    // XOAUTH2, and RFC 7628 §3.1.
    if response.starts_with(b"user=") || response.starts_with(b"n,") {
        let token =
            response.split(|octet| *octet == 1).find_map(|part| part.strip_prefix(b"auth="))?;
        let token = token.rsplit(|octet| *octet == b' ').next()?;
        return is_text(token).then(|| token.to_vec());
    }
    // RFC 2195 §2.
    if let Some((space, digest)) =
        response.len().checked_sub(33).and_then(|at| response.split_at_checked(at + 1))
        && space.ends_with(b" ")
        && is_text(response)
        && digest.iter().all(u8::is_ascii_hexdigit)
    {
        return Some(digest.to_vec());
    }
    // RFC 5802 §3.
    let proof =
        response.starts_with(b"c=").then(|| memchr::memmem::rfind(response, b",p=")).flatten();
    proof.and_then(|at| response.get(at + 3..)).filter(|proof| is_text(proof)).map(<[u8]>::to_vec)
}

/// What follows AUTH LOGIN in base64: the name first, if it did not stand beside LOGIN.
fn login(behind: &[u8], found: &mut Vec<Evident>) {
    let mut names = 0;
    for (number, line) in behind.split(|octet| *octet == b'\n').take(8).enumerate() {
        for word in line.split(|octet| is_between(*octet)).filter(|word| !word.is_empty()) {
            if number > 0 && is_over(word) {
                return;
            }
            let encoded = word.len() >= 8
                && word.len().is_multiple_of(4)
                && word.iter().all(|octet| is_encoded(*octet) || *octet == b'=');
            let Some(decoded) = LENIENT.decode(word).ok().filter(|_| encoded) else { continue };
            let is_text =
                std::str::from_utf8(&decoded).is_ok_and(|text| !text.contains(char::is_control));
            if !is_text || decoded.ends_with(b":") || decoded.starts_with(b"***") {
                continue;
            }
            names += 1;
            // What was put in the place of one.
            if decoded.iter().all(|octet| *octet == b'*') {
                continue;
            }
            let secret = (names > 1).then_some(decoded);
            found.push(Evident { typed: word.to_vec(), secret, is_name: names == 1 });
        }
    }
}

/// A word that stands behind the end of an AUTH dialogue: another reply than 334, or the next command (a host may be
/// called `mail`).
fn is_over(word: &[u8]) -> bool {
    let code = word.split(|octet| *octet == b'-').next().unwrap_or_default();
    matches!(code, [b'2' | b'4' | b'5', one, other] if one.is_ascii_digit() && other.is_ascii_digit())
        || matches!(word, b"MAIL" | b"RCPT" | b"QUIT" | b"EHLO" | b"HELO")
}

/// A response of PLAIN with signs for its NULs, in one line or several: `\0jane\0password`.
fn shown(behind: &[u8], found: &mut Vec<Evident>) {
    for nul in [&br"\000"[..], br"\0", br"\x00", br"\u0000", b"^@"] {
        let mut places = memchr::memmem::find_iter(behind, nul);
        if let (Some(_), Some(last)) = (places.next(), places.last()) {
            let password = behind.get(last + nul.len()..).unwrap_or_default();
            let password = value(password, b"");
            found.push(Evident { typed: password.to_vec(), secret: None, is_name: false });
            return;
        }
    }
}

/// Passwords that text around a dialogue tells: in URLs, options, headers, settings.
fn told(text: &[u8]) -> Vec<Evident> {
    let mut found = Vec::new();
    for at in memchr::memmem::find_iter(text, b"://") {
        let rest = value(text.get(at + 3..).unwrap_or_default(), b"/?");
        let user = memchr::memrchr(b'@', rest).and_then(|at| rest.get(..at)).unwrap_or_default();
        add(memchr::memchr(b':', user).and_then(|at| user.get(at + 1..)), &mut found);
    }
    for line in text.split(|octet| matches!(octet, b'\n' | b'\r')) {
        options(line, &mut found);
        settings(line, &mut found);
        calls(line, &mut found);
        sentences(line, &mut found);
    }
    found.retain(|one| is_secret(&one.typed));
    found
}

/// What somebody typed as it is where the server asks for base64, in the line behind: `334 UGFzc3dvcmQ6`, `sesam-1`. Where
/// somebody reads the dialogue, its client's half is known better.
pub(crate) fn answers(text: &[u8]) -> Vec<Evident> {
    const CODE: &[u8] = b"334 ";
    let mut found = Vec::new();
    let mut done = 0;
    for at in memchr::memmem::find_iter(text, CODE) {
        // Of a line with several of them the first one counts.
        if at < done {
            continue;
        }
        let behind = text.get(at + CODE.len()..).unwrap_or_default();
        let asked = value(behind, b"\\,|");
        let decoded = LENIENT.decode(asked).unwrap_or_else(|_| asked.to_vec());
        if !begins(&decoded, "pass") {
            continue;
        }
        let Some(end) = memchr::memchr(b'\n', behind) else { break };
        done = at + CODE.len() + end + 1;
        let start = at.saturating_sub(LONGEST_MARK);
        let before = text.get(start..at).unwrap_or_default();
        let mark = before.rsplit(|octet| *octet == b'\n').next().unwrap_or_default();
        let below = text.get(done..).unwrap_or_default();
        let below = below.get(..below.len().min(LONGEST_MARK + LONGEST_ANSWER)).unwrap_or_default();
        let lines = below.split(|octet| *octet == b'\n').map(<[u8]>::trim_ascii_end);
        let Some(line) = lines.take(2).find(|line| !line.is_empty()) else { continue };
        let answer = behind_mark(line, mark);
        let first = answer.split(u8::is_ascii_whitespace).next().unwrap_or_default();
        let lower = line.to_ascii_lowercase();
        let says_hidden =
            UNSHOWN.iter().any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some());
        // What is base64 is read by those who read the dialogue, and looked for by others here.
        let is_encoded = answer.len().is_multiple_of(4) && LENIENT.decode(answer).is_ok();
        if !is_over(first) && !says_hidden && !is_encoded {
            add(Some(answer), &mut found);
        }
    }
    found.retain(|one| is_secret(&one.typed));
    found
}

/// A line without the mark that it shares with the line before, but for its letters and digits: `> `, `12:01 S: `; or
/// else without a label and quotes.
fn behind_mark<'l>(line: &'l [u8], mark: &[u8]) -> &'l [u8] {
    let alike = |(one, other): (&u8, &u8)| {
        one == other || one.is_ascii_alphanumeric() && other.is_ascii_alphanumeric()
    };
    let shares = line.len() >= mark.len() && line.iter().zip(mark).all(alike);
    if shares && !mark.iter().all(u8::is_ascii_alphanumeric) {
        let quote = usize::from(mark.ends_with(b"\"") || mark.ends_with(b"'"));
        return quoted_end(line.get(mark.len() - quote..).unwrap_or_default());
    }
    let signs = line.iter().take_while(|octet| b"<>-=*|: \t".contains(octet)).count();
    let rest = line.get(signs..).unwrap_or_default();
    let label = rest.iter().take_while(|octet| octet.is_ascii_alphabetic()).count();
    let given = match rest.get(label..) {
        Some([b':', b' ', given @ ..]) if label > 0 => given,
        _ => rest,
    };
    quoted_end(given.trim_ascii_start())
}

/// What stands in quotes, up to the end of a line that is written out.
fn quoted_end(text: &[u8]) -> &[u8] {
    let (text, end) = match text {
        [quote @ (b'"' | b'\''), rest @ ..] => (rest, memchr::memrchr(*quote, rest)),
        _ => (text, None),
    };
    let text = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    let line = text.strip_suffix(br"\n").unwrap_or(text);
    line.strip_suffix(br"\r").unwrap_or(line)
}

/// `swaks -ap sesam-1`, `curl --user jane:sesam-1`
fn options(line: &[u8], found: &mut Vec<Evident>) {
    let mut curl = None;
    for at in memchr::memmem::find_iter(line, b" -") {
        let rest = line.get(at + 1..).unwrap_or_default();
        let length = rest
            .iter()
            .take(32)
            .take_while(|octet| octet.is_ascii_alphanumeric() || **octet == b'-')
            .count();
        let (name, behind) = rest.split_at_checked(length).unwrap_or_default();
        let is_curl = || memchr::memmem::find(line, b"curl").is_some();
        let short = name == b"-u" && *curl.get_or_insert_with(is_curl);
        if !(short || OPTIONS.iter().any(|option| name.eq_ignore_ascii_case(option.as_bytes()))) {
            continue;
        }
        let [b' ' | b'=', given @ ..] = behind else { continue };
        let given = quoted(given);
        if name == b"-u" || name.ends_with(b"user") {
            add(memchr::memchr(b':', given).and_then(|at| given.get(at + 1..)), found);
        } else {
            add(Some(given), found);
        }
    }
}

/// `password=sesam-1`, `"password": "sesam-1"`, `Authorization: Bearer sesam-1`
fn settings(line: &[u8], found: &mut Vec<Evident>) {
    let mut done = 0;
    for at in memchr::memchr2_iter(b'=', b':', line) {
        if at < done {
            continue;
        }
        let (before, behind) = line.split_at_checked(at).unwrap_or_default();
        let open = before.trim_ascii_end();
        let name = open.strip_suffix(b"\"").or(open.strip_suffix(b"'")).unwrap_or(open);
        let length = name
            .iter()
            .rev()
            .take(40)
            .take_while(|octet| octet.is_ascii_alphanumeric() || b"_-".contains(octet))
            .count();
        let start = name.len() - length;
        let name = name.get(start..).unwrap_or_default();
        let given = behind.get(1..).unwrap_or_default();
        let given = given.strip_prefix(b">").unwrap_or(given).trim_ascii_start();
        if ends(name, "authorization") {
            let mut words = quoted_line(given).splitn(2, |octet| *octet == b' ');
            let (Some(scheme), Some(token)) = (words.next(), words.next()) else { continue };
            let token = value(token, b"");
            done = at + token.len();
            let is_basic = scheme.eq_ignore_ascii_case(b"Basic");
            add(Some(token), found);
            if is_basic && let Some(decoded) = LENIENT.decode(token).ok() {
                add(memchr::memchr(b':', &decoded).and_then(|at| decoded.get(at + 1..)), found);
            }
            continue;
        }
        if !SETTINGS.iter().any(|setting| ends(name, setting)) {
            continue;
        }
        // `Password: incorrect` is a sentence; a setting stands alone in its line, or in quotes.
        let alone = !line.get(..start).unwrap_or_default().iter().any(u8::is_ascii_alphabetic);
        let said = quoted(given);
        done = at + said.len();
        let behind_it = given.get(said.len()..).unwrap_or_default();
        let whole = behind_it.starts_with(b"<") || !behind_it.iter().any(u8::is_ascii_alphanumeric);
        let in_quotes = matches!(given.first(), Some(b'"' | b'\''));
        if behind.first() == Some(&b'=') || in_quotes || alone && whole {
            add(Some(said), found);
        }
    }
}

/// `server.login("jane", "sesam-1")`
fn calls(line: &[u8], found: &mut Vec<Evident>) {
    for at in memchr::memchr_iter(b'(', line) {
        let before = line.get(..at).unwrap_or_default();
        let Some((_, place)) = CALLS.iter().find(|(name, _)| ends(before, name)) else { continue };
        let given = line.get(at + 1..(at + LONGEST_CALL).min(line.len())).unwrap_or_default();
        let mut left = given.splitn(4, |octet| *octet == b',');
        let given = left.nth(*place).unwrap_or_default().trim_ascii_start();
        let given = given.strip_prefix(b"b").unwrap_or(given);
        if let [b'"' | b'\'', ..] = given {
            add(Some(quoted(given)), found);
        }
    }
}

/// `the password is Sesam-1`: a word behind that hardly can be another one.
fn sentences(line: &[u8], found: &mut Vec<Evident>) {
    for at in memchr::memmem::find_iter(line, b"assw") {
        let behind = line.get(at..(at + LONGEST_CALL).min(line.len())).unwrap_or_default();
        let mut words = behind.split(u8::is_ascii_whitespace).skip(1).take(2);
        let strong = words.find_map(|word| {
            let word = value(word.trim_ascii_start(), b"");
            let word = word.strip_suffix(b".").or(word.strip_suffix(b",")).unwrap_or(word);
            let has = |is: fn(&u8) -> bool| usize::from(word.iter().any(is));
            let kinds = has(u8::is_ascii_lowercase)
                + has(u8::is_ascii_uppercase)
                + has(u8::is_ascii_digit)
                + has(u8::is_ascii_punctuation);
            (word.len() >= 8 && kinds >= 3 && has(u8::is_ascii_digit) == 1).then_some(word)
        });
        add(strong, found);
    }
}

fn add(typed: Option<&[u8]>, found: &mut Vec<Evident>) {
    if let Some(typed) = typed {
        found.push(Evident { typed: typed.to_vec(), secret: None, is_name: false });
    }
}

/// Whether this can be a password, and is not what somebody put in its place.
fn is_secret(text: &[u8]) -> bool {
    text.len() >= LEAST
        && !text.starts_with(b"***")
        && text.iter().any(|octet| !matches!(octet, b'*' | b'x' | b'X' | b'.' | b'-' | b'0'))
        && !NOTHING.iter().any(|nothing| text.eq_ignore_ascii_case(nothing.as_bytes()))
}

/// A value, in quotes or up to the next blank.
fn quoted(text: &[u8]) -> &[u8] {
    match text {
        [quote @ (b'"' | b'\''), rest @ ..] => {
            rest.split(|octet| octet == quote).next().unwrap_or_default()
        }
        _ => value(text, b",;&"),
    }
}

/// What stands in quotes, or all.
fn quoted_line(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\"").or(text.strip_prefix(b"'")).unwrap_or(text)
}

/// The octets before a blank, a quote, a bracket or one of these.
fn value<'t>(text: &'t [u8], ends: &[u8]) -> &'t [u8] {
    let end = |octet: &u8| {
        octet.is_ascii_whitespace() || b"\"'`<>)]}".contains(octet) || ends.contains(octet)
    };
    let text = text.get(..text.len().min(LONGEST)).unwrap_or_default();
    text.get(..text.iter().position(end).unwrap_or(text.len())).unwrap_or_default()
}

fn begins(text: &[u8], word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
}

fn ends(text: &[u8], word: &str) -> bool {
    text.len()
        .checked_sub(word.len())
        .and_then(|at| text.get(at..))
        .is_some_and(|end| end.eq_ignore_ascii_case(word.as_bytes()))
}

/// A sign of base64, its padding apart.
const fn is_encoded(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/')
}

/// What parts the words of a log.
const fn is_between(octet: u8) -> bool {
    octet.is_ascii_whitespace()
        || matches!(
            octet,
            b'"' | b'\''
                | b'<'
                | b'>'
                | b'('
                | b')'
                | b'['
                | b']'
                | b'{'
                | b'}'
                | b','
                | b';'
                | b'|'
                | b'\\'
                | b':'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(text: &str) -> Vec<String> {
        let found = credentials(text.as_bytes()).into_iter();
        let mut found: Vec<String> =
            found.map(|one| String::from_utf8(one.secret.unwrap_or(one.typed)).unwrap()).collect();
        found.dedup();
        found
    }

    #[test]
    fn credentials_show_by_themselves() {
        for (text, want) in [
            ("x AGphbmUAc2VzYW0tMQ== y", "sesam-1"),
            ("amFuZQBqYW5lAHNlc2FtLTE", "sesam-1"),
            ("dXNlcj1qYW5lAWF1dGg9QmVhcmVyIHNlc2FtLTEBAQ==", "sesam-1"),
            ("bixhPWphbmUsAWF1dGg9QmVhcmVyIHNlc2FtLTEBAQ==", "sesam-1"),
            (
                "amFuZSA1ZjJkM2I2YTljMWU0ZDcwODBhMWIyYzNkNGU1ZjYwNw==",
                "5f2d3b6a9c1e4d7080a1b2c3d4e5f607",
            ),
            (r"AUTH PLAIN \0jane\0sesam-1", "sesam-1"),
            ("smtps://jane:sesam-1@mx.example:465/x", "sesam-1"),
            ("$ swaks -tls -ap sesam-1 -t a@b.example", "sesam-1"),
            ("swaks --auth-password='sesam-1'", "sesam-1"),
            ("curl smtp://mx -u jane:sesam-1 -v", "sesam-1"),
            ("curl smtp://mx --user \"jane:sesam-1\"", "sesam-1"),
            ("Authorization: Bearer sesam-1", "sesam-1"),
            (r#"{"authorization":"Bearer sesam-1"}"#, "sesam-1"),
            (r#""password": "sesam-1","#, "sesam-1"),
            ("  smtp_pass: sesam-1", "sesam-1"),
            ("SMTP_PASSWORD=sesam-1", "sesam-1"),
            ("$mail->Password = 'sesam-1';", "sesam-1"),
            ("> 7  X-Auth-Password: sesam-1 |", "sesam-1"),
            ("server.login('jane', 'sesam-1')", "sesam-1"),
            (r#"smtp.PlainAuth("", "jane", "sesam-1", host)"#, "sesam-1"),
            ("with the password Sesam-12 I got in", "Sesam-12"),
            ("The Password is Sesam-12.", "Sesam-12"),
        ] {
            assert_eq!(secrets(text), [want], "{text}");
        }
        let login = "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: amFuZTEyMw==\nC: c2VzYW0tMQ==\nS: 235 c2VzYW0tMg==\n";
        assert_eq!(secrets(login), ["amFuZTEyMw==", "sesam-1"]);
        for text in [
            "250-AUTH LOGIN PLAIN\n250-SIZE\nMAIL FROM:<a@b>",
            "535 5.7.8 Error: authentication failed: password: incorrect",
            "Username and Password not accepted. Learn more at https://support.example.com/mail/?p=BadCredentials",
            "334 UGFzc3dvcmQ6",
            "password=********",
            "pass=<hidden>",
            "Enter the password: and go on",
            "https://www.example.com/a:b@c",
            "AUTH PLAIN ********",
            "the token of this: 12",
            "the password of jane@mx.example crossed without TLS",
            "Please log in with your password. RFC 4954 says",
        ] {
            assert_eq!(secrets(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn an_answer_as_it_was_typed_is_found() {
        for (text, want) in [
            ("as I typed it:\n334 UGFzc3dvcmQ6\nsesam one\nand no more\n", &["sesam one"][..]),
            ("> 334 VXNlcm5hbWU6\n> jane\n> 334 UGFzc3dvcmQ6\n> 2.sesam\n", &["2.sesam"]),
            ("334 Password:\r\n\r\nsesam-1\r\n", &["sesam-1"]),
            ("12:01:09 S: 334 UGFzc3dvcmQ6\n12:01:11 C: sesam-1\n", &["sesam-1"]),
            ("recv: \"334 UGFzc3dvcmQ6\\r\\n\"\nsend: \"sesam-1\\r\\n\"\n", &["sesam-1"]),
            ("Response: 334 UGFzc3dvcmQ6\nRequest: sesam-1\n", &["sesam-1"]),
            (
                "334 UGFzc3dvcmQ6\n535 5.7.8 no\n334 UGFzc3dvcmQ6\nQUIT\n334 UGFzc3dvcmQ6\n<hidden>",
                &[],
            ),
            ("334 5.7.0 go on\nsesam-1\n", &[]),
        ] {
            let found: Vec<_> = answers(text.as_bytes()).into_iter().map(|one| one.typed).collect();
            let want: Vec<_> = want.iter().map(|text| text.as_bytes().to_vec()).collect();
            assert_eq!(found, want, "{text}");
        }
    }
}
