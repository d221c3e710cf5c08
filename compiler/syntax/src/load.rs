//! Every file of a program: the root, what it reaches by `use`, and of the library the declarations that these mention.

use std::collections::HashMap;
use std::sync::Arc;

use rustc_hash::FxHashSet as HashSet;
use topoc_diagnostics::{Diagnostics, FileId, SharedText, Span, nearest};
use ustr::Ustr;

use crate::ast::{ExprIds, File, StmtKind, Use};
use crate::frozen::Thawing;
use crate::library::Library;
use crate::parse::parse_with;
use crate::{Entry, LoadedFile, Origin, Program, Sources};

mod errors;
mod paths;

/// Reads and parses the program whose root is `root`. Afterwards files use each other without cycles, or that is reported.
pub fn load(
    root: &str,
    sources: &dyn Sources,
    library: &Library,
    out: &mut Diagnostics,
) -> Program {
    let mut loader = Loader::new(sources, library, out);
    match sources.read(root) {
        Ok(text) => loader.user_files(root, text),
        Err(why) => loader.out.push(errors::no_root(root, &why)),
    }
    loader.library_declarations();
    loader.program()
}

/// Reads the whole library, which no program does: for those who judge it.
pub fn load_library(library: &Library, out: &mut Diagnostics) -> Program {
    let mut loader = Loader::new(&Nothing, library, out);
    let all = 0..library.declarations.len() as u16;
    all.for_each(|it| loader.wanted.add(it));
    loader.library_declarations();
    loader.program()
}

/// No files at all.
struct Nothing;

impl Sources for Nothing {
    fn read(&self, _: &str) -> Result<Arc<str>, String> {
        Err("there is no such file".to_owned())
    }
}

struct Loader<'a> {
    sources: &'a dyn Sources,
    library: &'a Library,
    out: &'a mut Diagnostics,
    ids: ExprIds,
    files: Vec<LoadedFile>,
    /// User files by their path.
    by_path: HashMap<String, FileId>,
    /// Library declarations that are mentioned.
    wanted: Wanted,
}

/// Numbers of declarations, each once, in the order of their first mention.
#[derive(Default)]
struct Wanted {
    all: Vec<u16>,
    known: Vec<bool>,
}

impl Wanted {
    fn add(&mut self, number: u16) {
        let at = usize::from(number);
        if self.known.len() <= at {
            self.known.resize(at + 1, false);
        }
        if let Some(known) = self.known.get_mut(at).filter(|it| !**it) {
            *known = true;
            self.all.push(number);
        }
    }

    fn has(&self, number: u16) -> bool {
        self.known.get(usize::from(number)) == Some(&true)
    }
}

/// A `use` that is being followed.
struct Open {
    file: FileId,
    next: usize,
}

impl<'a> Loader<'a> {
    fn new(sources: &'a dyn Sources, library: &'a Library, out: &'a mut Diagnostics) -> Self {
        Loader {
            sources,
            library,
            out,
            ids: ExprIds::default(),
            files: Vec::new(),
            by_path: HashMap::new(),
            wanted: Wanted::default(),
        }
    }

    fn program(self) -> Program {
        Program {
            files: self.files,
            exprs: self.ids.count(),
        }
    }

    /// The root and what it uses, each file before those it uses.
    fn user_files(&mut self, root: &str, text: Arc<str>) {
        let root = self.add(root.to_owned(), text, Origin::Root);
        let mut open = vec![Open {
            file: root,
            next: 0,
        }];
        while let Some(top) = open.last_mut() {
            let (file, next) = (top.file, top.next);
            top.next += 1;
            match self.use_at(file, next) {
                Some(import) => self.follow(file, &import, &mut open),
                None => {
                    open.pop();
                }
            }
        }
    }

    /// The `use` number `next` of a file.
    fn use_at(&self, file: FileId, next: usize) -> Option<Use> {
        let items = &self.files.get(file.0 as usize)?.ast.items;
        let mut uses = items.iter().filter_map(|it| {
            let StmtKind::Use(import) = &it.kind else {
                return None;
            };
            Some(import)
        });
        uses.nth(next).cloned()
    }

    fn follow(&mut self, from: FileId, import: &Use, open: &mut Vec<Open>) {
        let Some(user) = self.files.get(from.0 as usize) else {
            return;
        };
        let Some(path) = paths::join(&user.path, import.path.as_str()) else {
            return self
                .out
                .push(errors::no_package(import.path_span, &import.path));
        };
        let known = self.by_path.get(&path).copied();
        if let Some(start) = known.and_then(|id| open.iter().position(|it| it.file == id)) {
            let chain = open.get(start..).unwrap_or_default();
            let chain: Vec<Span> = chain.iter().filter_map(|it| self.last_use(it)).collect();
            self.out
                .push(errors::cycle(import.path_span, &path, &chain));
        }
        let id = match known {
            Some(id) => id,
            None => match self.sources.read(&path) {
                Ok(text) => {
                    let id = self.add(path, text, Origin::User);
                    open.push(Open { file: id, next: 0 });
                    id
                }
                Err(why) => {
                    let near = self.file_near(&path);
                    let report = errors::no_file(import.path_span, &path, &why, near);
                    return self.out.push(report);
                }
            },
        };
        if let Some(user) = self.files.get_mut(from.0 as usize) {
            user.uses.push((id, import.alias.map(|it| it.name)));
        }
    }

