//! Records and maps as values: few entries are searched one by one, many by an index.

use ustr::{Ustr, UstrMap};

use crate::value::Value;

/// From how many entries on an index pays.
const MANY: usize = 16;

/// Field or key to value, in the order of the declaration or the text.
///
/// INVARIANT (indexed): with [`MANY`] entries or more, `index` holds the position of each.
#[derive(Clone, Debug, Default)]
pub struct Record {
    entries: Vec<(Ustr, Value)>,
    index: UstrMap<usize>,
}

impl Record {
    /// An empty record with room for some entries.
    pub fn with_capacity(entries: usize) -> Self {
        Self {
            entries: Vec::with_capacity(entries),
            index: UstrMap::default(),
        }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn position(&self, key: Ustr) -> Option<usize> {
        // by (indexed)
        if self.entries.len() >= MANY {
            return self.index.get(&key).copied();
        }
        self.entries.iter().position(|(it, _)| *it == key)
    }

    /// The value of a key.
    pub fn get(&self, key: &Ustr) -> Option<&Value> {
        let at = self.position(*key)?;
        self.entries.get(at).map(|(_, value)| value)
    }

    /// Whether there is such a key.
    pub fn contains_key(&self, key: &Ustr) -> bool {
        self.position(*key).is_some()
    }

    /// Sets the value of a key, at its old place or at the end; gives the old value.
    pub fn insert(&mut self, key: Ustr, value: Value) -> Option<Value> {
        if let Some((_, old)) = self.position(key).and_then(|at| self.entries.get_mut(at)) {
            return Some(std::mem::replace(old, value));
        }
        self.entries.push((key, value));
        match self.entries.len() {
            ..MANY => {}
            MANY => {
                let places = self.entries.iter().enumerate();
                self.index = places.map(|(at, (it, _))| (*it, at)).collect();
            }
            more => {
                self.index.insert(key, more - 1);
            }
        }
        None
    }

    /// The entries in order.
    pub fn iter(&self) -> Iter<'_> {
        self.into_iter()
    }

    /// The keys in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Ustr> + ExactSizeIterator {
        self.entries.iter().map(|(key, _)| key)
    }

    /// The values in order.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Value> + ExactSizeIterator {
        self.entries.iter().map(|(_, value)| value)
    }
}

/// The entries of a record, in order.
pub type Iter<'a> = std::iter::Map<
    std::slice::Iter<'a, (Ustr, Value)>,
    fn(&'a (Ustr, Value)) -> (&'a Ustr, &'a Value),
>;

impl<'a> IntoIterator for &'a Record {
    type Item = (&'a Ustr, &'a Value);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.entries.iter().map(|(key, value)| (key, value))
    }
}

impl IntoIterator for Record {
    type Item = (Ustr, Value);
    type IntoIter = std::vec::IntoIter<(Ustr, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl Extend<(Ustr, Value)> for Record {
    fn extend<T: IntoIterator<Item = (Ustr, Value)>>(&mut self, entries: T) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl FromIterator<(Ustr, Value)> for Record {
    fn from_iter<T: IntoIterator<Item = (Ustr, Value)>>(entries: T) -> Self {
        let entries = entries.into_iter();
        let mut record = Self::with_capacity(entries.size_hint().0);
        record.extend(entries);
        record
    }
}

/// Order does not count.
impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self
                .iter()
                .all(|(key, value)| other.get(key) == Some(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_few_and_many_and_keeps_their_order() {
        let key = |at: usize| Ustr::from(&format!("k{at}"));
        let mut record = Record::default();
        for at in (0..40).rev() {
            assert_eq!(record.insert(key(at), Value::Int(0)), None);
            assert_eq!(
                record.insert(key(at), Value::Int(at as i64)),
                Some(Value::Int(0))
            );
        }
        assert!((0..40).all(|at| record.get(&key(at)) == Some(&Value::Int(at as i64))));
        assert!(!record.contains_key(&key(40)));
        assert_eq!(record.keys().next_back(), Some(&key(0)));
        let turned: Record = record.clone().into_iter().rev().collect();
        assert_eq!(record, turned);
    }
}
