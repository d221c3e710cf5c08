//! Lines while they are written.

use crate::flat::{WIDTH, width};

/// One or more lines; the last one is being written.
pub struct Out {
    done: Vec<String>,
    line: String,
    /// How long the first line may be.
    first: usize,
}

impl Out {
    /// Begins with a line that is indented.
    pub fn new(indent: usize) -> Self {
        Self {
            done: Vec::new(),
            line: " ".repeat(indent),
            first: WIDTH,
        }
    }

    /// Leaves so much room on the first line for what comes into it later.
    pub fn reserve(&mut self, width: usize) {
        self.first = WIDTH.saturating_sub(width);
    }

    /// Writes on; a text of several lines keeps them.
    pub fn push(&mut self, text: &str) {
        let mut lines = text.split('\n');
        self.line.push_str(lines.next().unwrap_or_default());
        for line in lines {
            self.done.push(std::mem::take(&mut self.line));
            self.line.push_str(line);
        }
    }

    /// Ends the line and begins another one.
    pub fn newline(&mut self, indent: usize) {
        let line = std::mem::take(&mut self.line);
        self.done.push(line);
        self.line = " ".repeat(indent);
    }

    /// Adds whole lines below the one being written; the last one is then being written.
    pub fn below(&mut self, lines: Vec<String>) {
        for line in lines {
            self.done.push(std::mem::replace(&mut self.line, line));
        }
    }

    /// Writes a space unless the line is empty so far.
    pub fn space(&mut self) {
        if !self.is_fresh() {
            self.line.push(' ');
        }
    }

    /// Whether nothing stands on the line.
    pub fn is_fresh(&self) -> bool {
        self.line.trim_start().is_empty()
    }

    /// How much room the line has.
    pub fn room(&self) -> usize {
        let limit = if self.done.is_empty() {
            self.first
        } else {
            WIDTH
        };
        limit.saturating_sub(width(&self.line))
    }

    /// All lines.
    pub fn lines(mut self) -> Vec<String> {
        self.done.push(self.line);
        self.done
    }
}