    /// The name of a program beside `path` that is spelled nearly like it.
    fn file_near(&self, path: &str) -> Option<String> {
        let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
        let Ok(Entry::Folder(names)) = self.sources.open(folder) else {
            return None;
        };
        let programs = names.iter().filter(|it| it.ends_with(".topo"));
        nearest(name, programs.map(String::as_str)).map(str::to_owned)
    }

    /// The place of the `use` that is being followed.
    fn last_use(&self, open: &Open) -> Option<Span> {
        self.use_at(open.file, open.next.checked_sub(1)?)
            .map(|it| it.path_span)
    }

    /// What is mentioned of the library, and what that needs.
    fn library_declarations(&mut self) {
        let (library, wanted) = (self.library, &mut self.wanted);
        let mut next = 0;
        while let Some(number) = wanted.all.get(next).copied() {
            next += 1;
            library.needs(number).iter().for_each(|it| wanted.add(*it));
            for (other, edge) in library.edges_of(number) {
                if wanted.has(other) {
                    wanted.add(edge);
                }
            }
        }
        let mut numbers = std::mem::take(&mut wanted.all);
        // in the order of the library, whatever mentioned them
        numbers.sort_unstable();
        self.unpack(&numbers);
    }

    fn unpack(&mut self, numbers: &[u16]) {
        let library = self.library;
        let thawing = Thawing::new(library.names);
        let mut last = None;
        for number in numbers {
            let Some((file, tree)) = library.tree(*number) else {
                continue;
            };
            if last.replace(file) != Some(file) {
                self.library_file(file);
            }
            if let Some(file) = self.files.last_mut() {
                let stmt = thawing.thaw(tree, file.id, &self.ids);
                file.ast.items.push(stmt);
            }
        }
    }

    /// A file of the library, still empty.
    fn library_file(&mut self, number: u16) {
        if let Some((path, text)) = self.library.files.get(usize::from(number)) {
            let service = Ustr::from(self.library.service(number));
            let origin = Origin::Library { service };
            let empty = File {
                id: next_id(&self.files),
                items: Vec::new(),
                skipped: Vec::new(),
            };
            let text = SharedText::Lasting(text);
            self.push((*path).to_owned(), text, origin, empty);
        }
    }

    /// A file of the program: it is parsed, and what it mentions is noted.
    fn add(&mut self, path: String, text: Arc<str>, origin: Origin) -> FileId {
        let (library, wanted) = (self.library, &mut self.wanted);
        let id = next_id(&self.files);
        let (text, lone) = with_line_ends(text);
        if let Some(at) = lone {
            let span = Span::new(id, at as u32, at as u32 + 1);
            self.out.push(errors::lone_return(span));
        }
        let mut reports = Diagnostics::default();
        let mut seen = HashSet::default();
        let ast = parse_with(id, &text, &self.ids, &mut reports, |mention| {
            if seen.insert(mention) {
                library.find(mention, "", |it| wanted.add(it));
            }
        });
        for report in reports.in_order() {
            self.out.push(errors::with_kind(report, &text, library));
        }
        self.by_path.insert(paths::normal(&path), id);
        self.push(path, text.into(), origin, ast);
        id
    }

    fn push(&mut self, path: String, text: SharedText, origin: Origin, ast: File) {
        self.files.push(LoadedFile {
            id: ast.id,
            path,
            text,
            ast,
            origin,
            uses: Vec::new(),
        });
    }
}

fn next_id(files: &[LoadedFile]) -> FileId {
    FileId(u32::try_from(files.len()).unwrap_or(u32::MAX))
}

/// A text whose carriage returns without a line feed are line feeds, and where the first of them is.
fn with_line_ends(text: Arc<str>) -> (Arc<str>, Option<usize>) {
    let is_lone = |(at, _): &(usize, &str)| text.as_bytes().get(at + 1) != Some(&b'\n');
    let Some((first, _)) = text.match_indices('\r').find(is_lone) else {
        return (text, None);
    };
    let ended = text
        .replace("\r\n", "\u{0}\n")
        .replace('\r', "\n")
        .replace('\u{0}', "\r");
    (ended.into(), Some(first))
}
