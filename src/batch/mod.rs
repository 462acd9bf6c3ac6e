//! Sources of any number and size: read once, judged by several threads, told in the order of the record.
//!
//! A small file is one task, its sessions and all. A large one is read here, and each batch of sessions
//! that are over is a task: while other threads judge, this one reads on, so that a log of any size takes
//! the memory of a few batches. What comes out is the same for any number of threads.

use std::{fs, ops::ControlFlow, path::Path, sync::Arc, thread};

use crate::{
    Options,
    analyze::{Ended, Heard, Pace, read},
    report::{SessionReport, SourceReport},
    rules::{self, Glance},
    session::Session,
    source::{self, Course, Input, Origin, Source},
    transcript::Transcript,
};

mod ordered;
mod told;

use ordered::Ordered;
use told::MailsTold;

/// Files up to this size, in octets, are one task each.
const SMALL: u64 = 64 << 10;

/// What small files are called that unpack to large ones, after the last dot.
const PACKED: [&str; 9] = ["gz", "tgz", "zst", "bz2", "tbz", "xz", "txz", "zip", "tar"];

/// How many octets a small file may unpack to that is not called so: its task holds all that is made of it. One that
/// unpacks to more is read again, as a large one is.
const UNPACKED: u64 = 8 << 20;

/// How many small files make a task.
const FILES: usize = 8;

/// How many sessions make a task at most: where too much is open, thousands are over at once.
const SESSIONS: usize = 512;

/// How many connections of a capture make a task.
const CONNECTIONS: usize = 32;

/// What is made of sessions, by any thread.
///
/// ```
/// use std::ops::ControlFlow;
/// use smtplog::{Heard, News, Options, Work};
///
/// /// Counts sessions.
/// struct Count;
/// impl Work for Count {
///     type Done = u64;
///     fn session(&self, _: &Heard<'_, '_>, done: &mut u64) {
///         *done += 1;
///     }
/// }
/// let mut sessions = 0;
/// let _ = smtplog::run(&["samples/rfc"], &Options::default(), 0, &Count, &mut |news| {
///     if let News::Sessions(count) = news {
///         sessions += count;
///     }
///     ControlFlow::Continue(())
/// });
/// assert!(sessions > 0);
/// ```
pub trait Work: Sync {
    /// What is made of a few sessions of one source.
    type Done: Send + Default;

    /// Whether anybody reads what the findings say; texts that nobody reads are left empty.
    const READS: bool = true;

    /// Adds a session to what is made of those before it.
    fn session(&self, heard: &Heard<'_, '_>, done: &mut Self::Done);

    /// No further session is added: what was borrowed for these can be given back.
    fn over(&self, done: &mut Self::Done) {
        let _ = done;
    }
}

/// What happens while sources are read, in the order of the record.
#[derive(Debug)]
pub enum News<D> {
    /// Some sessions of a source were judged.
    Sessions(D),
    /// A source is over: the report on it, without its sessions.
    Source(Box<SourceReport>),
    /// An input was not opened, because the reading was interrupted: its name.
    Unread(String),
}

/// What takes the news; breaks off to hear no more.
pub type Sink<'s, D> = &'s mut dyn FnMut(News<D>) -> ControlFlow<()>;

/// Reads every source that `paths` stand for with `jobs` threads (0: as many as there are processors), has
/// `work` done on each session, and hands what was made of them to `sink` in the order of the record.
///
/// Folders are walked and containers opened; what cannot be read is a report with a problem. Where the reading
/// is interrupted ([`source::Course::interrupt`]), what was read by then is told of as it would be if there
/// were no more of it, and what was not opened is named.
pub fn run<P: AsRef<Path>, W: Work>(
    paths: &[P],
    options: &Options,
    jobs: usize,
    work: &W,
    sink: Sink<'_, W::Done>,
) -> ControlFlow<()> {
    let inputs: Vec<Weighed> = source::walk_on(paths, &options.source.course)
        .into_iter()
        .map(|input| Weighed::of(input, &options.source.course))
        .collect();
    options.source.course.expect(inputs.iter().filter_map(|known| known.octets).sum());
    let threads = match jobs {
        0 => thread::available_parallelism().map_or(1, usize::from),
        jobs => jobs,
    };
    let alone = threads == 1 || matches!(&inputs[..], [known] if known.is_small());
    // Where no threads are to be had, this one does everything.
    let pool = (!alone)
        .then(|| rayon::ThreadPoolBuilder::new().num_threads(threads - 1).build().ok())
        .flatten();
    let Some(pool) = pool else {
        return Run { options, work, tasks: Ordered::new(None, 0) }.inputs(&inputs, sink);
    };
    pool.in_place_scope(|scope| {
        let tasks = Ordered::new(Some(scope), threads - 1);
        Run { options, work, tasks }.inputs(&inputs, sink)
    })
}

