//! Erlang's `gen_smtp`, and Elixir's libraries on top of it: a tuple of the failure's kind, the host and the reply.
//!
//! ```text
//! {permanent_failure,<<"550-5.1.1 No such\r\n550 5.1.1 user\r\n">>}
//! {:no_more_hosts, {:permanent_failure, 'mx.example.net', "501 Syntax error\r\n"}}
//! ```
//!
//! Inside of another string its marks and line ends are escaped once more.

use super::{forms::Of, quote::Quote, written::refusal};

/// How far behind the failure's kind the reply may begin: the host stands before it.
const NEAR: usize = 160;

/// The reply of the tuple that `sign` begins.
pub(super) fn quote<'l>(sign: &'l [u8], rest: &'l [u8]) -> Option<Quote<'l>> {
    let near = rest.get(..NEAR).unwrap_or(rest);
    let marks = near.iter().enumerate().filter(|(_, octet)| matches!(octet, b'"' | b'\''));
    let begin = marks
        .map(|(at, _)| at + 1)
        .find(|at| rest.get(*at..).is_some_and(|text| refusal(text).is_some()))?;
    let before = rest.get(..begin)?;
    let body = rest.get(begin..)?;
    let (mark, inner) = match before {
        [.., b'\\', mark] => (vec![b'\\', *mark], true),
        [.., mark] => (vec![*mark], false),
        [] => return None,
    };
    let end = memchr::memmem::find(body, &mark).unwrap_or(body.len());
    let text = body.get(..end)?;
    // What is escaped twice ends with its first line.
    let twice = inner.then(|| memchr::memmem::find(text, br"\\r")).flatten();
    Some(Quote::escaped(sign, Of::Told, text.get(..twice.unwrap_or(end))?))
}
