//! Markdown tables, row by row as they are measured.

use std::io::{self, Write};
use std::time::Duration;

pub struct Table<'o, const N: usize> {
    out: &'o mut dyn Write,
}

impl<'o, const N: usize> Table<'o, N> {
    pub fn new(out: &'o mut dyn Write, heads: [&str; N]) -> io::Result<Self> {
        writeln!(out, "\n| {} |", heads.join(" | "))?;
        writeln!(out, "|{}", " --- |".repeat(N))?;
        Ok(Table { out })
    }

    pub fn row(&mut self, cells: [String; N]) -> io::Result<()> {
        writeln!(self.out, "| {} |", cells.join(" | "))?;
        self.out.flush()
    }
}

pub fn time(it: Duration) -> String {
    format!("{:.2} ms", it.as_secs_f64() * 1e3)
}

pub fn bytes(it: u64) -> String {
    format!("{:.1} MB", it as f64 / 1e6)
}

/// The middle one.
pub fn median(mut all: Vec<Duration>) -> Duration {
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or_default()
}