/// Follows a log that is still being written: as [`run`], but each session is told of as soon as it is over,
/// and the end of the log is not the end. `wait` is called there; when it says `false`, what is open is told
/// of as it is. A log that is rotated or cut short is a source for each of its files.
pub fn follow<W: Work>(
    path: &Path,
    options: &Options,
    wait: source::Wait<'_>,
    work: &W,
    sink: Sink<'_, W::Done>,
) -> ControlFlow<()> {
    source::follow(path, &options.source, wait, &mut |source| {
        whole(source, &mut MailsTold::default(), Pace::AtOnce, options, work, sink)
    })
}

/// Analyses every source that `paths` stand for and hands the reports to `sink` in their order: [`run`] for
/// whoever wants whole reports.
pub fn analyze<P: AsRef<Path>>(
    paths: &[P],
    options: &Options,
    jobs: usize,
    sink: &mut dyn FnMut(SourceReport) -> ControlFlow<()>,
) -> ControlFlow<()> {
    struct Reports<'o>(&'o Options);
    impl Work for Reports<'_> {
        type Done = Vec<SessionReport>;

        fn session(&self, heard: &Heard<'_, '_>, done: &mut Self::Done) {
            done.push(self.0.report(heard));
        }
    }
    let mut held = Vec::new();
    run(paths, options, jobs, &Reports(options), &mut |news| match news {
        News::Sessions(mut sessions) => {
            held.append(&mut sessions);
            ControlFlow::Continue(())
        }
        News::Source(report) => {
            sink(SourceReport { sessions: std::mem::take(&mut held), ..*report })
        }
        News::Unread(_) => ControlFlow::Continue(()),
    })
}

/// An input, and how many octets it has, where that is known before it is opened.
struct Weighed {
    input: Input,
    octets: Option<u64>,
}

impl Weighed {
    fn of(input: Input, course: &Course) -> Self {
        let octets = match &input.origin {
            // There may be very many, and none is opened any more.
            _ if course.is_interrupted() => Some(0),
            Origin::File(path) => {
                fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|about| about.len())
            }
            Origin::Unusable(_) => Some(0),
            _ => None,
        };
        Self { input, octets }
    }

    /// Whether reading it is a task of its own, and a small one.
    fn is_small(&self) -> bool {
        let ending = Path::new(&self.input.name).extension().unwrap_or_default();
        let packed = PACKED.iter().any(|packed| ending.eq_ignore_ascii_case(packed));
        self.octets.is_some_and(|octets| octets <= SMALL) && !packed
    }
}

/// What a task made: news, what is kept of the sessions for comparing them, and the sessions themselves,
/// which whoever read them takes back.
struct Made<'i, D> {
    news: Vec<News<D>>,
    glances: Vec<Glance>,
    spent: Vec<Transcript>,
    /// Inputs that turned out to be too large for it, and those behind them: their turn comes next.
    left: &'i [Weighed],
}

impl<D> Made<'_, D> {
    /// Tells what was made, and what the inputs that are left hold.
    fn tell<W: Work<Done = D>>(
        self,
        options: &Options,
        work: &W,
        sink: Sink<'_, D>,
    ) -> ControlFlow<()> {
        self.news.into_iter().try_for_each(&mut *sink)?;
        for Weighed { input, .. } in self.left {
            if options.source.course.is_interrupted() {
                sink(News::Unread(input.name.clone()))?;
                continue;
            }
            let mut told = MailsTold::default();
            source::open(input, &options.source, &mut |source| {
                whole(source, &mut told, Pace::Batches, options, work, sink)
            })?;
        }
        ControlFlow::Continue(())
    }
}

