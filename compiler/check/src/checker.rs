//! The state of the check: the index, what was prepared already, and the scope at hand.

use rustc_hash::FxHashMap as HashMap;
use std::rc::Rc;

use topoc_diagnostics::{Code, Diagnostic, Diagnostics, Span};
use topoc_syntax::ast::{self, ExprId};
use topoc_syntax::{Library, Program};
use ustr::{Ustr, UstrSet};

use crate::expr::refine::Patterns;
use crate::facts::Facts;
use crate::kinds::{KindInfo, ResourceInfo, TraitInfo};
use crate::lost::Lost;
use crate::names::{Found, Names, What};
use crate::scope::{EdgeInfo, HomeId, Scope};
use crate::stage::KindStages;
use crate::ty::{FieldTy, Ty};

/// How deep declarations that lead to each other are followed.
const DEPTH: u32 = 64;

/// Checks one program; made by [`crate::check`].
pub struct Checker<'a, 'n> {
    /// The declarations.
    pub names: &'n Names<'a>,
    out: &'n mut Diagnostics,
    /// Bare words that are members.
    pub members: crate::Members,
    /// What was prepared already.
    pub cache: Cache<'a>,
    /// Where we are.
    pub scope: Scope<'a>,
    muted: bool,
    /// How many reports nobody heard.
    unheard: usize,
    depth: u32,
    /// What is left to look at while a value is followed to its sources.
    pub(crate) steps: u32,
    /// What refinements compare texts with.
    pub(crate) patterns: Patterns,
    /// The library's words, for suggestions.
    pub library: &'n Library,
    /// Whether library bodies are checked too.
    pub deep: bool,
    /// The attribute whose value is being checked.
    pub asked: Option<Asked<'a>>,
    /// The field that is read of the value being inferred.
    pub reading: Option<Ustr>,
    /// The name of the node being checked.
    pub node: Ustr,
    /// The attribute of the node being checked that takes secrets by name.
    pub secrets: Option<Ustr>,
    /// Names that nothing declares, and that were reported.
    pub unknown: UstrSet,
    /// Words that stand where a kind should, before a kind, once somebody asked.
    turned: Option<UstrSet>,
    /// What could not be read, and the texts.
    pub lost: Option<(Lost, &'a Program)>,
}

/// An attribute that asks for a value.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The value.
    pub value: ExprId,
    /// The attribute.
    pub name: Ustr,
    /// Where it is declared.
    pub declared: Span,
    /// `@…` above it.
    pub notes: &'a [ast::Note],
}

/// Prepared declarations, parallel to the lists of [`Names`].
#[derive(Default)]
pub struct Cache<'a> {
    pub(crate) kinds: Vec<Option<Rc<KindInfo<'a>>>>,
    pub(crate) traits: Vec<Option<Rc<TraitInfo<'a>>>>,
    pub(crate) records: Vec<Option<Rc<[FieldTy<'a>]>>>,
    pub(crate) resource_types: Vec<Option<Rc<ResourceInfo<'a>>>>,
    pub(crate) edges: Vec<Option<Rc<EdgeInfo<'a>>>>,
    pub(crate) values: Vec<Known<'a>>,
    pub(crate) members: HashMap<(HomeId, Ustr), Known<'a>>,
    pub(crate) stages: Vec<Option<Rc<KindStages>>>,
    pub(crate) constants: HashMap<u32, bool>,
    /// Verbs that kinds declare by `listens` and `access`.
    pub(crate) verbs: Option<Rc<UstrSet>>,
    /// What files, kinds and edges assert.
    pub(crate) claims: HashMap<HomeId, Facts>,
}

/// The type of a `let`, which may mention others.
#[derive(Clone, Debug, Default)]
pub enum Known<'a> {
    /// Not asked for yet.
    #[default]
    Not,
    /// Being inferred: asking again is a cycle.
    Busy,
    /// Inferred.
    Ty(Ty<'a>),
}

impl<'a, 'n> Checker<'a, 'n> {
    /// A checker at the top of the root file.
    pub fn new(
        names: &'n Names<'a>,
        library: &'n Library,
        out: &'n mut Diagnostics,
        deep: bool,
    ) -> Self {
        let cache = Cache {
            kinds: vec![None; names.kinds.len()],
            traits: vec![None; names.traits.len()],
            records: vec![None; names.records.len()],
            resource_types: vec![None; names.resource_types.len()],
            edges: vec![None; names.edges.len()],
            values: vec![Known::Not; names.values.len()],
            members: HashMap::default(),
            stages: vec![None; names.kinds.len()],
            constants: HashMap::default(),
            verbs: None,
            claims: HashMap::default(),
        };
        Self {
            names,
            patterns: Patterns::default(),
            library,
            out,
            members: HashMap::default(),
            cache,
            scope: Scope::file(0),
            muted: false,
            unheard: 0,
            depth: 0,
            steps: 0,
            deep,
            asked: None,
            reading: None,
            node: Ustr::default(),
            secrets: None,
            unknown: UstrSet::default(),
            turned: None,
            lost: None,
        }
    }

