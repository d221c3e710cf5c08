//! A page of the catalogue as text for a terminal: no marks of Markdown, code indented.
//!
//! The pages use little of Markdown: headings, paragraphs, lists, fenced blocks. Everything else stands as it is.

/// The widest that prose becomes.
const WIDTH: usize = 80;
const PROSE: &str = "  ";
const CODE: &str = "    ";

/// The page, with headings in bold if there are colours.
pub fn plain(page: &str, colour: bool) -> String {
    let mut shown = Shown {
        text: String::new(),
        colour,
    };
    let mut lines = page.lines();
    let mut prose = String::new();
    while let Some(line) = lines.next() {
        let starts = line.is_empty() || ["#", "```", "- "].iter().any(|it| line.starts_with(it));
        if starts {
            shown.prose(&std::mem::take(&mut prose));
        }
        if let Some(info) = line.strip_prefix("```") {
            shown.code(info, lines.by_ref().take_while(|it| *it != "```"));
        } else if line.starts_with('#') {
            shown.heading(line.trim_start_matches(['#', ' ']));
        } else if line.is_empty() {
            shown.text.push('\n');
        } else {
            prose.push_str(line.trim());
            prose.push(' ');
        }
    }
    shown.prose(&prose);
    shown.text
}

struct Shown {
    text: String,
    colour: bool,
}

impl Shown {
    fn heading(&mut self, title: &str) {
        let line = match self.colour {
            true => format!("\u{1b}[1m{title}\u{1b}[0m\n"),
            false => format!("{title}\n"),
        };
        self.text.push_str(&line);
    }

    /// `topo network.topo`: a file's name stands above its text.
    fn code<'a>(&mut self, info: &str, lines: impl Iterator<Item = &'a str>) {
        if let Some((_, name)) = info.split_once(' ') {
            self.text.push_str(&format!("{PROSE}{name}\n\n"));
        }
        for line in lines {
            let line = format!("{CODE}{line}");
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    fn prose(&mut self, words: &str) {
        let further = if words.starts_with("- ") { "  " } else { "" };
        let mut line = String::new();
        for word in unbroken(words) {
            let length = line.chars().count() + 1 + word.chars().count();
            if line.is_empty() {
                line = format!("{PROSE}{word}");
            } else if length <= WIDTH {
                line = format!("{line} {word}");
            } else {
                self.text.push_str(&format!("{line}\n"));
                line = format!("{PROSE}{further}{word}");
            }
        }
        if !line.is_empty() {
            self.text.push_str(&format!("{line}\n"));
        }
    }
}

/// The words, with what stands between backticks as one.
fn unbroken(prose: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut inside = false;
    for word in prose.split_whitespace() {
        match words.last_mut().filter(|_| inside) {
            Some(last) => last.push_str(&format!(" {word}")),
            None => words.push(word.to_owned()),
        }
        inside ^= word.matches('`').count() % 2 == 1;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# E0104: a number with letters\n\n## What it means\n\nA number directly followed by letters is a \
                        measure,\nand these letters are no unit.\n`512MB` is none, and \
                        `size = 2 GiB` neither. The units are\n\n- of durations: `s`\n- of sizes, which count \
                        in steps of 1024: `B`, `KiB`, `MiB`, `GiB`, `TiB`, `PiB`\n\n## Fixed\n\n```topo main.topo\nqueue jobs {\n\n  \
                        visibility = 2m\n}\n```\n";

    #[test]
    fn prose_is_wrapped_and_code_is_indented() {
        let expected = "\
E0104: a number with letters

What it means

  A number directly followed by letters is a measure, and these letters are no
  unit. `512MB` is none, and `size = 2 GiB` neither. The units are

  - of durations: `s`
  - of sizes, which count in steps of 1024: `B`, `KiB`, `MiB`, `GiB`, `TiB`,
    `PiB`

Fixed

  main.topo

    queue jobs {

      visibility = 2m
    }
";
        assert_eq!(plain(PAGE, false), expected);
        assert!(plain(PAGE, true).starts_with("\u{1b}[1mE0104: a number with letters\u{1b}[0m\n"));
    }
}
