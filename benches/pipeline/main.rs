//! How fast each stage is, and the whole: octets a second, and what is allocated on the way.
//!
//! `cargo bench` runs all of them, `cargo bench -- rules` those with a name like that. What the figures were and
//! what they mean is in `docs/performance.md`.

#![expect(clippy::unwrap_used, reason = "a bench may panic")]

mod records;

use std::{io::sink, process::Command};

use divan::{
    AllocProfiler, Bencher, black_box,
    counter::{BytesCount, ItemsCount},
};
use records::{Form, alone, record};
use smtplog::{
    Options, analyze_bytes, dialect, render,
    report::{
        SourceReport, Summary, session_report,
        summary::{Question, Tally},
    },
    rules::{self, Judging},
    session::{Session, assemble::Assembler, incoming::Incoming},
    source::{self, Block, Source},
    transcript::Transcript,
    wrapping::{self, Peeler},
};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

/// Octets of a record that is measured, at least.
const SIZE: usize = 256 << 10;

fn main() {
    divan::main();
}

/// The blocks of lines of a record.
fn blocks(record: &str) -> Vec<Block> {
    let mut source = Source::new("record", record.as_bytes(), &source::Options::default());
    let mut blocks = vec![Block::new()];
    while source.read(blocks.last_mut().unwrap()) {
        blocks.push(Block::new());
    }
    blocks
}

/// The lines of a block as the assembler takes them.
fn incoming(block: &Block) -> Vec<Incoming<'_>> {
    block
        .iter()
        .map(|line| Incoming {
            number: line.number,
            offset: line.offset,
            octets: line.octets,
            text: line.text,
            skipped: 0,
            tail: 0,
            ending: line.ending,
            at: None,
        })
        .collect()
}

/// What the assembler makes of a record.
fn assemble(blocks: &[Block]) -> Vec<Transcript> {
    let mut assembler = Assembler::new(None);
    let mut found = Vec::new();
    for block in blocks {
        found.extend(assembler.window(&incoming(block)));
    }
    found.extend(assembler.finish());
    found
}

fn transcripts(form: Form) -> Vec<Transcript> {
    let found = assemble(&blocks(&record(form, SIZE)));
    assert!(found.len() > 100, "{form:?}: only {} sessions were found", found.len());
    found
}

fn report(form: Form) -> SourceReport {
    analyze_bytes("record", record(form, SIZE).as_bytes(), &Options::default())
}

/// Octets to lines.
#[divan::bench]
fn source_lines(bencher: Bencher) {
    let record = record(Form::Exchange, SIZE);
    let mut block = Block::new();
    bencher.counter(BytesCount::of_str(&record)).bench_local(|| {
        let mut source = Source::new("record", record.as_bytes(), &source::Options::default());
        let mut lines = 0;
        while source.read(&mut block) {
            lines += block.iter().filter(|line| !line.text.is_empty()).count();
        }
        lines
    });
}

/// Lines to what is inside their wrappers.
#[divan::bench(args = [Form::Telnet, Form::Quoted])]
fn wrapping(bencher: Bencher, form: Form) {
    let record = record(form, SIZE);
    let lines: Vec<&[u8]> = record.lines().map(str::as_bytes).collect();
    bencher.counter(BytesCount::of_str(&record)).bench_local(|| {
        let mut peeler = Peeler::default();
        let mut scratch = Vec::new();
        let mut octets = 0;
        for window in lines.chunks(wrapping::WINDOW) {
            peeler.learn(&mut window.iter().copied());
            for line in window {
                octets += peeler.peel(line, &mut scratch).text.len();
            }
        }
        octets
    });
}

/// Lines to turns, by the reader of their dialect.
#[divan::bench(args = [Form::Marked, Form::Exchange])]
fn dialect_reading(bencher: Bencher, form: Form) {
    let record = record(form, SIZE);
    let name = if form == Form::Exchange { "exchange-protocol" } else { "rfc-cs" };
    let dialect = dialect::find(name).unwrap();
    bencher.counter(BytesCount::of_str(&record)).bench_local(|| {
        let mut reader = (dialect.reader)();
        let mut octets = 0;
        for line in record.lines() {
            reader.read(line.as_bytes(), &mut |reading| octets += reading.text.len());
        }
        octets
    });
}