    /// Reports, unless we only look at a library file to learn a type.
    /// By (one cause), neither what may follow from text that could not be read.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.unheard += usize::from(self.muted);
        let diagnostic = self.below_its_name(diagnostic);
        if !self.muted && !self.follows_from_lost(&diagnostic) && !self.is_told(&diagnostic) {
            self.out.push(diagnostic);
        }
    }

    /// By (one cause), a name that nothing declares is reported where it stands first, unless a declaration lacks its name.
    pub fn is_first_use(&mut self, name: Ustr, place: Span) -> bool {
        if self.muted {
            return true;
        }
        let lost = self.lost.as_mut();
        let is_lost = lost.is_some_and(|it| it.0.may_be_called(name, place));
        !is_lost && self.unknown.insert(name)
    }

    /// By (one cause), whether an unknown name may be that of a declaration that lacks one.
    pub fn may_be_lost(&mut self, name: Ustr, place: Span) -> bool {
        let lost = self.lost.as_mut().filter(|_| !self.muted);
        lost.is_some_and(|it| it.0.may_be_called(name, place))
    }

    /// Whether a declaration has its name first and its kind behind it: `jobs queue { … }`. That is told there.
    pub fn is_turned(&mut self, name: Ustr) -> bool {
        if let Some(turned) = &self.turned {
            return turned.contains(&name);
        }
        let words: UstrSet = crate::suggest::library_words(self.library).collect();
        let is_kind = |file, it: Ustr| {
            let found = self.names.find(file, it, |it| &it.kinds);
            !matches!(found, Found::None) || words.contains(&it)
        };
        let turned = self.names.values.iter().filter_map(|it| match it.what {
            What::Node(node) => {
                let kind = Ustr::from(&node.kind.as_ref()?.text());
                let is_turned = is_kind(it.file, node.name.name) && !is_kind(it.file, kind);
                is_turned.then_some(kind)
            }
            _ => None,
        });
        let turned: UstrSet = turned.collect();
        let found = turned.contains(&name);
        self.turned = Some(turned);
        found
    }

    /// Notes that a finding at `place` was kept back.
    pub fn keep_silent(&mut self, place: Span) {
        if let Some((lost, _)) = &mut self.lost {
            lost.keep_silent(place);
        }
    }

    /// By (one cause), whether a name was reported as one that nothing declares.
    pub fn is_unknown(&self, name: Ustr) -> bool {
        self.unknown.contains(&name)
    }

    /// By (one cause), a kind that nothing declares is not told again as a value: `jobs queue { … }` declares no `jobs`.
    pub fn tell_once(&mut self, name: Ustr) {
        if !self.muted {
            self.unknown.insert(name);
        }
    }

    /// A value that does not fit the name that stands a line above its `=`: that line lacks its own name.
    fn below_its_name(&self, diagnostic: Diagnostic) -> Diagnostic {
        let place = diagnostic.primary.as_ref().map(|it| it.span);
        let wrong = place.filter(|_| diagnostic.code == Code::E0301);
        let (Some(place), Some((_, program))) = (wrong, &self.lost) else {
            return diagnostic;
        };
        let before = text_at(program, Span::new(place.file, 0, place.start));
        let sign = before.trim_end_matches(' ').strip_suffix('=');
        match sign.filter(|it| it.trim_end_matches(' ').ends_with('\n')) {
            Some(above) => {
                let start = above.len() as u32;
                crate::errors::nameless_line(Span::new(place.file, start, place.end))
            }
            None => diagnostic,
        }
    }

    /// By (one cause), a value that does not fit is not also too late.
    fn is_told(&self, diagnostic: &Diagnostic) -> bool {
        let span = diagnostic.primary.as_ref().map(|it| it.span);
        let is_same = |it: &Diagnostic| it.primary.as_ref().map(|it| it.span) == span;
        diagnostic.code == Code::E0313 && self.out.iter().any(is_same)
    }

    /// What the declaration of the attribute says to whoever gives it this value.
    pub fn told(&self, value: ExprId) -> Option<String> {
        let asked = self.asked.filter(|it| it.value == value)?;
        ast::help_for_value(asked.notes, &self.node)
    }

    fn follows_from_lost(&mut self, diagnostic: &Diagnostic) -> bool {
        let (Some((lost, program)), Some(label)) = (&mut self.lost, &diagnostic.primary) else {
            return false;
        };
        lost.keeps(diagnostic, text_at(program, label.span))
    }

    /// What stands at a place.
    pub fn source(&self, span: Span) -> String {
        let program = self.lost.as_ref().map(|it| it.1);
        program.map_or(String::new(), |it| text_at(it, span).to_owned())
    }

    /// Does `work` in another scope; silently if that scope belongs to the library.
    pub fn within<T>(&mut self, scope: Scope<'a>, work: impl FnOnce(&mut Self) -> T) -> T {
        let muted = self.muted;
        self.muted |= self.names.is_library(scope.file) && !self.deep;
        let outer = std::mem::replace(&mut self.scope, scope);
        let result = work(self);
        self.scope = outer;
        self.muted = muted;
        result
    }

    /// Does `work` and keeps its reports even if somebody looks silently: a value is inferred only once.
    pub fn aloud<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let muted = std::mem::replace(&mut self.muted, false);
        let result = work(self);
        self.muted = muted;
        result
    }

    /// Does `work` unless declarations already lead to each other that deep; then nothing is known.
    pub fn deeper<T: Default>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        if self.depth >= DEPTH {
            return T::default();
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        result
    }

    /// Does `work` and forgets its reports.
    pub fn silently<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let muted = std::mem::replace(&mut self.muted, true);
        let result = work(self);
        self.muted = muted;
        result
    }

    /// Whether `work` would report nothing.
    pub fn passes(&mut self, work: impl FnOnce(&mut Self)) -> bool {
        let before = self.unheard;
        self.silently(work);
        self.unheard == before
    }
}

pub(crate) fn text_at(program: &Program, span: Span) -> &str {
    let file = program.files.get(span.file.0 as usize);
    let range = span.start as usize..span.end as usize;
    file.and_then(|it| it.text.get(range)).unwrap_or_default()
}
