//! What the pages of the catalogue show is true: the example that fails is answered by that code and by nothing else,
//! the mended one by nothing.
//!
//! The blocks of a section are a folder: a block with a file's name (`yaml prod.yaml`) is that file, a `topo` block
//! without one is `main.topo`. A `console` block shows what is typed there, after `$ `, and what comes out of it;
//! without one it is `topoc check main.topo`. A `text` block without a name is what no program can show.

use std::fs;
use std::thread;

use topoc_driver::{CATALOGUE, Code, Row};

use crate::home::{Home, stderr};

const HEADINGS: [&str; 3] = ["What it means", "Example (fails)", "Fixed"];

/// Faults of the library; a test of the phase that finds them compares the page with what is reported.
const SHOWN_BY_NO_PROGRAM: [Code; 1] = [Code::E0314];

#[test]
fn pages_show_what_happens() {
    let rows: Vec<&(Code, Row)> = CATALOGUE.iter().collect();
    let wrong = thread::scope(|scope| {
        let halves = rows.chunks(rows.len().div_ceil(2));
        let running: Vec<_> = halves
            .map(|half| scope.spawn(|| half.iter().flat_map(|it| judge(it)).collect::<Vec<_>>()))
            .collect();
        let done = running.into_iter().flat_map(|it| it.join().unwrap());
        done.collect::<Vec<String>>()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The parts of a page that is true; a test lies in each of them.
const PAGE: [&str; 4] = [
    "# E0203: an attribute that the kind does not have\n\n## What it means\n\nIt.\n",
    "\n## Example (fails)\n\n```topo\ntopology shop { region = \"eu-central-1\" }\n\nqueue jobs { visibilty = 2m }\n```\n",
    "\n```console\n$ topoc check main.topo\nerror[E0203]: a queue has no attribute `visibilty`\n```\n",
    "\n## Fixed\n\n```topo\ntopology shop { region = \"eu-central-1\" }\n\nqueue jobs { visibility = 2m }\n```\n",
];

#[test]
fn pages_that_lie_are_found() {
    let judged = |page: String| {
        let page: &'static str = page.leak();
        let row = Row {
            page,
            ..Code::E0203.row()
        };
        judge(&(Code::E0203, row)).join("\n")
    };
    assert_eq!(judged(PAGE.concat()), "");
    for (part, truth, lie, found) in [
        (0, "an attribute", "attributes", "the page begins with"),
        (0, "What it means", "Meaning", "the headings are"),
        (
            1,
            "visibilty",
            "visibility",
            "expected [\"E0203\"], found\n",
        ),
        (
            1,
            "queue jobs",
            "qeue more\nqueue jobs",
            "expected [\"E0203\"], found\n",
        ),
        (2, "a queue has", "a bucket has", "does not answer\n"),
        (
            3,
            "visibility",
            "visibilty",
            "expected [], found\nerror[E0203]",
        ),
        (3, "jobs { ", "jobs {", "-queue jobs {visibility = 2m }"),
    ] {
        let mut page = PAGE.map(str::to_owned);
        assert!(page[part].contains(truth));
        page[part] = page[part].replace(truth, lie);
        let told = judged(page.concat());
        assert!(told.contains(found), "{lie}: {told}");
    }
}

/// What is wrong with a page.
fn judge((code, row): &(Code, Row)) -> Vec<String> {
    let mut parts = row.page.split("\n## ");
    let title = format!("# {}: {}\n", row.id, row.summary);
    if parts.next() != Some(&title) {
        return vec![format!("{}: the page begins with\n{title}", row.id)];
    }
    let sections: Vec<(&str, &str)> = parts.filter_map(|it| it.split_once('\n')).collect();
    let headings: Vec<&str> = sections.iter().map(|it| it.0).collect();
    if headings != HEADINGS {
        return vec![format!("{}: the headings are {headings:?}", row.id)];
    }
    let (fails, fixed) = (Section::read(sections[1].1), Section::read(sections[2].1));
    let mut wrong = fixed.judge(&[]);
    wrong.extend(fixed.misplaced());
    if !SHOWN_BY_NO_PROGRAM.contains(code) {
        wrong.extend(fails.judge(&[row.id]));
    }
    wrong.iter().map(|it| format!("{}: {it}", row.id)).collect()
}

/// An example: files, and what is typed beside them.
struct Section {
    home: Home,
    programs: Vec<String>,
    typed: Vec<Typed>,
}

/// A command, and what is shown of its output.
struct Typed {
    command: String,
    shown: String,
}

impl Section {
    fn read(text: &str) -> Section {
        let mut section = Section {
            home: Home::empty(),
            programs: Vec::new(),
            typed: Vec::new(),
        };
        for block in text.split("\n```").skip(1).step_by(2) {
            let (info, text) = block.split_once('\n').unwrap();
            match info.split_once(' ') {
                Some((_, name)) => section.file(name, text),
                None if info == "topo" => section.file("main.topo", text),
                None if info == "console" => section.typed(text),
                None => assert_eq!(info, "text", "a block needs the name of its file"),
            }
        }
        if section.typed.is_empty() {
            section.typed("$ topoc check main.topo");
        }
        section
    }

    fn file(&mut self, name: &str, text: &str) {
        let path = self.home.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("{text}\n")).unwrap();
        if name.ends_with(".topo") {
            self.programs.push(name.to_owned());
        }
    }

    fn typed(&mut self, text: &str) {
        for line in text.lines() {
            match (line.strip_prefix("$ topoc "), self.typed.last_mut()) {
                (Some(command), _) => self.typed.push(Typed {
                    command: command.to_owned(),
                    shown: String::new(),
                }),
                (None, Some(typed)) => typed.shown.push_str(&format!("{line}\n")),
                (None, None) => panic!("a console block begins with `$ topoc …`, not with {line}"),
            }
        }
    }

    /// Whether exactly these codes are reported.
    fn judge(&self, codes: &[&str]) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut reports = String::new();
        for Typed { command, shown } in &self.typed {
            let found = stderr(&self.home.run(command));
            if !found.contains(shown) {
                wrong.push(format!("`{command}` does not answer\n{shown}but\n{found}"));
            }
            reports.push_str(&found);
        }
        if self.programs.is_empty() || codes != reported(&reports) {
            wrong.push(format!("expected {codes:?}, found\n{reports}"));
        }
        wrong
    }

    /// What `topoc fmt` would write another way.
    fn misplaced(&self) -> Vec<String> {
        let programs = self.programs.join(" ");
        let output = self.home.run(&format!("fmt --check {programs}"));
        match output.status.success() {
            true => Vec::new(),
            false => vec![String::from_utf8(output.stdout).unwrap()],
        }
    }
}

/// The codes of `error[E0203]: …` and `warning[W0707 single_zone_database]: …`
fn reported(text: &str) -> Vec<&str> {
    let heads = text
        .lines()
        .filter_map(|it| it.strip_prefix("error[").or(it.strip_prefix("warning[")));
    heads.filter_map(|it| it.get(..5)).collect()
}
