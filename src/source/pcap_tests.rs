//! Captures built packet by packet, and what is read in them.

use std::ops::ControlFlow;

use etherparse::PacketBuilder;

use super::super::{Block, Kind, Options, Source, open as open_input, walk::Input};

const CLIENT: ([u8; 4], u16) = ([192, 0, 2, 1], 40_000);
const SERVER: ([u8; 4], u16) = ([192, 0, 2, 2], 2526);

/// A capture with one connection, whose sequence numbers begin just before they wrap around.
struct Recorder {
    packets: Vec<(u32, Vec<u8>)>,
    next: [u32; 2],
}

impl Recorder {
    fn new() -> Self {
        Self { packets: Vec::new(), next: [u32::MAX - 10, 5000] }
    }

    /// The client's packet (0) or the server's (1), a millisecond after the one before.
    fn packet(&mut self, side: usize, flags: &str, payload: &[u8]) -> &mut Self {
        let (from, to) = if side == 0 { (CLIENT, SERVER) } else { (SERVER, CLIENT) };
        let mut builder = PacketBuilder::ethernet2([1; 6], [2; 6]).ipv4(from.0, to.0, 64).tcp(
            from.1,
            to.1,
            self.next[side],
            1000,
        );
        if !(side == 0 && flags == "S") {
            builder = builder.ack(self.next[1 - side]);
        }
        for flag in flags.chars() {
            builder = match flag {
                'S' => builder.syn(),
                'F' => builder.fin(),
                'R' => builder.rst(),
                _ => builder.psh(),
            };
        }
        let mut packet = Vec::new();
        builder.write(&mut packet, payload).unwrap();
        self.packets.push((u32::try_from(self.packets.len()).unwrap() * 1000, packet));
        let taken = payload.len() + flags.chars().filter(|flag| "SF".contains(*flag)).count();
        self.next[side] = self.next[side].wrapping_add(u32::try_from(taken).unwrap());
        self
    }

    fn say(&mut self, side: usize, text: &str) -> &mut Self {
        self.packet(side, "P", text.as_bytes())
    }

    fn opened() -> Self {
        let mut recorder = Self::new();
        recorder.packet(0, "S", b"").packet(1, "S", b"").packet(0, "", b"");
        recorder
    }

    fn pcap(&self) -> Vec<u8> {
        let mut file = Vec::new();
        for field in [0xA1B2_C3D4_u32, 0x0004_0002, 0, 0, 65535, 1] {
            file.extend(field.to_le_bytes());
        }
        for (micros, packet) in &self.packets {
            let length = u32::try_from(packet.len()).unwrap();
            for field in [1_700_000_000, *micros, length, length] {
                file.extend(field.to_le_bytes());
            }
            file.extend(packet);
        }
        file
    }

    fn pcapng(&self) -> Vec<u8> {
        let block = |kind: u32, body: &[u8]| {
            let length = u32::try_from(body.len() + 12).unwrap().to_be_bytes();
            [&kind.to_be_bytes(), &length, body, &length].concat()
        };
        let mut file =
            block(0x0A0D_0D0A, &[&[0x1A, 0x2B, 0x3C, 0x4D, 0, 1, 0, 0][..], &[0xFF; 8]].concat());
        file.extend(block(1, &[0, 1, 0, 0, 0, 4, 0, 0]));
        for (micros, packet) in &self.packets {
            let time = 1_700_000_000_000_000 + u64::from(*micros);
            let length = u32::try_from(packet.len()).unwrap().to_be_bytes();
            let mut body = [&[0; 4][..], &time.to_be_bytes(), &length, &length, packet].concat();
            body.resize(body.len().next_multiple_of(4), 0);
            file.extend(block(6, &body));
        }
        file
    }
}

fn seen(octets: &[u8]) -> Vec<(String, Kind, String, Vec<String>)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c");
    std::fs::write(&path, octets).unwrap();
    let mut seen = Vec::new();
    let mut block = Block::new();
    let mut look = |source: &mut Source<'_>| {
        let mut text = Vec::new();
        while source.read(&mut block) {
            text.extend_from_slice(block.text());
        }
        let name = source.name().rsplit("/c").next().unwrap().to_owned();
        let problems = source.problems().iter().map(|problem| problem.message.clone()).collect();
        seen.push((name, source.kind(), String::from_utf8(text).unwrap(), problems));
        ControlFlow::Continue(())
    };
    let _ = open_input(&Input::file(&path), &Options::default(), &mut look);
    seen
}