/// A run with its tasks.
struct Run<'scope, 'p, W: Work> {
    options: &'scope Options,
    work: &'scope W,
    tasks: Ordered<'p, 'scope, Made<'scope, W::Done>>,
}

impl<'scope, W: Work> Run<'scope, '_, W> {
    fn inputs(mut self, inputs: &'scope [Weighed], sink: Sink<'_, W::Done>) -> ControlFlow<()> {
        let mut rest = inputs;
        while !rest.is_empty() && !self.is_interrupted() {
            let small = rest.iter().take(FILES).take_while(|known| known.is_small()).count();
            let (some, others) = rest.split_at(small.max(1));
            rest = others;
            if small == 0 {
                self.large(some, sink)?;
            } else {
                self.small(some, sink)?;
            }
        }
        let (options, work) = (self.options, self.work);
        self.tasks.finish(&mut |made| made.tell(options, work, sink))?;
        rest.iter().try_for_each(|known| sink(News::Unread(known.input.name.clone())))
    }

    fn is_interrupted(&self) -> bool {
        self.options.source.course.is_interrupted()
    }

    /// Small inputs: one task.
    fn small(&mut self, inputs: &'scope [Weighed], sink: Sink<'_, W::Done>) -> ControlFlow<()> {
        let (options, work) = (self.options, self.work);
        let task = move || {
            let mut news = Vec::new();
            let mut left: &[Weighed] = &[];
            for (place, Weighed { input, .. }) in inputs.iter().enumerate() {
                if options.source.course.is_interrupted() {
                    news.push(News::Unread(input.name.clone()));
                    continue;
                }
                let mut told = MailsTold::default();
                let before = news.len();
                let whole = source::open_up_to(UNPACKED, input, &options.source, &mut |source| {
                    whole(source, &mut told, Pace::Batches, options, work, &mut |told| {
                        news.push(told);
                        ControlFlow::Continue(())
                    })
                });
                if whole.is_none() {
                    news.truncate(before);
                    left = inputs.get(place..).unwrap_or_default();
                    break;
                }
            }
            Made { news, glances: Vec::new(), spent: Vec::new(), left }
        };
        self.tasks.add(task, &mut |made| made.tell(options, work, sink))
    }

    /// Inputs of any size: each batch of their sessions is a task.
    fn large(&mut self, inputs: &[Weighed], sink: Sink<'_, W::Done>) -> ControlFlow<()> {
        let (options, work) = (self.options, self.work);
        for Weighed { input, .. } in inputs {
            let mut told = MailsTold::default();
            let mut connections = Vec::new();
            source::open(input, &options.source, &mut |source| {
                if source.is_written_here() {
                    connections.push(Connection::read(source, &mut told, options));
                    if connections.len() >= CONNECTIONS {
                        self.connections(&mut connections, sink)?;
                    }
                    return ControlFlow::Continue(());
                }
                self.connections(&mut connections, sink)?;
                let name: Arc<str> = Arc::from(source.name());
                let mut gathered = rules::Gathered::default();
                let mut first = 1;
                let mut spent = Vec::new();
                let mut tell = |mut made: Made<'_, W::Done>, spent: &mut Vec<Transcript>| {
                    gathered.add(std::mem::take(&mut made.glances));
                    spent.append(&mut made.spent);
                    made.tell(options, work, sink)
                };
                let mut broken = ControlFlow::Continue(());
                let mut ended = read(source, options, Pace::Batches, &mut |mut sessions| {
                    told.leave_out(&name, &mut sessions);
                    while !sessions.is_empty() && broken.is_continue() {
                        let rest = sessions.split_off(sessions.len().min(SESSIONS));
                        let some = std::mem::replace(&mut sessions, rest);
                        let (id, name) = (first, Arc::clone(&name));
                        first += some.len() as u64;
                        let task = move || judged(&name, some, id, options, work);
                        broken = self.tasks.add(task, &mut |made| tell(made, &mut spent));
                    }
                    broken.map_continue(|()| std::mem::take(&mut spent))
                });
                broken?;
                self.tasks.finish(&mut |made| tell(made, &mut spent))?;
                sink(source_over(&mut ended, &gathered, first - 1, options))
            })?;
            self.connections(&mut connections, sink)?;
        }
        ControlFlow::Continue(())
    }

    /// Connections of a capture, each a small source: one task.
    fn connections(
        &mut self,
        connections: &mut Vec<Connection>,
        sink: Sink<'_, W::Done>,
    ) -> ControlFlow<()> {
        if connections.is_empty() {
            return ControlFlow::Continue(());
        }
        let (options, work) = (self.options, self.work);
        let some = std::mem::take(connections);
        let task = move || {
            let (mut news, mut spent) = (Vec::new(), Vec::new());
            for Connection { name, sessions, mut ended } in some {
                let made = judged(&name, sessions, 1, options, work);
                let mut gathered = rules::Gathered::default();
                gathered.add(made.glances);
                news.extend(made.news);
                let sessions = made.spent.len() as u64;
                news.push(source_over(&mut ended, &gathered, sessions, options));
                spent.extend(made.spent);
            }
            Made { news, glances: Vec::new(), spent, left: &[] }
        };
        self.tasks.add(task, &mut |made| made.tell(options, work, sink))
    }
}

