//! What a mail has told already.

use crate::transcript::{Telling, Transcript};

/// The mails of an input that have told of a session.
///
/// A bounce says what was refused twice: in the words that people read, and in the fields of its
/// delivery status, which are a part of their own and know less. The second time is no other session.
#[derive(Debug, Default)]
pub(super) struct MailsTold {
    mail: Option<String>,
}

impl MailsTold {
    /// Leaves out what the mail that this source belongs to has told, and remembers what it tells now.
    pub(super) fn leave_out(&mut self, source: &str, sessions: &mut Vec<Transcript>) {
        let Some((mail, _)) = source.rsplit_once('/') else { return };
        let repeats = |session: &Transcript| session.record.telling == Telling::DeliveryStatus;
        let known = self.mail.as_deref() == Some(mail);
        if known {
            sessions.retain(|session| !repeats(session));
        }
        if !known && sessions.iter().any(|session| !repeats(session)) {
            self.mail = Some(mail.to_owned());
        }
    }
}
