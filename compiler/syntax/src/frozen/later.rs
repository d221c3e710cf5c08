//! What a run unpacks when it first looks at it: most programs look at half of what they mention.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use topoc_diagnostics::FileId;

use super::{Frozen, Names, Reader, Writer};
use crate::ast::ExprIds;

/// A part of a tree that is parsed, or still bytes of the library until somebody reads it.
///
/// INVARIANT (later): a part that is unpacked later is the same as if it had been unpacked at once: the numbers of its expressions
/// are set apart for it.
#[derive(Clone)]
pub struct Later<T> {
    part: OnceLock<T>,
    bytes: Option<Bytes<T>>,
}

#[derive(Clone)]
struct Bytes<T> {
    names: Arc<Names>,
    bytes: &'static [u8],
    file: FileId,
    /// The number of its first expression.
    first: u32,
    /// Where the span before it began.
    place: u32,
    thaw: fn(&mut Reader<'_>) -> T,
}

impl<T> Later<T> {
    /// What is read already.
    pub fn now(part: T) -> Self {
        Later {
            part: OnceLock::from(part),
            bytes: None,
        }
    }
}

impl<T> Deref for Later<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.part.get_or_init(|| match &self.bytes {
            Some(it) => it.thaw(),
            None => unreachable!("what has no bytes is there"),
        })
    }
}

impl<T> Bytes<T> {
    fn thaw(&self) -> T {
        let ids = ExprIds::from(self.first as usize);
        (self.thaw)(&mut Reader {
            names: &self.names,
            bytes: self.bytes,
            file: self.file,
            ids: &ids,
            place: self.place,
        })
    }
}

impl<'a, T> IntoIterator for &'a Later<Vec<T>> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: fmt::Debug> fmt::Debug for Later<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::fmt(self, f)
    }
}

/// A part with fewer bytes is unpacked at once: to set it aside costs as much.
const SMALL: usize = 24;

/// How many expressions are in it, how many bytes it has, and these.
impl<T: Frozen> Frozen for Later<T> {
    fn freeze(&self, to: &mut Writer<'_>) {
        let mut part = Writer {
            names: to.names,
            bytes: Vec::new(),
            exprs: 0,
            place: to.place,
        };
        T::freeze(self, &mut part);
        let Writer { bytes, exprs, .. } = part;
        to.exprs += exprs;
        to.number(u64::from(exprs));
        to.number(bytes.len() as u64);
        to.bytes.extend(bytes);
    }

    fn thaw(from: &mut Reader<'_>) -> Self {
        let (exprs, len) = (from.number() as usize, from.number() as usize);
        let (bytes, rest) = from.bytes.split_at(len);
        if len < SMALL {
            let place = from.place;
            let part = T::thaw(from);
            from.place = place;
            return Later::now(part);
        }
        from.bytes = rest;
        let first = from.ids.count();
        from.ids.skip_to(first + exprs);
        Later {
            part: OnceLock::new(),
            bytes: Some(Bytes {
                names: Arc::clone(from.names),
                bytes,
                file: from.file,
                first: first as u32,
                place: from.place,
                thaw: T::thaw,
            }),
        }
    }
}
