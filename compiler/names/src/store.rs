//! Where texts are kept: one behind the other in blocks that live as long as the process.

use hashbrown::HashTable;

/// How many bytes a block of text has, and how many entries a block of those.
const TEXT: usize = 2 * 1024;
const ENTRIES: usize = 128;
/// For how many texts there is room at first: a small program and what it uses of the library.
const ROOM: usize = 448;

/// A kept text, and its hash.
#[derive(Debug)]
pub struct Entry {
    pub hash: u64,
    pub text: &'static str,
}

/// All kept texts.
///
/// The table holds the hash beside each entry, so that it grows without looking at them.
pub struct Store {
    table: HashTable<(u64, &'static Entry)>,
    /// What is left of the last block of text.
    text: &'static mut [u8],
    /// What is left of the last block of entries.
    entries: &'static mut [Option<Entry>],
}

impl Store {
    pub const fn new() -> Self {
        Self {
            table: HashTable::new(),
            text: &mut [],
            entries: &mut [],
        }
    }

    /// The entry of a text, made if it is new.
    pub fn keep(&mut self, text: &str, hash: u64) -> &'static Entry {
        if let Some(known) = self.find(text, hash) {
            return known;
        }
        let text = self.copied(text);
        self.add(text, hash)
    }

    /// The entry of a text that need not be copied.
    pub fn keep_lasting(&mut self, text: &'static str, hash: u64) -> &'static Entry {
        match self.find(text, hash) {
            Some(known) => known,
            None => self.add(text, hash),
        }
    }

    fn add(&mut self, text: &'static str, hash: u64) -> &'static Entry {
        let entry = self.placed(Entry { hash, text });
        if self.table.is_empty() {
            self.table.reserve(ROOM, |it| it.0);
        }
        self.table.insert_unique(hash, (hash, entry), |it| it.0);
        entry
    }

    /// The entry of a text.
    pub fn find(&self, text: &str, hash: u64) -> Option<&'static Entry> {
        let found = self
            .table
            .find(hash, |it| it.0 == hash && it.1.text == text);
        found.map(|it| it.1)
    }

    fn copied(&mut self, text: &str) -> &'static str {
        if self.text.len() < text.len() {
            self.text = Box::leak(vec![0; TEXT.max(text.len())].into_boxed_slice());
        }
        let (own, rest) = std::mem::take(&mut self.text).split_at_mut(text.len());
        self.text = rest;
        own.copy_from_slice(text.as_bytes());
        // a copy of a text is one
        std::str::from_utf8(own).unwrap_or_default()
    }

    fn placed(&mut self, entry: Entry) -> &'static Entry {
        let mut entries = std::mem::take(&mut self.entries);
        if entries.is_empty() {
            let block: Vec<Option<Entry>> = (0..ENTRIES).map(|_| None).collect();
            entries = Box::leak(block.into_boxed_slice());
        }
        match entries.split_first_mut() {
            Some((place, rest)) => {
                self.entries = rest;
                place.insert(entry)
            }
            None => Box::leak(Box::new(entry)),
        }
    }
}
