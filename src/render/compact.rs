//! JSON without blanks, straight into a buffer: the octets that `serde_json` and then [`safe::json`](super::safe)
//! would write, in one pass.
//!
//! A log has its sessions written by the million, and most of each is keys and short texts. The names of fields
//! need no look, and a text with nothing to escape in it is copied after one. What reports do not hold, such as
//! maps, is refused.

use std::{fmt::Display, io};

use serde::{
    Serialize, Serializer,
    ser::{Error as _, Impossible, SerializeSeq, SerializeStruct},
};
use serde_json::Error;

use super::safe::is_unsafe;

/// Writes a value behind what the buffer holds.
pub(super) fn write<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> io::Result<()> {
    Ok(value.serialize(Compact(out))?)
}

/// One value.
struct Compact<'o>(&'o mut Vec<u8>);

/// The members of an object or a list.
struct Members<'o> {
    out: &'o mut Vec<u8>,
    /// What stands before the next one.
    before: u8,
    end: &'static [u8],
}

impl<'o> Members<'o> {
    fn of_list(out: &'o mut Vec<u8>) -> Self {
        Self { out, before: b'[', end: b"]" }
    }

    fn of_object(out: &'o mut Vec<u8>) -> Self {
        Self { out, before: b'{', end: b"}" }
    }

    fn next(&mut self) {
        self.out.push(std::mem::replace(&mut self.before, b','));
    }

    fn over(mut self) {
        if self.before != b',' {
            self.next();
        }
        self.out.extend_from_slice(self.end);
    }
}

impl SerializeSeq for Members<'_> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.next();
        value.serialize(Compact(self.out))
    }

    #[inline]
    fn end(self) -> Result<(), Error> {
        self.over();
        Ok(())
    }
}

impl SerializeStruct for Members<'_> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.next();
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
        value.serialize(Compact(self.out))
    }

    #[inline]
    fn end(self) -> Result<(), Error> {
        self.over();
        Ok(())
    }
}

fn refused<T>(what: impl Display) -> Result<T, Error> {
    Err(Error::custom(format_args!("a report holds no {what}")))
}

