//! Containers built, broken and opened.

use std::io::Write;
use std::ops::ControlFlow;

use proptest::prelude::*;

use super::*;

/// What a source was: name, kind, text, problems.
type Seen = (String, Kind, String, Vec<String>);

fn see(input: &Input, options: &Options) -> Vec<Seen> {
    let mut seen = Vec::new();
    let mut block = Block::new();
    let _ = open(input, options, &mut |source| {
        let mut text = Vec::new();
        while source.read(&mut block) {
            text.extend_from_slice(block.text());
        }
        let problems = source.problems().iter().map(|problem| match problem.line {
            Some(line) => format!("{line}: {}", problem.message),
            None => problem.message.clone(),
        });
        seen.push((
            source.name().to_owned(),
            source.kind(),
            String::from_utf8_lossy(&text).into_owned(),
            problems.collect(),
        ));
        ControlFlow::Continue(())
    });
    seen
}

/// Opens octets as a file of this name.
fn seen_with(name: &str, octets: &[u8], options: &Options) -> Vec<Seen> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, octets).unwrap();
    let mut seen = see(&Input::file(&path), options);
    let above = format!("{}/", folder.path().display());
    for (name, ..) in &mut seen {
        *name = name.strip_prefix(&above).unwrap().to_owned();
    }
    seen
}

fn seen(name: &str, octets: &[u8]) -> Vec<Seen> {
    seen_with(name, octets, &Options::default())
}

/// What is seen of a healthy source.
fn text(name: &str, text: &str) -> Seen {
    (name.to_owned(), Kind::Text, text.to_owned(), Vec::new())
}

const SESSION: &str = "220 mx.example ESMTP\r\nQUIT\r\n221 bye\r\n";

fn gzip(octets: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(octets).unwrap();
    encoder.finish().unwrap()
}

fn bzip2(octets: &[u8]) -> Vec<u8> {
    let mut encoder = ::bzip2::write::BzEncoder::new(Vec::new(), ::bzip2::Compression::best());
    encoder.write_all(octets).unwrap();
    encoder.finish().unwrap()
}

fn xz(octets: &[u8]) -> Vec<u8> {
    /// What xz(1) makes of nothing, which the encoder does not get right.
    const NOTHING: &[u8] =
        b"\xFD7zXZ\0\0\x04\xE6\xD6\xB4F\0\0\0\0\x1C\xDFD!\x1F\xB6\xF3}\x01\0\0\0\0\x04YZ";
    if octets.is_empty() {
        return NOTHING.to_vec();
    }
    let options = lzma_rust2::XzOptions::with_preset(1);
    let mut encoder = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
    encoder.write_all(octets).unwrap();
    encoder.finish().unwrap()
}

fn zstd(octets: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(octets, ruzstd::encoding::CompressionLevel::Fastest)
}

