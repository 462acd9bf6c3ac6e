//! Tasks on several threads whose results come in the order of the tasks.

use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    sync::mpsc::{Receiver, Sender, channel},
};

/// How many tasks for each thread are under way at once: while this one does a task itself and reads for the
/// next, the others must not run out of them.
const AHEAD: usize = 3;

/// How many results wait for one before them, at most: so many, and so many more for each thread. Each may take
/// megabytes, and where a thread was stopped in the middle of its task there soon are as many as may be.
const EARLY: usize = 4;
const EARLY_FOR_EACH: usize = 2;

/// A task's number and its result.
type Numbered<T> = (u64, T);

/// Tasks under way and results that came early.
///
/// The thread that hands out the tasks works, too: where the others have enough, it does the next task
/// itself. So as many threads are busy as there are, whatever part of the work is in the tasks.
pub(super) struct Ordered<'p, 'scope, T> {
    scope: Option<&'p rayon::Scope<'scope>>,
    threads: usize,
    send: Sender<Numbered<T>>,
    receive: Receiver<Numbered<T>>,
    /// Tasks that were handed out.
    begun: u64,
    /// Results that were handed on.
    told: u64,
    /// Tasks that other threads are at.
    away: usize,
    early: BTreeMap<u64, T>,
}

impl<'p, 'scope, T: Send + 'scope> Ordered<'p, 'scope, T> {
    /// For `threads` threads beside this one; without a scope, this one does everything.
    pub(super) fn new(scope: Option<&'p rayon::Scope<'scope>>, threads: usize) -> Self {
        let (send, receive) = channel();
        Self { scope, threads, send, receive, begun: 0, told: 0, away: 0, early: BTreeMap::new() }
    }

    /// Has a task done by any thread; hands what is finished to `tell`, in order.
    pub(super) fn add(
        &mut self,
        task: impl FnOnce() -> T + Send + 'scope,
        tell: &mut dyn FnMut(T) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let number = self.begun;
        self.begun += 1;
        self.hear();
        if let Some(scope) = self.scope.filter(|_| self.away < self.threads * AHEAD) {
            let send = self.send.clone();
            self.away += 1;
            // Whoever waited for the result is gone where it cannot be sent.
            scope.spawn(move |_| drop(send.send((number, task()))));
        } else {
            self.early.insert(number, task());
        }
        self.hear();
        self.tell(tell)?;
        while self.early.len() > EARLY + self.threads * EARLY_FOR_EACH {
            self.wait();
            self.tell(tell)?;
        }
        ControlFlow::Continue(())
    }

    /// Waits for all tasks and hands on what they made.
    pub(super) fn finish(&mut self, tell: &mut dyn FnMut(T) -> ControlFlow<()>) -> ControlFlow<()> {
        self.tell(tell)?;
        while self.told < self.begun && self.wait() {
            self.tell(tell)?;
        }
        ControlFlow::Continue(())
    }

    /// Takes the results that are there.
    fn hear(&mut self) {
        while let Ok((number, result)) = self.receive.try_recv() {
            self.away -= 1;
            self.early.insert(number, result);
        }
    }

    /// Waits for a result; `false` where none is to come.
    fn wait(&mut self) -> bool {
        if self.away == 0 {
            return false;
        }
        let Ok((number, result)) = self.receive.recv() else { return false };
        self.away -= 1;
        self.early.insert(number, result);
        true
    }

    /// Hands on the results whose turn it is.
    fn tell(&mut self, tell: &mut dyn FnMut(T) -> ControlFlow<()>) -> ControlFlow<()> {
        while let Some(result) = self.early.remove(&self.told) {
            self.told += 1;
            tell(result)?;
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_tasks() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        let mut seen = Vec::new();
        pool.in_place_scope(|scope| {
            let mut tasks = Ordered::new(Some(scope), 3);
            let mut tell = |number: u32| {
                seen.push(number);
                ControlFlow::Continue(())
            };
            for number in 0..500 {
                let work = move || (0..(number * 7919) % 5000).fold(number, |sum, _| sum);
                assert!(tasks.add(work, &mut tell).is_continue());
            }
            assert!(tasks.finish(&mut tell).is_continue());
        });
        assert_eq!(seen, (0..500).collect::<Vec<_>>());
    }

    #[test]
    fn breaking_off_ends_it() {
        let mut tasks = Ordered::new(None, 0);
        let mut seen = 0;
        let mut tell = |_: u32| {
            seen += 1;
            if seen == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let broken = (0..9).try_for_each(|number| tasks.add(move || number, &mut tell));
        assert!(broken.is_break());
        assert_eq!(seen, 3);
    }
}
