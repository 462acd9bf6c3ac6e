//! What holds for every line: nothing panics, and nothing of a line is lost.

use proptest::prelude::*;

use super::{
    Argument, Command, PathArgument, auth_line, classify,
    command::{command, lenient},
    deviation::Deviation,
    ehlo_line, enhanced, foreign, host_line, mailbox, reply_line,
    shape::{is_command, shape},
    terminals::blanks,
    xtext,
};
use crate::span::Span;

/// Lines that reach deep: a verb that the grammar knows, then the protocol's own alphabet.
fn line() -> impl Strategy<Value = Vec<u8>> {
    let anything = proptest::collection::vec(any::<u8>(), 0..200);
    let alphabet = "[0-9a-z:=<>,; \r\n@.\"\\\\\\[\\]\u{a0}‹›-]{0,80}".prop_map(String::into_bytes);
    let verb = "(MAIL FROM|mail from:|RCPT TO:|rcpt to|MAIL|RCPT TO:<|MAIL FROM: <@a,@b:|HELO |EHLO|\
                AUTH PLAIN |BDAT |VRFY |250|550 5\\.|250-|\\[IPv6:|\"|a@)";
    let deep = (verb, alphabet.clone()).prop_map(|(verb, rest)| [verb.into_bytes(), rest].concat());
    prop_oneof![anything, alphabet, deep]
}

/// Lines that are of the plain form, or would be but for one octet.
fn plain() -> impl Strategy<Value = Vec<u8>> {
    let name = "[a-z0-9.-]{1,8}(\\.[a-z]{2,3})?";
    let hello = name.prop_map(|name| format!("EHLO {name}"));
    let path = ("(MAIL FROM|Rcpt To|MAIL TO)", name, name, "( SIZE=[0-9]{0,3})?( BODY=8BITMIME)?")
        .prop_map(|(verb, local, domain, tail)| format!("{verb}:<{local}@{domain}>{tail}"));
    let auth = "AUTH [A-Z5-]{0,6}( [A-Za-z0-9+/]{0,8}=?)?".prop_map(String::from);
    let alone = "(DATA|quit|RSET|NOOP|STARTTLS|HELP) ?".prop_map(String::from);
    (prop_oneof![hello, path, auth, alone], any::<u8>(), 0..200_usize).prop_map(
        |(line, octet, at)| {
            let mut line = line.into_bytes();
            if let Some(slot) = line.get_mut(at) {
                *slot = octet;
            }
            line
        },
    )
}

fn inside(whole: &[u8], part: &[u8]) -> bool {
    Span::of(whole, part).slice(whole) == part
}

fn whole_path(argument: &[u8], read: &PathArgument<'_>) {
    let parts = [
        read.keyword,
        read.space_before_colon,
        read.colon.unwrap_or_default(),
        read.space_after_colon,
        read.display_name,
        read.path.raw,
        read.tail,
    ];
    assert_eq!(parts.concat(), argument);
    let path = &read.path;
    let raw =
        |bracket: Option<super::Bracket<'_>>| bracket.map_or(Vec::new(), |it| it.raw.to_vec());
    assert_eq!([raw(path.opening), path.content.to_vec(), raw(path.closing)].concat(), path.raw);
    if let Some(mailbox) = path.mailbox {
        assert!(inside(path.content, mailbox.raw));
        let at = if mailbox.domain.is_some() { &b"@"[..] } else { b"" };
        let domain = mailbox.domain.unwrap_or_default();
        assert_eq!([mailbox.local_part, at, domain].concat(), mailbox.raw);
    }
    // Between the pieces of the tail there is nothing but blanks.
    let params = read.params.iter().map(|param| param.raw);
    let mut spans: Vec<_> =
        params.chain(read.junk.iter().copied()).map(|piece| Span::of(read.tail, piece)).collect();
    spans.sort();
    spans.push(Span::new(read.tail.len(), read.tail.len()));
    let mut end = 0;
    for span in spans {
        assert!(blanks(Span::new(end, span.start).slice(read.tail)).1.is_empty());
        end = span.end;
    }
}

fn deviation_inside(whole: &[u8], result: Result<(), Deviation<'_>>) {
    if let Err(deviation) = result {
        assert!(inside(whole, deviation.part), "{deviation:?}");
    }
}

proptest! {
    #[test]
    fn a_command_keeps_every_octet(line in line()) {
        let read: Command<'_> = command(&line);
        let parts = [read.indent, read.verb, read.separator, read.argument, read.trailing];
        prop_assert_eq!(parts.concat(), &line[..]);
        match &read.detail {
            Argument::None => prop_assert!(read.argument.is_empty()),
            Argument::Path(path) => whole_path(read.argument, path),
            Argument::Hello { name, junk } => {
                prop_assert!(inside(read.argument, name) && inside(read.argument, junk));
            }
            _ => {}
        }
        // Reading what was read gives the same again.
        prop_assert_eq!(command(read.line), read);
    }

    #[test]
    fn what_is_plain_is_what_the_lenient_parsers_read(line in plain()) {
        let read = command(&line);
        let lenient = lenient(&line);
        prop_assert!(is_command(&line) || !read.strict);
        prop_assert_eq!(Command { strict: false, ..read }, lenient);
    }

    #[test]
    fn a_reply_line_keeps_every_octet(line in line()) {
        if let Some(read) = reply_line(&line) {
            prop_assert_eq!([read.code_text, read.separator_text, read.text].concat(), &line[..]);
            prop_assert_eq!(format!("{:03}", read.code).into_bytes(), read.code_text);
            if let Some(code) = read.enhanced {
                prop_assert!(inside(read.text, code.raw) && inside(read.text, code.marker));
            }
        }
    }

    #[test]
    fn texts_keep_every_octet(text in line()) {
        let host = host_line(&text);
        prop_assert_eq!([host.name, host.separator, host.text].concat(), &text[..]);
        let keyword = ehlo_line(&text);
        let parts = [keyword.keyword, keyword.separator, keyword.params_text];
        prop_assert_eq!(parts.concat(), &text[..]);
        prop_assert!(keyword.params().all(|param| inside(keyword.params_text, param)));
    }

    #[test]
    fn nothing_panics_and_deviations_lie_inside(text in line()) {
        deviation_inside(&text, mailbox::is_strict(&text));
        deviation_inside(&text, xtext::is_strict(&text));
        deviation_inside(&text, ehlo_line(&text).is_strict());
        if let super::HostName::Invalid(deviation) = classify(&text) {
            deviation_inside(&text, Err(deviation));
        }
        let _ = (auth_line(&text), enhanced::mentioned(&text), foreign::foreign(&text), shape(&text));
        prop_assert!(xtext::decoded(&text).len() <= text.len());
    }

    #[test]
    fn strict_mailboxes_survive_the_path(local in "[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,20}", host in "[a-z0-9]{1,10}(\\.[a-z0-9]{1,10}){0,3}") {
        let address = format!("{local}@{host}").into_bytes();
        prop_assert!(mailbox::is_strict(&address).is_ok());
        let line = [&b"MAIL FROM:<"[..], &address, b"> SIZE=1"].concat();
        let read = command(&line);
        let path = read.path().map(|argument| &argument.path);
        prop_assert_eq!(path.and_then(|path| path.mailbox).map(|mailbox| mailbox.raw), Some(&address[..]));
    }
}
