//! Names that the user may have mistyped: the one that was probably meant.

/// `unknown rule `relay-acepted`; did you mean `relay-accepted`?`, or where to find the names.
pub(super) fn unknown<'n>(
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'n str>,
    list: &str,
) -> String {
    match nearest(name, known) {
        Some(meant) => format!("unknown {what} `{name}`; did you mean `{meant}`?"),
        None => format!("unknown {what} `{name}`; {list}"),
    }
}

/// The known name that is most like `name`, where one is like it at all.
pub(super) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let name = name.to_ascii_lowercase();
    known
        .map(|known| (strsim::jaro_winkler(&name, &known.to_ascii_lowercase()), known))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_what_is_like_it() {
        let known = ["relay-accepted", "relay-denied", "order"];
        for (name, expected) in [
            ("relay-acepted", Some("relay-accepted")),
            ("RELAY-DENIED", Some("relay-denied")),
            ("ordr", Some("order")),
            ("xyzzy", None),
        ] {
            assert_eq!(nearest(name, known.into_iter()), expected);
        }
        assert_eq!(
            unknown("rule", "xyzzy", known.into_iter(), "see `smtplog rules`"),
            "unknown rule `xyzzy`; see `smtplog rules`"
        );
    }
}