/// Lines to transcripts: wrapping, detection, reading, and who said what.
#[divan::bench(args = [Form::Telnet, Form::Marked, Form::Exchange])]
fn attribution(bencher: Bencher, form: Form) {
    let record = record(form, SIZE);
    let blocks = blocks(&record);
    bencher.counter(BytesCount::of_str(&record)).bench_local(|| assemble(&blocks).len());
}

/// Transcripts to sessions: exchanges, order, transactions, outcome.
#[divan::bench]
fn pairing_and_standing(bencher: Bencher) {
    let transcripts = transcripts(Form::Marked);
    bencher.counter(BytesCount::new(SIZE)).bench_local(|| {
        transcripts.iter().map(|transcript| Session::of(transcript).exchanges.len()).sum::<usize>()
    });
}

/// Sessions to findings.
#[divan::bench]
fn rules(bencher: Bencher) {
    let transcripts = transcripts(Form::Marked);
    let sessions: Vec<Session<'_>> = transcripts.iter().map(Session::of).collect();
    let judging = Judging::default();
    bencher.counter(BytesCount::new(SIZE)).bench_local(|| {
        sessions.iter().map(|session| rules::judge(session, &judging).len()).sum::<usize>()
    });
}

/// Sessions and findings to their report.
#[divan::bench]
fn reporting(bencher: Bencher) {
    let transcripts = transcripts(Form::Marked);
    let sessions: Vec<Session<'_>> = transcripts.iter().map(Session::of).collect();
    let judging = Judging::default();
    let judged: Vec<_> =
        sessions.iter().map(|session| (session, rules::judge(session, &judging))).collect();
    bencher.counter(BytesCount::new(SIZE)).bench_local(|| {
        for (session, findings) in &judged {
            black_box(session_report::<String>(session, findings, 1, false, true));
        }
    });
}

/// Sessions and findings to their share of a summary; the figure that counts is that of one session.
#[divan::bench(args = [Form::Marked, Form::Exchange])]
fn summing_up(bencher: Bencher, form: Form) {
    let transcripts = transcripts(form);
    let sessions: Vec<Session<'_>> = transcripts.iter().map(Session::of).collect();
    let judging = Judging::default();
    let judged: Vec<_> =
        sessions.iter().map(|session| (session, rules::judge(session, &judging))).collect();
    // In a log of any size nearly all names have been seen before.
    let mut tally = Tally::new(Question::default());
    bencher.counter(ItemsCount::new(judged.len())).bench_local(|| {
        for (session, findings) in &judged {
            tally.see("record", session, findings, |_| true);
        }
    });
}

/// A report to each output format.
#[divan::bench(args = render::FORMATS.iter().map(|format| format.name))]
fn rendering(bencher: Bencher, format: &str) {
    let source = report(Form::Marked);
    let summary = Summary::of(std::slice::from_ref(&source));
    let format = render::find(format).unwrap();
    bencher.counter(BytesCount::new(SIZE)).bench_local(|| {
        let mut renderer = (format.renderer)(render::Style::default());
        renderer.begin(&mut sink()).unwrap();
        renderer.source(&source, &mut sink()).unwrap();
        renderer.finish(&summary, &mut sink()).unwrap();
    });
}

/// Octets to a report.
#[divan::bench(args = [Form::Telnet, Form::Marked, Form::Quoted, Form::Exchange])]
fn whole(bencher: Bencher, form: Form) {
    let record = record(form, SIZE);
    let options = Options::default();
    bencher
        .counter(BytesCount::of_str(&record))
        .bench_local(|| analyze_bytes("record", record.as_bytes(), &options).sessions.len());
}

/// The program as it is called for one ticket: start, read a transcript of 2 KB, print, end.
#[divan::bench]
fn process(bencher: Bencher) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("session.txt");
    let session: String = (8..11).map(|number| alone(Form::Telnet, number)).collect();
    std::fs::write(&path, &session).unwrap();
    bencher.counter(BytesCount::of_str(&session)).bench_local(|| {
        Command::new(env!("CARGO_BIN_EXE_smtplog")).arg("analyze").arg(&path).output().unwrap()
    });
}