#[test]
fn a_connection_is_a_source() {
    let mut recorder = Recorder::opened();
    recorder.say(1, "220 mx ESMTP\r\n").say(0, "EHLO a\r\nMA").say(0, "IL FROM:<>\n");
    recorder.say(1, "250 ok\r\n").packet(0, "F", b"").packet(1, "F", b"").packet(0, "", b"");
    let expected = "#capture 192.0.2.1:40000 > 192.0.2.2:2526\n\
        #opened 1700000000.000000\n\
        1700000000.003000 < 220 mx ESMTP\r\n\
        1700000000.004000 > EHLO a\r\n\
        1700000000.005000 >- MAIL FROM:<>\n\
        1700000000.006000 < 250 ok\r\n\
        #closed 1700000000.007000 >\n\
        #closed 1700000000.008000 <\n";
    for file in [recorder.pcap(), recorder.pcapng()] {
        let found = seen(&file);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, "/192.0.2.1:40000-192.0.2.2:2526");
        assert_eq!(found[0].2, expected);
        assert_eq!(found[0].3, [""; 0]);
    }
    // The same packets in another order, and some twice, are the same text but for the times.
    recorder.packets.swap(4, 5);
    let twice = recorder.packets[6].clone();
    recorder.packets.insert(7, twice);
    let found = seen(&recorder.pcap());
    let untimed = |text: &str| {
        let words =
            text.split_inclusive('\n').map(|line| line.split_once(' ').unwrap().1.to_owned());
        words.filter(|line| !line.starts_with("17")).collect::<String>()
    };
    assert_eq!(untimed(&found[0].2), untimed(expected));
}

#[test]
fn what_is_missing_is_a_gap() {
    let mut recorder = Recorder::opened();
    recorder.say(1, "220 mx ESMTP\r\n").say(0, "EHLO a\r\nMA").say(0, "IL FROM:<>\r\n");
    recorder.say(1, "250 ok\r\n").say(0, "QUI").packet(1, "R", b"");
    recorder.packets.remove(5);
    let found = seen(&recorder.pcap());
    let (_, lines) = found[0].2.split_once("> EHLO a\r\n").unwrap();
    assert_eq!(
        lines,
        "1700000000.006000 >~ MA\n#gap 1700000000.006000 > 12\n1700000000.006000 < 250 ok\r\n\
         1700000000.008000 >~ QUI\n#reset 1700000000.008000 <\n"
    );
    assert_eq!(found[0].3, ["12 octets of what 192.0.2.1:40000 sent are not in the capture"]);
}

#[test]
fn tls_and_long_messages_are_told_not_shown() {
    let mut recorder = Recorder::opened();
    recorder.say(1, "220 mx\r\n").say(0, "STARTTLS\r\n").say(1, "220 go\r\n");
    recorder.packet(0, "P", b"\x16\x03\x01\x02\n\n\x01").packet(1, "P", b"\x16\x03\x03\0\n");
    let found = seen(&recorder.pcap());
    assert!(
        found[0].2.ends_with("< 220 go\r\n#tls 1700000000.006000 >\n#tls 1700000000.007000 <\n")
    );

    let mut recorder = Recorder::opened();
    recorder.say(1, "354 go\r\n");
    let line = "x".repeat(998) + "\r\n";
    for _ in 0..2000 {
        recorder.say(0, &line);
    }
    recorder.say(0, ".\r\n").say(1, "250 ok\r\n");
    let found = seen(&recorder.pcap());
    let end = found[0].2.get(found[0].2.len() - 100..).unwrap();
    assert!(end.contains(" > 952000\n"), "{end}");
    assert!(end.contains(" > .\r\n") && end.ends_with(" < 250 ok\r\n"), "{end}");
    assert!(found[0].3[0].contains("long messages"));
}

#[test]
fn what_is_no_smtp_is_left_out() {
    let mut recorder = Recorder::opened();
    recorder.say(0, "GET / HTTP/1.1\r\n").say(1, "HTTP/1.1 200 OK\r\n");
    let found = seen(&recorder.pcap());
    assert_eq!((found.len(), found[0].1), (1, Kind::Container));
    assert_eq!(found[0].3, ["no SMTP in this capture; other TCP connections in it: 1"]);
}

#[test]
fn a_capture_that_ends_early_gives_what_came_before() {
    let mut recorder = Recorder::opened();
    recorder.say(1, "220 mx ESMTP\r\n").say(0, "EHLO a\r\n");
    for file in [recorder.pcap(), recorder.pcapng()] {
        let found = seen(&file[..file.len() - 5]);
        assert!(found[0].2.ends_with("< 220 mx ESMTP\r\n"), "{}", found[0].2);
        assert_eq!(found[1].3, ["the capture ends early; what came before it was read"]);
    }
}