/// A connection of a capture, read and not yet judged.
struct Connection {
    name: String,
    sessions: Vec<Transcript>,
    ended: Ended,
}

impl Connection {
    fn read(source: &mut Source<'_>, told: &mut MailsTold, options: &Options) -> Self {
        let name = source.name().to_owned();
        let mut sessions = Vec::new();
        let ended = read(source, options, Pace::Batches, &mut |mut found| {
            told.leave_out(&name, &mut found);
            sessions.append(&mut found);
            ControlFlow::Continue(Vec::new())
        });
        Self { name, sessions, ended }
    }
}

/// Reads a source and judges its sessions, here and now.
fn whole<W: Work>(
    source: &mut Source<'_>,
    told: &mut MailsTold,
    pace: Pace,
    options: &Options,
    work: &W,
    sink: Sink<'_, W::Done>,
) -> ControlFlow<()> {
    let name = source.name().to_owned();
    let mut gathered = rules::Gathered::default();
    let mut first = 1;
    let mut flow = ControlFlow::Continue(());
    let mut ended = read(source, options, pace, &mut |mut sessions| {
        told.leave_out(&name, &mut sessions);
        let made = judged(&name, sessions, first, options, work);
        first += made.spent.len() as u64;
        gathered.add(made.glances);
        flow = made.news.into_iter().try_for_each(&mut *sink);
        flow.map_continue(|()| made.spent)
    });
    flow?;
    sink(source_over(&mut ended, &gathered, first - 1, options))
}

fn source_over<D>(
    ended: &mut Ended,
    gathered: &rules::Gathered,
    sessions: u64,
    options: &Options,
) -> News<D> {
    News::Source(Box::new(ended.report(gathered, sessions, options)))
}

/// Understands and judges sessions, the first of which has this number.
fn judged<W: Work>(
    source: &str,
    sessions: Vec<Transcript>,
    first: u64,
    options: &Options,
    work: &W,
) -> Made<'static, W::Done> {
    let mut done = W::Done::default();
    let mut glances = Vec::new();
    for (transcript, id) in sessions.iter().zip(first..) {
        let session = Session::of(transcript);
        if rules::Gathered::has_room(id) {
            glances.push(Glance::of(&session));
        }
        let judge = if W::READS { rules::judge } else { rules::judge_for_counting };
        let findings = judge(&session, &options.judging);
        work.session(&Heard { source, id, session: &session, findings: &findings }, &mut done);
    }
    work.over(&mut done);
    let news = if sessions.is_empty() { Vec::new() } else { vec![News::Sessions(done)] };
    Made { news, glances, spent: sessions, left: &[] }
}
