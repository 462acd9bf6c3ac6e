//! The checks of the fuzz targets on samples that were changed at random, for so many seconds each: what needs neither
//! libFuzzer nor a C++ compiler, and is the same again with the same seed.
//!
//! `mutate [SECONDS [SEED [TARGET…]]]`

use std::{
    env, fs,
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use fastrand::Rng;
use smtplog_fuzz::{ALPHABET, CHECKS, Check};

/// How long one input may take.
const SLOWEST: Duration = Duration::from_secs(30);

/// The longest sample, and the longest input.
const LONGEST: usize = 16 << 10;

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let seconds = arguments.next().map_or(10, |text| text.parse().expect("SECONDS"));
    let seed = arguments.next().map_or(1, |text| text.parse().expect("SEED"));
    let chosen: Vec<String> = arguments.collect();
    let samples = samples();
    for (name, check) in CHECKS {
        if !chosen.is_empty() && !chosen.iter().any(|one| one == name) {
            continue;
        }
        match run(check, &samples, seed, Duration::from_secs(seconds)) {
            Ok(inputs) => {
                println!("{name}: {inputs} inputs in {seconds} s, seed {seed}: all is well")
            }
            Err((why, input)) => {
                let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("artifacts");
                let path = folder.join(format!("{name}-{seed}"));
                let _ = fs::create_dir_all(&folder);
                fs::write(&path, input).expect("room for the input");
                eprintln!("{name}: {why}; the input is in {}", path.display());
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

/// Checks changed samples for so long; returns how many, or the one that failed and why.
fn run(
    check: Check,
    samples: &[Vec<u8>],
    seed: u64,
    time: Duration,
) -> Result<usize, (&'static str, Vec<u8>)> {
    let mut rng = Rng::with_seed(seed);
    let (inputs, next) = mpsc::channel::<Vec<u8>>();
    let (done, is_done) = mpsc::channel();
    thread::spawn(move || {
        for input in next {
            let held = panic::catch_unwind(AssertUnwindSafe(|| check(&input))).is_ok();
            if done.send(held).is_err() {
                break;
            }
        }
    });
    let begun = Instant::now();
    let mut count = 0;
    while begun.elapsed() < time {
        let input = changed(samples, &mut rng);
        inputs.send(input.clone()).expect("the thread waits");
        match is_done.recv_timeout(SLOWEST) {
            Ok(true) => count += 1,
            Ok(false) => return Err(("it does not hold", input)),
            Err(_) => return Err(("it takes too long", input)),
        }
    }
    Ok(count)
}

fn samples() -> Vec<Vec<u8>> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples")];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the samples").flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    let read = files.iter().filter_map(|path| fs::read(path).ok());
    read.filter(|octets| octets.len() <= LONGEST).collect()
}

/// A sample, or a part of it, with a few changes.
fn changed(samples: &[Vec<u8>], rng: &mut Rng) -> Vec<u8> {
    let mut text = samples[rng.usize(..samples.len())].clone();
    for _ in 0..=rng.usize(..8) {
        let (from, to) = stretch(&text, rng);
        match rng.u8(..9) {
            0 if from < text.len() => text[from] = rng.u8(..),
            1 if from < text.len() => text[from] ^= 1 << rng.u8(..8),
            2 => drop(text.drain(from..to)),
            3 => {
                let again = text[from..to].to_vec();
                text.splice(to..to, again);
            }
            4 => {
                let other = &samples[rng.usize(..samples.len())];
                let (first, last) = stretch(other, rng);
                text.splice(from..to, other[first..last].iter().copied());
            }
            5 | 6 => {
                let word = ALPHABET[rng.usize(..ALPHABET.len())];
                text.splice(from..from, word.bytes());
            }
            7 => text.truncate(to),
            _ => text[from..to].reverse(),
        }
        text.truncate(LONGEST);
    }
    text
}

/// A part of the text: mostly whole lines.
fn stretch(text: &[u8], rng: &mut Rng) -> (usize, usize) {
    let mut ends = [rng.usize(..=text.len()), rng.usize(..=text.len())];
    if rng.bool() {
        let from = ends[0].min(ends[1]);
        ends = [from, text.len().min(from + rng.usize(..40))];
    }
    if rng.u8(..4) > 0 {
        for end in &mut ends {
            *end = text[..*end].iter().rposition(|octet| *octet == b'\n').map_or(0, |at| at + 1);
        }
    }
    ends.sort_unstable();
    (ends[0], ends[1])
}
