//! Octets that may be long in coming, from a pipe or a device: whoever waits for them can be interrupted.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use super::{Course, WINDOW};

/// How often it is asked whether the waiting was interrupted.
const ASK_EVERY: Duration = Duration::from_millis(50);

/// How many windows are read ahead.
const AHEAD: usize = 2;

/// Octets that a thread of their own reads: a system call that waits cannot be called back. Where the waiting is
/// interrupted, the thread is left to its call.
pub(super) struct Awaited {
    windows: Receiver<io::Result<Vec<u8>>>,
    window: Vec<u8>,
    at: usize,
    course: Arc<Course>,
}

impl Awaited {
    /// Opens and reads what `open` opens.
    pub(super) fn new<R: Read>(
        open: impl FnOnce() -> io::Result<R> + Send + 'static,
        course: &Arc<Course>,
    ) -> io::Result<Self> {
        let (send, windows) = sync_channel(AHEAD);
        thread::Builder::new().spawn(move || read(open, &send))?;
        Ok(Self { windows, window: Vec::new(), at: 0, course: Arc::clone(course) })
    }
}

fn read<R: Read>(open: impl FnOnce() -> io::Result<R>, send: &SyncSender<io::Result<Vec<u8>>>) {
    let mut octets = match open() {
        Ok(octets) => octets,
        Err(error) => return drop(send.send(Err(error))),
    };
    loop {
        let mut window = vec![0; WINDOW];
        let read = match octets.read(&mut window) {
            Ok(0) => return,
            Ok(read) => {
                window.truncate(read);
                Ok(window)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
        let failed = read.is_err();
        // Where nobody takes it, the reading was broken off.
        if send.send(read).is_err() || failed {
            return;
        }
    }
}

impl Read for Awaited {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.window.len() {
            match self.windows.recv_timeout(ASK_EVERY) {
                Ok(window) => {
                    self.window = window?;
                    self.at = 0;
                }
                Err(RecvTimeoutError::Timeout) => self.course.go_on()?,
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
            }
        }
        let octets = self.window.get(self.at..).unwrap_or_default().read(into)?;
        self.at += octets;
        Ok(octets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_come_through_whole_and_errors_with_them() {
        let octets: Vec<u8> = (0..=250).cycle().take(5 * WINDOW).collect();
        let copy = octets.clone();
        let mut awaited = Awaited::new(move || Ok(io::Cursor::new(copy)), &Arc::default()).unwrap();
        let mut read = Vec::new();
        awaited.read_to_end(&mut read).unwrap();
        assert!(read == octets);
        let open = || Err::<io::Empty, _>(io::ErrorKind::PermissionDenied.into());
        let failed = Awaited::new(open, &Arc::default()).unwrap().read(&mut [0]).unwrap_err();
        assert_eq!(failed.kind(), io::ErrorKind::PermissionDenied);
    }

    #[test]
    fn whoever_waits_can_be_interrupted() {
        let (reader, writer) = io::pipe().unwrap();
        let course = Arc::new(Course::default());
        let mut awaited = Awaited::new(move || Ok(reader), &course).unwrap();
        course.interrupt();
        // Nothing was written, and nothing will be as long as `writer` lives.
        let failed = awaited.read(&mut [0]).unwrap_err();
        assert_eq!(failed.to_string(), super::super::INTERRUPTED);
        drop(writer);
    }
}