fn tar(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ::tar::Builder::new(Vec::new());
    for (name, octets) in entries {
        let mut header = ::tar::Header::new_gnu();
        header.set_size(octets.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, *octets).unwrap();
    }
    archive.into_inner().unwrap()
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ::zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, octets) in entries {
        archive.start_file(*name, ::zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(octets).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// Many different lines, which compress, but not to nothing.
fn many_lines() -> String {
    let line = |n: u64| format!("250 {:x}\n", n.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    (0..20_000).map(line).collect::<Vec<_>>().concat()
}

#[test]
fn compressed_files_keep_their_name() {
    let log = many_lines();
    for pack in [gzip, bzip2, xz, zstd] {
        for plain in [SESSION, log.as_str(), ""] {
            assert_eq!(seen("session", &pack(plain.as_bytes())), [text("session", plain)]);
        }
        // Two in a row are one text, as `cat a.gz b.gz` has it.
        let twice = [pack(b"a\n"), pack(b"b\n")].concat();
        assert_eq!(seen("a", &twice), [text("a", "a\nb\n")]);
    }
}

#[test]
fn a_stream_that_ends_early_gives_what_came_before() {
    let log = many_lines();
    for (pack, name) in
        [(gzip as fn(&[u8]) -> Vec<u8>, "gzip"), (bzip2, "bzip2"), (xz, "xz"), (zstd, "zstd")]
    {
        let packed = pack(log.as_bytes());
        let cut = &packed[..packed.len() * 9 / 10];
        let found = seen("log", cut);
        let [(_, Kind::Text, read, problems)] = &found[..] else { panic!("{found:?}") };
        assert!(log.starts_with(read.as_str()), "{name}");
        // bzip2 packs all of this into one block, the others into many.
        assert!(name == "bzip2" || read.len() > log.len() / 2, "{name}: {}", read.len());
        let last = read.lines().count();
        let expected = format!("the {name} stream ends early; what came before it was read");
        let expected = if last > 0 { format!("{last}: {expected}") } else { expected };
        assert_eq!(problems, &[expected]);
    }
}

#[test]
fn a_wrong_checksum_is_told_after_all_was_read() {
    for (pack, name, from_end) in
        [(gzip as fn(&[u8]) -> Vec<u8>, "gzip", 8), (xz, "xz", 24), (zstd, "zstd", 1)]
    {
        let mut packed = pack(SESSION.as_bytes());
        let place = packed.len() - from_end;
        packed[place] ^= 0x55;
        let found = seen("log", &packed);
        let [(_, Kind::Text, read, problems)] = &found[..] else { panic!("{found:?}") };
        assert_eq!(read, SESSION, "{name}");
        assert!(problems[0].contains(&format!("the {name} stream is damaged (")), "{problems:?}");
    }
}

#[test]
fn octets_after_a_gzip_stream_are_a_note() {
    let found = seen("a.gz", &[&gzip(b"a\n")[..], b"rubbish"].concat());
    assert_eq!(found[0].2, "a\n");
    assert!(found[0].3[0].contains("after the end of the gzip stream"));
    assert_eq!(seen("a.gz", &[&gzip(b"a\n")[..], &[0; 512]].concat()), [text("a.gz", "a\n")]);
}

#[test]
fn archives_name_their_entries_below_themselves() {
    let entries: &[(&str, &[u8])] = &[("b/mx1.log", b"one\n"), ("a.txt", b"two\n"), ("empty", b"")];
    let expected = |archive: &str| {
        [
            text(&format!("{archive}/b/mx1.log"), "one\n"),
            text(&format!("{archive}/a.txt"), "two\n"),
            text(&format!("{archive}/empty"), ""),
        ]
    };
    assert_eq!(seen("x.tar", &tar(entries)), expected("x.tar"));
    assert_eq!(seen("x.tgz", &gzip(&tar(entries))), expected("x.tgz"));
    assert_eq!(seen("x.zip", &zip(entries)), expected("x.zip"));
    assert_eq!(seen("x.zip.zst", &zstd(&zip(entries))), expected("x.zip.zst"));
    let nested = tar(&[("in.zip", &zip(&[("s.txt.gz", &gzip(b"deep\n"))]))]);
    assert_eq!(seen("out.tar.xz", &xz(&nested)), [text("out.tar.xz/in.zip/s.txt.gz", "deep\n")]);
}

#[test]
fn archives_that_end_early_give_what_came_before() {
    let log = many_lines();
    let entries: &[(&str, &[u8])] = &[("a", b"one\n"), ("b", log.as_bytes()), ("c", b"three\n")];
    let packed = tar(entries);
    let found = seen("x.tar", &packed[..100_000]);
    assert_eq!(found[0], text("x.tar/a", "one\n"));
    assert!(log.starts_with(&found[1].2) && found[1].2.len() > 90_000);
    assert!(found[1].3[0].ends_with("the tar archive ends early; what came before it was read"));
    assert_eq!(found.len(), 2);

    let packed = gzip(&packed);
    let found = seen("x.tgz", &packed[..packed.len() / 2]);
    assert_eq!(found[0], text("x.tgz/a", "one\n"));
    assert!(found[1].3[0].ends_with("the gzip stream ends early; what came before it was read"));
    assert_eq!(found.len(), 2);

    let packed = zip(entries);
    let found = seen("x.zip", &packed[..packed.len() / 2]);
    assert_eq!(found[0], text("x.zip/a", "one\n"));
    assert!(log.starts_with(&found[1].2) && !found[1].2.is_empty());
    assert_eq!(found.last().unwrap().1, Kind::Container);
    assert!(found.last().unwrap().3[0].contains("list of its contents is missing"));
}

#[test]
fn a_damaged_and_an_encrypted_entry_do_not_take_the_others_with_them() {
    let mut packed = zip(&[("a", b"one\n"), ("b", b"two\n")]);
    // The general purpose bit flag of `a`, in its header and in the list: bit 0 is encryption.
    let list = memchr::memmem::find(&packed, b"PK\x01\x02").unwrap();
    packed[6] |= 1;
    packed[list + 8] |= 1;
    let found = seen("x.zip", &packed);
    assert_eq!(found[0].1, Kind::Unreadable);
    assert!(found[0].3[0].starts_with("this is encrypted"), "{found:?}");
    assert_eq!(found[1], text("x.zip/b", "two\n"));

    let mut packed = zip(&[("a", SESSION.as_bytes()), ("b", b"two\n")]);
    let list = memchr::memmem::find(&packed, b"PK\x01\x02").unwrap();
    packed[list + 16] ^= 1;
    let found = seen("x.zip", &packed);
    assert_eq!(found[0].2, SESSION);
    assert!(found[0].3[0].contains("the zip entry is damaged"), "{found:?}");
    assert_eq!(found[1], text("x.zip/b", "two\n"));
}

#[test]
fn bombs_stop_at_the_limits() {
    let limits = Limits { always: 1 << 19, ratio: 100, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    let zeros = vec![0; 8 << 20];
    for bomb in
        [gzip(&zeros), bzip2(&zeros), gzip(&gzip(&zeros)), zip(&[("a", &zeros), ("b", &zeros)])]
    {
        let found = seen_with("bomb", &bomb, &options);
        assert!(found.iter().map(|seen| seen.2.len()).sum::<usize>() < 4 << 20);
        assert!(found[0].3[0].contains("decompression bomb"), "{:?}", found[0].3);
        assert_eq!(found.len(), 1);
    }
    // Each copy of the same small archive is another entry.
    let limits = Limits { entries: 5, ..Limits::default() };
    let names: Vec<_> = (0..9).map(|n| n.to_string()).collect();
    let entries: Vec<_> = names.iter().map(|name| (name.as_str(), &b"x\n"[..])).collect();
    for packed in [tar(&entries), zip(&entries)] {
        let found = seen_with("many", &packed, &Options { limits, ..Options::default() });
        assert_eq!(found.len(), 6);
        assert_eq!((found[5].0.as_str(), found[5].1), ("many", Kind::Container));
        assert!(found[5].3[0].contains("more than 5 entries"));
    }
    let mut deep = b"deep\n".to_vec();
    for _ in 0..9 {
        deep = gzip(&deep);
    }
    let found = seen("deep.gz", &deep);
    assert_eq!(found[0].1, Kind::Unreadable);
    assert!(found[0].3[0].contains("8 containers deep"), "{found:?}");
}

const TICKET: &str = "Return-Path: <a@b.example>\r\n\
    From: a@b.example\r\nSubject: mail\r\n does not arrive\r\nMIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=\"=_1\"\r\n\r\n\
    preamble\r\n--=_1\r\nContent-Type: multipart/alternative; boundary=two\r\n\r\n\
    --two\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\
    Content-Transfer-Encoding: quoted-printable\r\n\r\n250 caf=E9 =\r\nok\r\n\r\n\
    --two\r\nContent-Type: text/html\r\n\r\n<p>250 caf&eacute; ok</p>\r\n--two--\r\n\
    --=_1\r\nContent-Type: application/gzip; name=session.txt.gz\r\n\
    Content-Transfer-Encoding: base64\r\n\
    Content-Disposition: attachment; filename=session.txt.gz\r\n\r\n@\r\n\
    --=_1\r\nContent-Type: message/rfc822\r\n\r\n\
    From: x@y.example\r\nMessage-ID: <1@y>\r\n\r\n500 nested\r\n\
    --=_1--\r\n";

fn ticket() -> String {
    use base64::Engine as _;
    let packed = base64::engine::general_purpose::STANDARD.encode(gzip(SESSION.as_bytes()));
    TICKET.replace('@', &packed).replace(&format!("a{packed}b"), "a@b")
}

#[test]
fn a_mail_gives_its_texts_and_attachments() {
    let expected = [
        text("ticket.eml/part-1.txt", "250 café ok\r\n"),
        text("ticket.eml/session.txt.gz", SESSION),
        text("ticket.eml/part-3.eml/part-1.txt", "500 nested"),
    ];
    let mail = ticket();
    assert_eq!(seen("ticket.eml", mail.as_bytes()), expected);
    // A boundary that is missing at the end loses nothing.
    let cut = mail.strip_suffix("\r\n--=_1--\r\n").unwrap();
    let found = seen("ticket.eml", cut.as_bytes());
    assert_eq!(found[..3], expected);
    assert_eq!(found[3].1, Kind::Container);
    assert!(found[3].3[0].contains("before its last boundary"));
}

#[test]
fn a_mailbox_gives_each_mail() {
    let mail = |n: u8| {
        format!(
            "From a@b.example Mon Nov 23 20:25:48 2026\nReceived: by c\nFrom: a@b.example\n\n\
             {n}\n>From here on\nFrom me\n\n"
        )
    };
    let body = |n: u8| format!("{n}\nFrom here on\nFrom me\n\n");
    assert_eq!(
        seen("box", (mail(1) + &mail(2)).as_bytes()),
        [text("box/message-1/part-1.txt", &body(1)), text("box/message-2/part-1.txt", &body(2))]
    );
    assert_eq!(seen("one.eml", mail(3).as_bytes()), [text("one.eml/part-1.txt", &body(3))]);
}

#[test]
fn a_transcript_with_a_header_in_it_is_no_mail() {
    for session in [
        "From: a@b.example\r\nTo: c@d.example\r\nSubject: copied\r\n\r\n220 mx\r\n",
        "MAIL FROM:<a@b>\r\nReceived: by x\r\nMessage-ID: <1@x>\r\n\r\nbody\r\n",
        "220 mx ESMTP\r\nFrom: a\r\nMIME-Version: 1.0\r\nReceived: by x\r\n\r\n",
        "From: a\r\nReceived: by x\r\n",
        "From here Mon Nov 23 20:25:48 2026\n220 mx\n",
    ] {
        assert_eq!(seen("s.txt", session.as_bytes()), [text("s.txt", session)]);
    }
}

#[test]
fn bounces_give_their_transcript_and_their_status() {
    let mail = "Received: by a\nFrom: b@c.example\nMIME-Version: 1.0\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n\
        --x\nContent-Description: Notification\n\n550 no such user\n\n\
        --x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nStatus: 5.1.1\n\n\
        --x\nContent-Type: text/rfc822-headers\n\nSubject: s\n--x--\n";
    let found = seen("dsn.eml", mail.as_bytes());
    let texts: Vec<_> = found.iter().map(|seen| seen.2.as_str()).collect();
    assert_eq!(
        texts,
        ["550 no such user\n", "Reporting-MTA: dns; a\n\nStatus: 5.1.1\n", "Subject: s"]
    );
    assert!(found.iter().all(|seen| seen.1 == Kind::Text && seen.3.is_empty()), "{found:?}");
}

#[test]
fn a_mail_too_large_or_too_deep_is_plain_text() {
    let mail = ticket();
    let limits = Limits { in_memory: 100, ..Limits::default() };
    let found = seen_with("t.eml", mail.as_bytes(), &Options { limits, ..Options::default() });
    assert_eq!((found.len(), &found[0].2), (1, &mail));
    assert!(found[0].3[0].contains("more than 100 octets"));
    let deep = "Received: a\nFrom: b\nContent-Type: message/rfc822\n\n".repeat(100_000);
    let found = seen("deep.eml", deep.as_bytes());
    assert_eq!((found.len(), &found[0].2), (1, &deep));
    let many = format!(
        "Received: a\nFrom: b\nContent-Type: multipart/mixed; boundary=x\n\n{}",
        "--x\n\n1\n".repeat(200_001)
    );
    let found = seen("many.eml", many.as_bytes());
    assert_eq!((found.len(), &found[0].2), (1, &many));
    assert!(found[0].3[0].contains("could not be told apart"), "{:?}", found[0].3);
    // Parts in one another, however deep, are no danger.
    let parts =
        (0..20_000).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"));
    let deep = format!("Received: a\nFrom: b\n{}\n220 mx\n", parts.collect::<Vec<_>>().concat());
    assert_eq!(seen("deep.eml", deep.as_bytes())[0].2, "220 mx\n");
}

#[test]
fn a_picture_says_so() {
    let found = seen("a.txt", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR");
    assert_eq!(found[0].1, Kind::Binary("a PNG picture"));
    assert!(found[0].3[0].starts_with("this is a PNG picture, not text"));
}

#[test]
fn what_cannot_be_opened_is_handed_on() {
    let found = see(&walk(&["/nowhere/at all"])[0], &Options::default());
    assert_eq!(found[0].1, Kind::Unreadable);
    assert_eq!(found[0].3, ["`/nowhere/at all` does not exist; check the path"]);
}

#[test]
fn a_visitor_that_breaks_off_sees_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.tar");
    std::fs::write(&path, tar(&[("a", b"1"), ("b", b"2")])).unwrap();
    let mut count = 0;
    let flow = open(&Input::file(&path), &Options::default(), &mut |_| {
        count += 1;
        ControlFlow::Break(())
    });
    assert_eq!((count, flow), (1, ControlFlow::Break(())));
    // One that does not read an entry still sees the next.
    let mut names = Vec::new();
    let _ = open(&Input::file(&path), &Options::default(), &mut |source| {
        names.push(source.name().rsplit('/').next().unwrap().to_owned());
        ControlFlow::Continue(())
    });
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn zeros_and_endless_lines_stay_in_bounds() {
    for octet in [0, b'x'] {
        let endless = io::repeat(octet).take(20 << 20);
        let mut source = Source::new("endless", endless, &Options::default());
        let mut block = Block::new();
        while source.read(&mut block) {
            assert!(block.text().len() <= MAX_LINE);
        }
        assert_eq!((source.octets(), source.lines()), (20 << 20, 1));
    }
}

/// Reads a file of many lines, and has something done to it once its first window was read.
fn disturbed(disturb: impl FnOnce(&std::path::Path)) -> (u64, Vec<Problem>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    std::fs::write(&path, many_lines().repeat(3)).unwrap();
    let (mut disturb, mut found) = (Some(disturb), None);
    let _ = open(&Input::file(&path), &Options::default(), &mut |source| {
        let mut block = Block::new();
        while source.read(&mut block) {
            if let Some(disturb) = disturb.take() {
                disturb(&path);
            }
        }
        found = Some((source.octets(), source.take_problems()));
        ControlFlow::Continue(())
    });
    found.unwrap()
}

#[test]
fn a_file_that_changes_while_it_is_read() {
    let length = 3 * many_lines().len() as u64;
    let (read, problems) = disturbed(|_| {});
    assert_eq!((read, problems.len()), (length, 0));

    let shorten = |path: &std::path::Path| {
        std::fs::OpenOptions::new().write(true).open(path).unwrap().set_len(200_000).unwrap();
    };
    let (read, problems) = disturbed(shorten);
    assert_eq!((read, problems[0].severity), (200_000, Severity::Warning));
    let missing = format!("of {length} octets {} were cut off", length - 200_000);
    assert!(problems[0].message.contains(&missing), "{problems:?}");

    let lengthen = |path: &std::path::Path| {
        let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
        file.write_all(b"QUIT\n").unwrap();
    };
    let (read, problems) = disturbed(lengthen);
    assert_eq!((read, problems[0].severity), (length + 5, Severity::Note));
    assert!(problems[0].message.contains("grew while it was read"), "{problems:?}");

    // Without its name it is still there to be read.
    #[cfg(unix)]
    {
        let (read, problems) = disturbed(|path| std::fs::remove_file(path).unwrap());
        assert_eq!((read, problems.len()), (length, 0));
    }
}

#[test]
fn a_file_that_vanishes_before_it_is_opened_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    std::fs::write(&path, SESSION).unwrap();
    let listed = walk(&[folder.path()]);
    std::fs::remove_file(&path).unwrap();
    let found = see(&listed[0], &Options::default());
    assert_eq!(found[0].1, Kind::Unreadable);
    assert!(found[0].3[0].contains("is gone: it was there when the run began"), "{found:?}");
}

#[test]
fn where_the_report_goes_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report");
    std::fs::write(&path, SESSION).unwrap();
    let own: Vec<_> = Identity::of(&path.metadata().unwrap()).into_iter().collect();
    assert_eq!(own.len(), usize::from(cfg!(unix)));
    let options = Options { left_out: own, ..Options::default() };
    assert_eq!(see(&Input::file(&path), &options).len(), usize::from(!cfg!(unix)));
}

#[test]
fn an_interruption_ends_what_is_read_and_opens_nothing_more() {
    let log = many_lines();
    let entries: &[(&str, &[u8])] = &[("a", log.as_bytes()), ("b", log.as_bytes()), ("c", b"x\n")];
    for (name, packed) in
        [("x.tar", tar(entries)), ("x.tgz", gzip(&tar(entries))), ("x.zip", zip(entries))]
    {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, packed).unwrap();
        let options = Options::default();
        let mut seen = Vec::new();
        let _ = open(&Input::file(&path), &options, &mut |source| {
            let mut block = Block::new();
            while source.read(&mut block) {
                if seen.len() == 1 {
                    options.course.interrupt();
                }
            }
            let told = source.problems().last().map(|problem| problem.message.clone());
            seen.push((source.name().rsplit('/').next().unwrap().to_owned(), told));
            ControlFlow::Continue(())
        });
        let [first, .., last] = &seen[..] else { panic!("{seen:?}") };
        assert_eq!(first, &("a".to_owned(), None), "{name}");
        assert_eq!(last.1.as_deref(), Some(INTERRUPTED), "{name}: {seen:?}");
        assert!(!seen.iter().any(|(entry, _)| entry == "c"), "{name}: {seen:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Containers that are cut or damaged anywhere end in sources and problems, never in a panic.
    #[test]
    fn damage_never_panics(which in 0..8_usize, cut in any::<u16>(), place in any::<u16>(), with in any::<u8>()) {
        let entries: &[(&str, &[u8])] = &[("a", SESSION.as_bytes()), ("b", b"two\n")];
        let mut octets = match which {
            0 => gzip(SESSION.as_bytes()),
            1 => bzip2(SESSION.as_bytes()),
            2 => xz(SESSION.as_bytes()),
            3 => zstd(SESSION.as_bytes()),
            4 => tar(entries),
            5 => zip(entries),
            6 => ticket().into_bytes(),
            _ => [b"From a Mon Nov 23 20:25:48 2026\n", ticket().as_bytes()].concat(),
        };
        octets.truncate(usize::from(cut).max(1) % (octets.len() + 1));
        let length = octets.len().max(1);
        if let Some(octet) = octets.get_mut(usize::from(place) % length) {
            *octet ^= with;
        }
        prop_assert!(!seen("damaged", &octets).is_empty());
    }
}
