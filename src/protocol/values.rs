//! What the value of a parameter, or the rest of a keyword's line, may look like.
//!
//! Each function is named after the production whose ABNF stands above it, and says whether the
//! whole value matches. Keywords within values compare without case (RFC 5321 §2.4).

/// ```text
/// xtext = *( xchar / hexchar )         ; RFC 3461 §4
/// xchar = any ASCII CHAR between "!" (33) and "~" (126) inclusive, except for "+" and "="
/// hexchar = ASCII "+" immediately followed by two upper case hexadecimal digits
/// ```
/// An esmtp-value has at least one octet: the empty value does not match.
pub fn xtext(value: &[u8]) -> bool {
    let mut octets = value.iter();
    let hexadecimal = |octet: Option<&u8>| matches!(octet, Some(octet) if matches!(octet, b'0'..=b'9' | b'A'..=b'F'));
    while let Some(octet) = octets.next() {
        let fits = match octet {
            b'+' => hexadecimal(octets.next()) && hexadecimal(octets.next()),
            b'=' => false,
            octet => octet.is_ascii_graphic(),
        };
        if !fits {
            return false;
        }
    }
    !value.is_empty()
}

/// ```text
/// size-value ::= 1*20DIGIT             ; RFC 1870 §3
/// ```
pub fn size_value(value: &[u8]) -> bool {
    digits(value, 1, 20)
}

/// ```text
/// size-param ::= [1*DIGIT]             ; RFC 1870 §3
/// ```
pub fn size_param(value: &[u8]) -> bool {
    value.iter().all(u8::is_ascii_digit)
}

/// ```text
/// body-value ::= "7BIT" / "8BITMIME"   ; RFC 6152 §2
/// ```
pub fn body_value(value: &[u8]) -> bool {
    one_of(value, &["7BIT", "8BITMIME"])
}

/// ```text
/// body-value ::= "7BIT" / "8BITMIME" / "BINARYMIME"   ; RFC 3030 §3
/// ```
pub fn binary_body_value(value: &[u8]) -> bool {
    one_of(value, &["BINARYMIME"])
}

/// ```text
/// ret-value = "FULL" / "HDRS"          ; RFC 3461 §4.3
/// ```
pub fn ret_value(value: &[u8]) -> bool {
    one_of(value, &["FULL", "HDRS"])
}

/// ```text
/// notify-esmtp-value = "NEVER" / 1#notify-list-element          ; RFC 3461 §4.1
/// notify-list-element = "SUCCESS" / "FAILURE" / "DELAY"
/// ```
pub fn notify_esmtp_value(value: &[u8]) -> bool {
    one_of(value, &["NEVER"])
        || list(value, b',', |element| one_of(element, &["SUCCESS", "FAILURE", "DELAY"]))
}

/// ```text
/// original-recipient-address = addr-type ";" xtext              ; RFC 3461 §4.2
/// ```
pub fn original_recipient_address(value: &[u8]) -> bool {
    let Some((addr_type, address)) = cut(value, b';') else { return false };
    !addr_type.is_empty()
        && addr_type.iter().all(|octet| is_atom_octet(*octet))
        && (address.is_empty() || xtext(address))
}