impl<'o> Serializer for Compact<'o> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Members<'o>;
    type SerializeStruct = Members<'o>;
    type SerializeTuple = Impossible<(), Error>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Impossible<(), Error>;
    type SerializeStructVariant = Impossible<(), Error>;

    #[inline]
    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.0.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<(), Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<(), Error> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<(), Error> {
        self.0.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Result<(), Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<(), Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Error> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Error> {
        self.0.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Error> {
        self.serialize_f64(value.into())
    }

    /// Nearly all are whole milliseconds.
    fn serialize_f64(self, value: f64) -> Result<(), Error> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number comes back the same, any other does not"
        )]
        let whole = value as u32;
        if value.to_bits() != f64::from(whole).to_bits() {
            return serde_json::to_writer(self.0, &value);
        }
        self.0.extend_from_slice(itoa::Buffer::new().format(whole).as_bytes());
        self.0.extend_from_slice(b".0");
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        string(value, self.0);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Error> {
        refused("octets")
    }

    #[inline]
    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    #[inline]
    fn serialize_unit(self) -> Result<(), Error> {
        self.0.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<(), Error> {
        refused(name)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        it: &'static str,
    ) -> Result<(), Error> {
        self.serialize_str(it)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Error> {
        refused(name)
    }

    #[inline]
    fn serialize_seq(self, _: Option<usize>) -> Result<Members<'o>, Error> {
        Ok(Members::of_list(self.0))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Error> {
        refused("tuples")
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Error> {
        refused(name)
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        refused(name)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Error> {
        refused("maps")
    }

    #[inline]
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members<'o>, Error> {
        Ok(Members::of_object(self.0))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        refused(name)
    }
}

/// Writes a text in quotes.
fn string(text: &str, out: &mut Vec<u8>) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    if is_plain(text.as_bytes()) {
        out.extend_from_slice(text.as_bytes());
    } else {
        escaped(text, out);
    }
    out.push(b'"');
}

/// Whether a text can be copied: only printable ASCII, no quotation mark and no backslash. Eight octets are looked
/// at in one step.
fn is_plain(text: &[u8]) -> bool {
    let plain = |octet: &u8| matches!(octet, b' '..=b'~') && !matches!(octet, b'"' | b'\\');
    let Some(last) = text.last_chunk() else { return text.iter().all(plain) };
    let (eights, _) = text.as_chunks();
    // The last eight may be looked at twice in part.
    eights.iter().chain([last]).all(|eight| are_plain(u64::from_ne_bytes(*eight)))
}

/// The same of eight octets.
const fn are_plain(octets: u64) -> bool {
    const ONES: u64 = u64::MAX / 0xff;
    const HIGH: u64 = ONES << 7;
    // The high bit of an octet is set where it was zero; above such a one it may be, which does no harm.
    const fn zero(octets: u64) -> u64 {
        octets.wrapping_sub(ONES) & !octets
    }
    let control = octets.wrapping_sub(ONES * 0x20) & !octets;
    let delete = zero(octets ^ (ONES * 0x7f));
    let quoting = zero(octets ^ (ONES * b'"' as u64)) | zero(octets ^ (ONES * b'\\' as u64));
    (octets | control | delete | quoting) & HIGH == 0
}

fn escaped(text: &str, out: &mut Vec<u8>) {
    let mut written = 0;
    for (at, character) in text.char_indices() {
        let letter = match character {
            '"' | '\\' => Some(character as u8),
            '\n' => Some(b'n'),
            '\r' => Some(b'r'),
            '\t' => Some(b't'),
            '\u{8}' => Some(b'b'),
            '\u{c}' => Some(b'f'),
            _ if is_unsafe(character) => None,
            _ => continue,
        };
        out.extend_from_slice(text.get(written..at).unwrap_or_default().as_bytes());
        written = at + character.len_utf8();
        match letter {
            Some(letter) => out.extend_from_slice(&[b'\\', letter]),
            None => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    out.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
                }
            }
        }
    }
    out.extend_from_slice(text.get(written..).unwrap_or_default().as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::safe;

    fn check(value: &(impl Serialize + ?Sized)) {
        let mut expected = serde_json::to_vec(value).expect("JSON");
        safe::json(&mut expected, 0);
        let mut written = b"before".to_vec();
        write(value, &mut written).expect("room");
        let written = written.strip_prefix(b"before").expect("what stood there before");
        assert_eq!(String::from_utf8_lossy(written), String::from_utf8_lossy(&expected));
    }

    #[test]
    fn texts_are_escaped_as_elsewhere() {
        check("");
        check("plain text, long enough for several octets at once: RCPT TO:<a@b.example>");
        // Each octet at each place of a step.
        for octet in 0..0x80_u8 {
            for place in 0..20 {
                let mut text = [b'~'; 20];
                text[place] = octet;
                check(std::str::from_utf8(&text).expect("ASCII"));
            }
        }
        // Every character, alone and all in one text.
        let all: String = (0..=0x0010_ffff_u32).filter_map(char::from_u32).collect();
        check(&all);
        for character in all.chars().filter(|character| *character < '\u{3000}') {
            check(&format!("before{character}"));
        }
    }

    #[test]
    fn numbers_are_written_as_elsewhere() {
        let whole = [0.0, -0.0, 1.0, 113.0, 4_294_967_295.0, 4_294_967_296.0, 1e15, 1e16, 1e300];
        let others = [0.5, 0.001, 12.345, -1.0, f64::MIN_POSITIVE, f64::NAN, f64::INFINITY];
        whole.iter().chain(&others).for_each(check);
        check(&[0, 9, 10, u64::MAX][..]);
        check(&[i64::MIN, -1, 0][..]);
    }

    #[test]
    fn structures_are_written_as_elsewhere() {
        #[derive(Serialize)]
        struct Inner {
            none: Option<u16>,
            list: Vec<&'static str>,
        }
        #[derive(Serialize)]
        struct Empty {}
        #[derive(Serialize)]
        struct Outer {
            some: Option<Inner>,
            #[serde(skip_serializing_if = "std::ops::Not::not")]
            left_out: bool,
            yes: bool,
            empty: Empty,
            lists: Vec<Vec<u32>>,
        }
        let inner = Inner { none: None, list: vec!["a", "b\""] };
        let lists = vec![vec![], vec![1], vec![2, 3]];
        check(&Outer { some: Some(inner), left_out: false, yes: true, empty: Empty {}, lists });
        assert!(write(&std::collections::BTreeMap::from([(1, 2)]), &mut Vec::new()).is_err());
    }
}
