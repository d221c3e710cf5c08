//! Every file of a program: the root, what it reaches by `use`, and the library files that these mention.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use topoc_diagnostics::{Diagnostics, FileId, Span};
use ustr::Ustr;

use crate::ast::{ExprIds, File, StmtKind, Use};
use crate::library::{Index, Library, Role};
use crate::parse::{Mention, parse_with};
use crate::{LoadedFile, Origin, Program, Sources};

mod errors;
mod paths;

/// Reads and parses the program whose root is `root`. Afterwards files use each other without cycles, or that is reported.
pub fn load(
    root: &str,
    sources: &dyn Sources,
    library: &Library<'_>,
    out: &mut Diagnostics,
) -> Program {
    let mut loader = Loader {
        sources,
        library,
        index: Index::new(library),
        out,
        ids: ExprIds::default(),
        files: Vec::new(),
        by_path: HashMap::new(),
        queue: Vec::new(),
        wanted: HashSet::new(),
        kinds: HashSet::new(),
    };
    match sources.read(root) {
        Ok(text) => loader.user_files(root, text),
        Err(why) => loader.out.push(errors::no_root(root, &why)),
    }
    loader.library_files();
    Program {
        files: loader.files,
        exprs: loader.ids.count(),
    }
}

struct Loader<'a, 'l> {
    sources: &'a dyn Sources,
    library: &'a Library<'l>,
    index: Index<'l>,
    out: &'a mut Diagnostics,
    ids: ExprIds,
    files: Vec<LoadedFile>,
    /// User files by their path.
    by_path: HashMap<String, FileId>,
    /// Library files still to be read.
    queue: Vec<u16>,
    /// Library files that are or will be read.
    wanted: HashSet<u16>,
    /// Kinds and traits of the library files read so far.
    kinds: HashSet<Ustr>,
}

/// A `use` that is being followed.
struct Open {
    file: FileId,
    next: usize,
}

impl Loader<'_, '_> {
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
            return self.out.push(errors::no_package(import.path_span));
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
                    return self
                        .out
                        .push(errors::no_file(import.path_span, &path, &why));
                }
            },
        };
        if let Some(user) = self.files.get_mut(from.0 as usize) {
            user.uses.push((id, import.alias.map(|it| it.name)));
        }
    }

    /// The place of the `use` that is being followed.
    fn last_use(&self, open: &Open) -> Option<Span> {
        self.use_at(open.file, open.next.checked_sub(1)?)
            .map(|it| it.path_span)
    }

    fn library_files(&mut self) {
        let mut next = 0;
        while let Some(number) = self.queue.get(next).copied() {
            next += 1;
            let Some((path, text)) = self.library.files.get(usize::from(number)) else {
                continue;
            };
            let service = Ustr::from(self.library.service(number));
            self.add(
                (*path).to_owned(),
                Arc::from(*text),
                Origin::Library { service },
            );
        }
    }

    /// Parses a file and notes what it mentions.
    fn add(&mut self, path: String, text: Arc<str>, origin: Origin) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        let service = match &origin {
            Origin::Library { service } => *service,
            Origin::Root | Origin::User => Ustr::from(""),
        };
        let mut wanted = Vec::new();
        let (index, library) = (&self.index, self.library);
        let mut reports = Diagnostics::default();
        let ast = parse_with(id, &text, &self.ids, &mut reports, |mention| {
            lookup(index, library, &service, mention, &mut wanted);
        });
        for report in reports.in_order() {
            self.out.push(errors::with_kind(report, &text, library));
        }
        if !service.is_empty() {
            wanted.extend(self.edges_of(&ast));
        }
        wanted.sort_unstable();
        for number in wanted {
            if self.wanted.insert(number) {
                self.queue.push(number);
            }
        }
        self.by_path.insert(paths::normal(&path), id);
        self.files.push(LoadedFile {
            id,
            path,
            text,
            ast,
            origin,
            uses: Vec::new(),
        });
        id
    }

    /// The files of the edges that become possible with the kinds of a library file.
    fn edges_of(&mut self, ast: &File) -> Vec<u16> {
        let mut files = Vec::new();
        for stmt in &ast.items {
            let name = if let StmtKind::Kind(kind) = &stmt.kind {
                kind.name.name
            } else if let StmtKind::Trait(it) = &stmt.kind {
                it.name.name
            } else {
                continue;
            };
            self.kinds.insert(name);
            let possible = self.library.edges_of(&name);
            let known = |other: &str| other.is_empty() || self.kinds.contains(&Ustr::from(other));
            files.extend(possible.filter(|(other, _)| known(other)).map(|it| it.1));
        }
        files
    }
}

/// Adds the library files that a mention leads to.
fn lookup(
    index: &Index<'_>,
    library: &Library<'_>,
    service: &str,
    mention: Mention<'_>,
    wanted: &mut Vec<u16>,
) {
    let (word, space) = match mention {
        Mention::Kind(word) | Mention::Value(word) => (word, service),
        Mention::Dotted(space, word) => (word, space),
        Mention::Network => return wanted.extend(library.means),
    };
    for (role, files) in index.find(word) {
        let is_meant = match (mention, role) {
            (Mention::Kind(_), Role::Kind) | (Mention::Value(_), Role::Value) => true,
            (Mention::Value(_) | Mention::Dotted(..), Role::Member(of)) => of == space,
            (Mention::Dotted(..), Role::Type(of)) => of == space,
            _ => false,
        };
        if is_meant {
            wanted.extend(files);
        }
    }
}
