//! HCL text as `terraform fmt` leaves it: two spaces a level, the `=` of neighbouring one-line attributes in one column.

use std::fmt::{Arguments, Write};

use crate::json::indent;

/// An HCL file being written.
#[derive(Default)]
pub struct Hcl {
    out: String,
    levels: Vec<Level>,
    top: Level,
}

/// A body or an object: its run of one-line attributes, and what stands last in it.
#[derive(Default)]
struct Level {
    /// Where each ` =` of the run begins, and how wide the key before it is. INVARIANT (flat run): no line of a run
    /// contains another line, so that moving its text moves no other run.
    run: Vec<(usize, usize)>,
    last: Last,
    /// Objects have no empty lines between their entries.
    dense: bool,
}

/// How the value of an attribute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// On the attribute's line.
    Line,
    /// On several lines, between brackets.
    Brackets,
    /// As a heredoc; `terraform fmt` aligns it as if it were one line.
    Heredoc,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Last {
    #[default]
    Nothing,
    Line,
    Tall,
}

impl Hcl {
    /// The text, which ends with a newline unless it is empty.
    pub fn finish(mut self) -> String {
        self.close_run();
        self.out
    }

    /// `HEAD {`
    pub fn begin_block(&mut self, head: Arguments<'_>) {
        self.prepare(Shape::Brackets);
        self.write(head);
        self.out.push_str(" {\n");
        self.enter(false);
    }

    /// The `}` of a block.
    pub fn end_block(&mut self) {
        if self.leave() == Last::Nothing && self.out.ends_with("{\n") {
            self.out.truncate(self.out.len() - 1);
        } else {
            self.margin();
        }
        self.out.push_str("}\n");
    }

    /// `KEY = VALUE`
    pub fn attribute(&mut self, key: &str, shape: Shape, value: impl FnOnce(&mut Self)) {
        self.prepare(shape);
        self.out.push_str(key);
        if shape != Shape::Brackets {
            let row = (self.out.len(), key.chars().count());
            self.level().run.push(row);
        }
        self.out.push_str(" = ");
        value(self);
        self.out.push('\n');
    }

