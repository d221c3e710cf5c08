//! Trees as bytes, and back: the library is read when the compiler is built, so that a run only unpacks what it uses.
//!
//! Reading order: this file (bytes, numbers, names, places), `later` (parts that wait), then `tree` (every type of the tree).
//!
//! INVARIANT (frozen): bytes come from [`freeze`] of the same build. So nothing in them is checked twice.

mod later;
mod tree;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use ipnet::IpNet;
use rust_decimal::Decimal;
use topoc_diagnostics::{FileId, Span};
use ustr::Ustr;

use crate::ast::{ExprId, ExprIds, Stmt};

pub use later::Later;

/// Every name in frozen trees once, by its number.
#[derive(Debug, Default)]
pub struct FrozenNames {
    numbers: HashMap<Ustr, u64>,
    /// In the order of their numbers.
    pub names: Vec<Ustr>,
}

/// The bytes of a statement.
pub fn freeze(stmt: &Stmt, names: &mut FrozenNames) -> Vec<u8> {
    let mut writer = Writer {
        names,
        bytes: Vec::new(),
        exprs: 0,
        place: 0,
    };
    stmt.freeze(&mut writer);
    writer.bytes
}

/// Unpacks statements of the library.
pub struct Thawing(Arc<Names>);

/// The names of the library, and those that were met already.
struct Names {
    texts: &'static [&'static str],
    known: Vec<OnceLock<Ustr>>,
}

impl Thawing {
    /// With the names of the library.
    pub fn new(names: &'static [&'static str]) -> Self {
        Thawing(Arc::new(Names {
            texts: names,
            known: vec![OnceLock::new(); names.len()],
        }))
    }

    /// The statement, as if it was parsed from `file` just now; its expressions get their numbers from `ids`.
    pub fn thaw(&self, bytes: &'static [u8], file: FileId, ids: &ExprIds) -> Stmt {
        Stmt::thaw(&mut Reader {
            names: &self.0,
            bytes,
            file,
            ids,
            place: 0,
        })
    }
}

/// What becomes bytes and comes back.
trait Frozen: Sized {
    fn freeze(&self, to: &mut Writer<'_>);
    fn thaw(from: &mut Reader<'_>) -> Self;
}

struct Writer<'n> {
    names: &'n mut FrozenNames,
    bytes: Vec<u8>,
    /// How many expressions there are among them.
    exprs: u32,
    /// Where the last span began: the next one is near.
    place: u32,
}

struct Reader<'r> {
    names: &'r Arc<Names>,
    bytes: &'static [u8],
    file: FileId,
    ids: &'r ExprIds,
    place: u32,
}

impl Writer<'_> {
    /// Seven bits a byte, the lowest first.
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    /// Small ones are short, whatever their sign.
    fn signed(&mut self, number: i64) {
        self.number((number << 1 ^ number >> 63) as u64);
    }
}

impl Reader<'_> {
    #[inline]
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else {
            return 0;
        };
        self.bytes = rest;
        *first
    }

    /// Most are short.
    #[inline]
    fn number(&mut self) -> u64 {
        let first = self.byte();
        if first < 0x80 {
            return u64::from(first);
        }
        self.longer(u64::from(first & 0x7f))
    }

    #[inline(never)]
    fn longer(&mut self, mut number: u64) -> u64 {
        let mut shift = 7;
        loop {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return number;
            }
            shift += 7;
        }
    }

    fn signed(&mut self) -> i64 {
        let number = self.number();
        (number >> 1) as i64 ^ -((number & 1) as i64)
    }
}

impl Frozen for bool {
    fn freeze(&self, to: &mut Writer<'_>) {
        to.bytes.push(u8::from(*self));
    }

    fn thaw(from: &mut Reader<'_>) -> Self {
        from.byte() == 1
    }
}

impl Frozen for i64 {
    fn freeze(&self, to: &mut Writer<'_>) {
        to.signed(*self);
    }

    fn thaw(from: &mut Reader<'_>) -> Self {
        from.signed()
    }
}

impl Frozen for Ustr {
    fn freeze(&self, to: &mut Writer<'_>) {
        let FrozenNames { numbers, names } = to.names;
        let number = *numbers.entry(*self).or_insert_with(|| {
            names.push(*self);
            names.len() as u64 - 1
        });
        to.number(number);
    }

    fn thaw(from: &mut Reader<'_>) -> Self {
        let number = from.number() as usize;
        let Names { texts, known } = &**from.names;
        let (Some(known), Some(text)) = (known.get(number), texts.get(number)) else {
            return Ustr::default();
        };
        *known.get_or_init(|| Ustr::lasting(text))
    }
}

impl Frozen for Span {
    fn freeze(&self, to: &mut Writer<'_>) {
        to.signed(i64::from(self.start) - i64::from(to.place));
        to.number(u64::from(self.end - self.start));
        to.place = self.start;
    }

    fn thaw(from: &mut Reader<'_>) -> Self {
        let start = from.place.wrapping_add(from.signed() as u32);
        let end = start.wrapping_add(from.number() as u32);
        from.place = start;
        // what is nowhere stays there
        let file = if end == 0 {
            FileId::default()
        } else {
            from.file
        };
        Span::new(file, start, end)
    }
}

/// Each thawed expression is a new one.
impl Frozen for ExprId {
    fn freeze(&self, to: &mut Writer<'_>) {
        to.exprs += 1;
    }

    fn thaw(from: &mut Reader<'_>) -> Self {
        from.ids.next()
    }
}

/// As text: there are few.
macro_rules! as_text {
    ($($ty:ty),*) => { $(
        impl Frozen for $ty {
            fn freeze(&self, to: &mut Writer<'_>) {
                Ustr::from(&self.to_string()).freeze(to);
            }

            fn thaw(from: &mut Reader<'_>) -> Self {
                Ustr::thaw(from).parse().unwrap_or_default()
            }
        }
    )* };
}

as_text!(Decimal, IpNet);

impl<T: Frozen> Frozen for Option<T> {
    fn freeze(&self, to: &mut Writer<'_>) {
        self.is_some().freeze(to);
        if let Some(it) = self {
            it.freeze(to);
        }
    }

    fn thaw(from: &mut Reader<'_>) -> Self {
        bool::thaw(from).then(|| T::thaw(from))
    }
}

impl<T: Frozen> Frozen for Box<T> {
    fn freeze(&self, to: &mut Writer<'_>) {
        T::freeze(self, to);
    }

    fn thaw(from: &mut Reader<'_>) -> Self {
        Box::new(T::thaw(from))
    }
}

impl<T: Frozen> Frozen for Vec<T> {
    fn freeze(&self, to: &mut Writer<'_>) {
        to.number(self.len() as u64);
        self.iter().for_each(|it| it.freeze(to));
    }

    fn thaw(from: &mut Reader<'_>) -> Self {
        let count = from.number();
        (0..count).map(|_| T::thaw(from)).collect()
    }
}

impl<A: Frozen, B: Frozen> Frozen for (A, B) {
    fn freeze(&self, to: &mut Writer<'_>) {
        self.0.freeze(to);
        self.1.freeze(to);
    }

    fn thaw(from: &mut Reader<'_>) -> Self {
        (A::thaw(from), B::thaw(from))
    }
}