/// ```text
/// sasl-mech = 1*20mech-char            ; RFC 4422 §3.1
/// mech-char = UPPER-ALPHA / DIGIT / HYPHEN / UNDERSCORE
/// ```
pub fn sasl_mech(value: &[u8]) -> bool {
    (1..=20).contains(&value.len())
        && value.iter().all(|octet| matches!(octet, b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_'))
}

/// The list of mechanisms after the keyword AUTH (RFC 4954 §3).
pub fn sasl_mechs(value: &[u8]) -> bool {
    list(value, b' ', sasl_mech)
}

/// The submitter's address in xtext, or `<>` where it is not known (RFC 4954 §5).
pub fn auth_mailbox(value: &[u8]) -> bool {
    value == b"<>" || xtext(value)
}

/// ```text
/// transid-value = "<" transid-left "@" transid-right ">"        ; RFC 1845 §2
/// ```
pub fn transid_value(value: &[u8]) -> bool {
    let is_part = |part: &[u8]| {
        !part.is_empty() && part.iter().all(|o| is_atom_octet(*o) || matches!(o, b'.'))
    };
    value
        .strip_prefix(b"<")
        .and_then(|rest| rest.strip_suffix(b">"))
        .and_then(|inner| cut(inner, b'@'))
        .is_some_and(|(left, right)| is_part(left) && is_part(right))
}

/// ```text
/// by-value = by-time ";" by-mode [by-trace]                     ; RFC 2852 §4
/// by-time  = ["-" / "+"] 1*9digit      ; positive, where the mode is "R"
/// by-mode  = "N" / "R"
/// by-trace = "T"
/// ```
pub fn by_value(value: &[u8]) -> bool {
    let Some((time, mode)) = cut(value, b';') else { return false };
    let unsigned = time.strip_prefix(b"-").or_else(|| time.strip_prefix(b"+")).unwrap_or(time);
    let positive = !time.starts_with(b"-") && unsigned.iter().any(|octet| *octet != b'0');
    digits(unsigned, 1, 9)
        && (one_of(mode, &["N", "NT"]) || (one_of(mode, &["R", "RT"]) && positive))
}

/// ```text
/// deliverby-param = min-by-time *( ',' extension-token )        ; RFC 2852 §2
/// min-by-time     = [1*9digit]
/// ```
pub fn deliverby_param(value: &[u8]) -> bool {
    let mut parts = value.split(|octet| *octet == b',');
    parts.next().is_some_and(|time| digits(time, 0, 9))
        && parts.all(|token| !token.is_empty() && token.iter().all(u8::is_ascii_graphic))
}

/// ```text
/// Solicitation-keywords = word 0*("," word)                     ; RFC 3865 §2.2
/// word = ALPHA 0*(wordchar)
/// wordchar = ("." / "-" / "_" / ":" / ALPHA / DIGIT)
/// ```
pub fn solicitation_keywords(value: &[u8]) -> bool {
    list(value, b',', |word| {
        word.first().is_some_and(u8::is_ascii_alphabetic)
            && word
                .iter()
                .all(|o| o.is_ascii_alphanumeric() || matches!(o, b'.' | b'-' | b'_' | b':'))
    })
}

/// ```text
/// mtrk-value = certifier [ ":" timeout ]                        ; RFC 3885 §3.1
/// timeout = 1*9digit
/// ```
/// The certifier is base64 of a hash, without padding.
pub fn mtrk_value(value: &[u8]) -> bool {
    let is_base64 = |octet: &u8| octet.is_ascii_alphanumeric() || matches!(octet, b'+' | b'/');
    let (certifier, timeout) = cut(value, b':').unwrap_or((value, b"0"));
    !certifier.is_empty() && certifier.iter().all(is_base64) && digits(timeout, 1, 9)
}

/// ```text
/// holdfor-value = integer-max9         ; RFC 4865 §4.1
/// ```
pub fn holdfor_value(value: &[u8]) -> bool {
    digits(value, 1, 9) && !value.starts_with(b"0")
}

/// An Internet date and time in UTC (RFC 4865 §3, RFC 3339 §5.6).
pub fn holduntil_value(value: &[u8]) -> bool {
    let Some((moment, rest)) = value.split_at_checked(MOMENT) else { return false };
    let fraction = rest.strip_suffix(b"Z").or_else(|| rest.strip_suffix(b"z"));
    let is_fraction = |fraction: &[u8]| {
        fraction.is_empty()
            || fraction.strip_prefix(b".").is_some_and(|rest| digits(rest, 1, usize::MAX))
    };
    is_moment(moment) && fraction.is_some_and(is_fraction)
}

/// ```text
/// "FUTURERELEASE" SP max-interval SP max-datetime               ; RFC 4865 §3
/// ```
pub fn future_release_limits(value: &[u8]) -> bool {
    cut(value, b' ')
        .is_some_and(|(interval, moment)| holdfor_value(interval) && holduntil_value(moment))
}

/// ```text
/// priority-value = (["-"] NZDIGIT) / "0"                        ; RFC 6710 §7
/// ```
pub fn priority_value(value: &[u8]) -> bool {
    matches!(value, b"0" | [b'1'..=b'9'] | [b'-', b'1'..=b'9'])
}

/// ```text
/// priority-profile = 1*20(ALPHA / DIGIT / "-" / "_" / ".")      ; RFC 6710 §3
/// ```
pub fn priority_profile(value: &[u8]) -> bool {
    value.len() <= 20
        && value.iter().all(|o| o.is_ascii_alphanumeric() || matches!(o, b'-' | b'_' | b'.'))
}

/// ```text
/// rrvs-param = "RRVS=" date-time [ ";" ( "C" / "R" ) ]          ; RFC 7293 §3.1
/// ```
pub fn rrvs_value(value: &[u8]) -> bool {
    let (date, action) = cut(value, b';').unwrap_or((value, b"R"));
    let Some((moment, zone)) = date.split_at_checked(MOMENT) else { return false };
    let is_offset = match zone {
        [b'Z' | b'z'] => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => [h1, h2, m1, m2].iter().all(|o| o.is_ascii_digit()),
        _ => false,
    };
    is_moment(moment) && is_offset && one_of(action, &["C", "R"])
}

/// ```text
/// limits-param = limit-name-or-value *( SP limit-name-or-value )   ; RFC 9422 §3
/// ```
pub fn limits_params(value: &[u8]) -> bool {
    list(value, b' ', |limit| {
        let (name, value) = cut(limit, b'=').unwrap_or((limit, b"-"));
        let is_name = |octet: &u8| matches!(octet, b'A'..=b'Z' | b'0'..=b'9' | b'-');
        let is_value = |octet: &u8| octet.is_ascii_graphic() && !matches!(octet, b';' | b'=');
        !name.is_empty()
            && name.iter().all(is_name)
            && !value.is_empty()
            && value.iter().all(is_value)
    })
}

/// Words of visible characters, separated by single spaces: what an ehlo-line allows at all.
pub fn ehlo_params(value: &[u8]) -> bool {
    list(value, b' ', |word| !word.is_empty() && word.iter().all(u8::is_ascii_graphic))
}

/// Words of capital letters: the attributes that XCLIENT and XFORWARD offer.
pub fn attribute_names(value: &[u8]) -> bool {
    list(value, b' ', |word| !word.is_empty() && word.iter().all(u8::is_ascii_uppercase))
}

/// ```text
/// esmtp-value = 1*(%d33-60 / %d62-126)                          ; RFC 5321 §4.1.2
/// ```
pub fn esmtp_value(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(|o| o.is_ascii_graphic() && *o != b'=')
}

/// Nothing at all.
pub fn nothing(value: &[u8]) -> bool {
    value.is_empty()
}

/// Whatever it is: no document says.
pub fn anything(_: &[u8]) -> bool {
    true
}

/// `XVERP=` and up to two delimiters, which may hold a `=` (Postfix `VERP_README`).
pub fn verp_delimiters(value: &[u8]) -> bool {
    value.len() <= 2
}

/// `SECURITY=STARTTLS` of Courier.
pub fn courier_security(value: &[u8]) -> bool {
    one_of(value, &["STARTTLS"])
}

/// 32 hexadecimal digits.
pub fn loop_mark(value: &[u8]) -> bool {
    value.len() == 32 && value.iter().all(u8::is_ascii_hexdigit)
}

/// base64 with its padding.
pub fn base64(value: &[u8]) -> bool {
    let letters = value.strip_suffix(b"==").or_else(|| value.strip_suffix(b"=")).unwrap_or(value);
    !letters.is_empty()
        && letters.iter().all(|o| o.is_ascii_alphanumeric() || matches!(o, b'+' | b'/'))
}

/// The octets of `2008-10-01T12:30:00`.
const MOMENT: usize = 19;

/// ```text
/// date-fullyear "-" date-month "-" date-mday "T" time-hour ":" time-minute ":" time-second
/// ```
fn is_moment(value: &[u8]) -> bool {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00";
    let shaped = value.len() == SHAPE.len()
        && value.iter().zip(SHAPE).all(|(octet, place)| match place {
            b'0' => octet.is_ascii_digit(),
            place => octet.eq_ignore_ascii_case(place),
        });
    let number = |from: usize| {
        let pair = value.get(from..from + 2).unwrap_or_default();
        pair.iter().fold(0_u8, |sum, o| sum.wrapping_mul(10).wrapping_add(o.wrapping_sub(b'0')))
    };
    shaped
        && (1..=12).contains(&number(5))
        && (1..=31).contains(&number(8))
        && number(11) <= 23
        && number(14) <= 59
        && number(17) <= 60
}

/// An octet of an RFC 822 atom that may stand in an esmtp-value.
fn is_atom_octet(octet: u8) -> bool {
    octet.is_ascii_graphic() && !b"()<>@,;:\\\".[]=".contains(&octet)
}

fn digits(value: &[u8], at_least: usize, at_most: usize) -> bool {
    (at_least..=at_most).contains(&value.len()) && value.iter().all(u8::is_ascii_digit)
}

fn one_of(value: &[u8], words: &[&str]) -> bool {
    words.iter().any(|word| value.eq_ignore_ascii_case(word.as_bytes()))
}

/// One element or more, each of which fits.
fn list(value: &[u8], separator: u8, fits: impl Fn(&[u8]) -> bool) -> bool {
    value.split(|octet| *octet == separator).all(fits)
}

/// What stands before and after the first separator.
fn cut(value: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let place = value.iter().position(|octet| *octet == separator)?;
    let (before, rest) = value.split_at_checked(place)?;
    Some((before, rest.get(1..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Check = fn(&[u8]) -> bool;

    #[test]
    fn values_that_match_and_values_that_do_not() {
        let table: &[(Check, &[&str], &[&str])] = &[
            (xtext, &["a", "a+2Bb", "~!"], &["", "+2b", "+2", "a=b", "a b", "é"]),
            (
                size_value,
                &["0", "12345678901234567890"],
                &["", "123456789012345678901", "abc", "-1"],
            ),
            (size_param, &["", "0", "35882577"], &["10M", "1 2"]),
            (body_value, &["7BIT", "8bitmime"], &["9BIT", "", "BINARYMIME"]),
            (binary_body_value, &["BinaryMime"], &["8BITMIME"]),
            (ret_value, &["FULL", "hdrs"], &["HEADERS", ""]),
            (
                notify_esmtp_value,
                &["NEVER", "SUCCESS,delay", "FAILURE"],
                &["NEVER,DELAY", "", "SUCCESS,", "ALWAYS", "SUCCESS;DELAY"],
            ),
            (
                original_recipient_address,
                &["rfc822;a@b.example", "utf-8;a+2Bb@c", "rfc822;"],
                &["a@b.example", ";a@b", "rfc 822;a", "rfc822;a+2b"],
            ),
            (
                sasl_mechs,
                &["PLAIN", "PLAIN LOGIN SCRAM-SHA-256"],
                &["", "plain", "PLAIN  LOGIN", "=LOGIN"],
            ),
            (auth_mailbox, &["<>", "e+3Dmc2@example.com"], &["", "a=b", "a b"]),
            (transid_value, &["<12345@claremont.edu>"], &["12345@c", "<@c>", "<a>", "<a b@c>"]),
            (
                by_value,
                &["120;R", "-120;N", "+5;RT", "0;n"],
                &["0;R", "-5;R", "120", "120;X", "1234567890;N"],
            ),
            (deliverby_param, &["", "30", "30,X"], &["a", "1234567890", "30,"]),
            (solicitation_keywords, &["net.example:ADV", "a,b"], &["", "1a", "a,,b", "a b"]),
            (mtrk_value, &["GLENkd+/", "abc:3600"], &["", ":3600", "abc:", "abc=:1"]),
            (holdfor_value, &["1", "999999999"], &["0", "", "1234567890", "1h"]),
            (
                holduntil_value,
                &["2030-12-31T23:59:60Z", "2030-01-01t00:00:00.5z"],
                &[
                    "2030-13-01T00:00:00Z",
                    "2030-01-01T00:00:00+01:00",
                    "2030-01-01",
                    "2030-01-01T00:00:00.Z",
                ],
            ),
            (
                future_release_limits,
                &["86400 2030-01-01T00:00:00Z"],
                &["", "86400", "2030-01-01T00:00:00Z 86400"],
            ),
            (priority_value, &["0", "9", "-9"], &["", "10", "-0", "+1"]),
            (priority_profile, &["", "MIXER", "STANAG4406"], &["A B", "A/B"]),
            (
                rrvs_value,
                &["2014-04-03T23:01:00Z", "1981-06-07T00:00:00-08:00;C"],
                &["2014-04-03T23:01:00", "2014-04-03T23:01:00Z;X", "yesterday"],
            ),
            (
                limits_params,
                &["RCPTMAX=20 MAILMAX=5", "X-ANY"],
                &["", "=5", "RCPTMAX=", "rcptmax=5"],
            ),
            (attribute_names, &["NAME ADDR PORT"], &["", "name", "NAME  ADDR"]),
            (esmtp_value, &["a", "<a@b>"], &["", "a=b", "a b"]),
            (verp_delimiters, &["", "+="], &["+=-"]),
            (loop_mark, &["0123456789abcdefABCDEF0123456789"], &["0123", ""]),
            (base64, &["QQ==", "QUI=", "QUJD"], &["", "=", "QQ===", "Q Q"]),
        ];
        for (row, (check, accepted, refused)) in table.iter().enumerate() {
            for value in *accepted {
                assert!(check(value.as_bytes()), "row {row} should take {value}");
            }
            for value in *refused {
                assert!(!check(value.as_bytes()), "row {row} should refuse {value}");
            }
        }
    }
}
