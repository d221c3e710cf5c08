//! What an instance has evaluated already.

use ustr::Ustr;

use topoc_ir::Value;

/// The state of something evaluated on demand.
#[derive(Clone)]
pub(crate) enum Memo {
    Busy,
    Done(Value),
    Failed,
}

/// States by name, in the order of the first question: an instance asks for few, so they are searched.
#[derive(Default)]
pub(crate) struct Memos(Vec<(Ustr, Option<Memo>)>);

impl Memos {
    /// The state of a name, if there is one.
    pub(crate) fn get(&self, name: Ustr) -> Option<&Memo> {
        let found = self.0.iter().find(|(it, _)| *it == name);
        found.and_then(|(_, state)| state.as_ref())
    }

    /// Marks a name as being evaluated; gives its place.
    pub(crate) fn start(&mut self, name: Ustr) -> usize {
        if let Some(at) = self.0.iter().position(|(it, _)| *it == name) {
            self.set(at, Some(Memo::Busy));
            return at;
        }
        self.0.push((name, Some(Memo::Busy)));
        self.0.len() - 1
    }

    /// Sets the state at a place; `None` asks again the next time.
    pub(crate) fn set(&mut self, place: usize, state: Option<Memo>) {
        if let Some(entry) = self.0.get_mut(place) {
            entry.1 = state;
        }
    }

    /// Sets the value of a name.
    pub(crate) fn done(&mut self, name: Ustr, value: Value) {
        let place = self.start(name);
        self.set(place, Some(Memo::Done(value)));
    }
}
