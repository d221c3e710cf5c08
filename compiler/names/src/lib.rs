//! Texts kept once: a [`Ustr`] is one word to copy, to compare and to hash.
//!
//! It has the interface of the crate `ustr`, under whose name the workspace uses it, and starts without cost:
//! that one takes megabytes before its first name, which is longer than a small program compiles.

mod compare;
mod hash;
mod store;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::hash::BuildHasherDefault;
use std::ops::Deref;
use std::sync::{Mutex, MutexGuard, PoisonError};

use store::{Entry, Store};

pub use hash::{NameHasher, Precomputed};

/// A text that is kept once, until the process ends.
///
/// INVARIANT (once): two of them hold equal texts only if they hold the same [`Entry`].
#[derive(Clone, Copy)]
pub struct Ustr(&'static Entry);

/// A map whose keys are kept texts.
pub type UstrMap<V> = HashMap<Ustr, V, BuildHasherDefault<Precomputed>>;
/// A set of kept texts.
pub type UstrSet = HashSet<Ustr, BuildHasherDefault<Precomputed>>;

/// Texts are spread over some stores, so that threads seldom wait for each other.
static STORES: [Mutex<Store>; 16] = [const { Mutex::new(Store::new()) }; 16];

/// The store of the texts with a hash.
fn store(hash: u64) -> MutexGuard<'static, Store> {
    let [store, ..] = &STORES;
    let store = STORES
        .get((hash >> 40) as usize % STORES.len())
        .unwrap_or(store);
    // Entries are complete before they enter the table, so a panic elsewhere leaves it whole.
    store.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps a text.
pub fn ustr(text: &str) -> Ustr {
    let hash = hash::of(text);
    Ustr(store(hash).keep(text, hash))
}

/// A text of the compiler's own, kept the first time that it is asked for here.
#[macro_export]
macro_rules! name {
    ($text:literal) => {{
        static NAME: std::sync::LazyLock<$crate::Ustr> =
            std::sync::LazyLock::new(|| $crate::ustr($text));
        *NAME
    }};
}

impl Ustr {
    /// Keeps a text.
    pub fn from(text: &str) -> Self {
        ustr(text)
    }

    /// A text, if it is kept already.
    pub fn known(text: &str) -> Option<Self> {
        let hash = hash::of(text);
        store(hash).find(text, hash).map(Self)
    }

    /// Keeps a text that lives as long as the process: without a copy of it.
    pub fn lasting(text: &'static str) -> Self {
        let hash = hash::of(text);
        Self(store(hash).keep_lasting(text, hash))
    }

    /// Keeps a text that is given in pieces.
    pub fn joined(pieces: &[&str]) -> Self {
        ustr(&pieces.concat())
    }

    /// The text.
    pub fn as_str(&self) -> &'static str {
        self.0.text
    }
}

impl Deref for Ustr {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl Default for Ustr {
    fn default() -> Self {
        ustr("")
    }
}

impl fmt::Display for Ustr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

impl fmt::Debug for Ustr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_once() {
        let (a, b) = (ustr("abc"), ustr(&"abcd"[..3]));
        assert_eq!(a, b);
        assert!(std::ptr::eq(a.as_str(), b.as_str()));
        assert!(ustr("a") < ustr("b"));
        assert_eq!(ustr("x"), "x");
        assert_eq!(UstrMap::from_iter([(a, 1)]).get(&b), Some(&1));
    }

    #[test]
    fn from_several_threads() {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                std::thread::spawn(|| (0..500).map(|it| ustr(&it.to_string())).collect::<Vec<_>>())
            })
            .collect();
        let found: Vec<_> = threads.into_iter().map(|it| it.join().ok()).collect();
        assert!(found.iter().all(|it| it.is_some() && *it == found[0]));
    }
}