    /// Comment lines before what follows.
    pub fn comment(&mut self, text: &str) {
        for line in text.lines() {
            self.close_run();
            self.margin();
            self.out.push('#');
            if !line.is_empty() {
                self.out.push(' ');
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
    }

    /// A comment with an empty line before it, that belongs to what follows.
    pub fn comment_apart(&mut self, text: &str) {
        self.prepare_line(Shape::Brackets);
        self.comment(text);
        self.level().last = Last::Nothing;
    }

    /// An opening bracket after which lines follow.
    pub fn begin_lines(&mut self, bracket: &str) {
        self.out.push_str(bracket);
        self.out.push('\n');
        self.enter(true);
    }

    /// Its closing bracket.
    pub fn end_lines(&mut self, bracket: &str) {
        self.leave();
        self.margin();
        self.out.push_str(bracket);
    }

    /// The next item of a list that has a line for each.
    pub fn item(&mut self, value: impl FnOnce(&mut Self)) {
        self.margin();
        value(self);
        self.out.push_str(",\n");
    }

    /// Text as it is.
    pub fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Text as it is.
    pub fn write(&mut self, text: Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.out.write_fmt(text);
    }

    /// A quoted text.
    pub fn quote(&mut self, text: &str) {
        self.out.push('"');
        self.inside(text);
        self.out.push('"');
    }

    /// The inside of a quoted text.
    pub fn inside(&mut self, text: &str) {
        escape(&mut self.out, text);
    }

    /// Opens a heredoc: what follows is written by [`Hcl::heredoc_text`].
    pub fn begin_heredoc(&mut self) {
        self.out.push_str("<<-EOT\n");
    }

    /// Adds literal text to a heredoc.
    pub fn heredoc_text(&mut self, text: &str) {
        for line in text.split_inclusive('\n') {
            if line != "\n" {
                self.heredoc_margin();
            }
            escape_template(&mut self.out, line);
        }
    }

    /// The margin of a heredoc's line, if one begins here.
    pub fn heredoc_margin(&mut self) {
        if self.out.ends_with('\n') {
            let depth = self.levels.len() + 1;
            indent(&mut self.out, depth * 2);
        }
    }

    /// Closes a heredoc.
    pub fn end_heredoc(&mut self) {
        self.margin();
        self.out.push_str("EOT");
    }

    /// `KEY = VALUE` of an object.
    pub fn entry(&mut self, key: &str, shape: Shape, value: impl FnOnce(&mut Self)) {
        if is_plain_key(key) {
            return self.attribute(key, shape, value);
        }
        let quoted = quoted(key);
        self.attribute(&quoted, shape, value);
    }

    /// The key of an object, quoted where it is no plain word.
    pub fn key(&mut self, key: &str) {
        if is_plain_key(key) {
            self.out.push_str(key);
        } else {
            self.quote(key);
        }
    }

    fn prepare(&mut self, shape: Shape) {
        self.prepare_line(shape);
        self.margin();
    }

    /// Several lines stand apart from others in a body.
    fn prepare_line(&mut self, shape: Shape) {
        let tall = shape != Shape::Line;
        let level = self.level();
        let apart = !level.dense && (tall || level.last == Last::Tall);
        let blank = apart && level.last != Last::Nothing;
        level.last = if tall { Last::Tall } else { Last::Line };
        if shape == Shape::Brackets || blank {
            self.close_run();
        }
        if blank {
            self.out.push('\n');
        }
    }

    fn margin(&mut self) {
        let depth = self.levels.len();
        indent(&mut self.out, depth * 2);
    }

    fn level(&mut self) -> &mut Level {
        self.levels.last_mut().unwrap_or(&mut self.top)
    }

    fn enter(&mut self, dense: bool) {
        self.levels.push(Level {
            dense,
            ..Level::default()
        });
    }

    fn leave(&mut self) -> Last {
        self.close_run();
        self.levels.pop().map_or(Last::Nothing, |it| it.last)
    }

    /// Aligns the run of this level. By (flat run) only the text from its first `=` on moves.
    fn close_run(&mut self) {
        let run = std::mem::take(&mut self.level().run);
        let widest = run.iter().map(|(_, width)| *width).max().unwrap_or(0);
        let Some(&(start, _)) = run.iter().find(|(_, width)| *width < widest) else {
            return;
        };
        let text = self.out.split_off(start);
        let mut done = 0;
        for (at, width) in run {
            let Some(here) = at.checked_sub(start) else {
                continue;
            };
            self.out.push_str(text.get(done..here).unwrap_or_default());
            indent(&mut self.out, widest - width);
            done = here;
        }
        self.out.push_str(text.get(done..).unwrap_or_default());
    }
}

fn quoted(key: &str) -> String {
    let mut quoted = String::with_capacity(key.len() + 2);
    quoted.push('"');
    escape(&mut quoted, key);
    quoted.push('"');
    quoted
}

/// Words that an object may have as keys without quotes.
fn is_plain_key(key: &str) -> bool {
    key.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
        && key
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || it == '_')
        && !matches!(key, "for" | "if" | "in" | "true" | "false" | "null")
}

/// Adds the inside of a quoted text: `${` and `%{` are doubled at their first character.
fn escape(out: &mut String, text: &str) {
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if chars.peek() == Some(&'{') => {
                out.push(char);
                out.push(char);
            }
            char if char.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(char));
            }
            char => out.push(char),
        }
    }
}

/// Adds text of a heredoc, in which only `${` and `%{` mean something.
fn escape_template(out: &mut String, text: &str) {
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        out.push(char);
        if matches!(char, '$' | '%') && chars.peek() == Some(&'{') {
            out.push(char);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_templates_and_quotes() {
        let mut hcl = Hcl::default();
        hcl.quote("a \"b\" \\ ${x} $${y} %{z} 50% $ \n\u{1}");
        assert_eq!(
            hcl.finish(),
            r#""a \"b\" \\ $${x} $$${y} %%{z} 50% $ \n\u0001""#
        );
    }

    #[test]
    fn aligns_runs_and_sets_tall_things_apart() {
        let mut hcl = Hcl::default();
        hcl.begin_block(format_args!("resource \"a\" \"b\""));
        hcl.attribute("x", Shape::Line, |it| it.push("1"));
        hcl.attribute("longer", Shape::Line, |it| it.push("2"));
        hcl.attribute("tags", Shape::Brackets, |it| {
            it.begin_lines("{");
            it.entry("Name", Shape::Line, |it| it.quote("n"));
            it.entry("a:b", Shape::Line, |it| it.quote("n"));
            it.entry("deep", Shape::Brackets, |it| {
                it.begin_lines("[");
                it.item(|it| it.push("1"));
                it.end_lines("]");
            });
            it.entry("y", Shape::Line, |it| it.push("3"));
            it.end_lines("}");
        });
        hcl.attribute("y", Shape::Line, |it| it.push("3"));
        hcl.begin_block(format_args!("inner"));
        hcl.end_block();
        hcl.end_block();
        let expected = r#"resource "a" "b" {
  x      = 1
  longer = 2

  tags = {
    Name  = "n"
    "a:b" = "n"
    deep = [
      1,
    ]
    y = 3
  }

  y = 3

  inner {}
}
"#;
        assert_eq!(hcl.finish(), expected);
    }
}
