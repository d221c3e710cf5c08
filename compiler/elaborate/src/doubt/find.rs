//! What is in doubt before anything is evaluated: read off the reports and the text.

use rustc_hash::FxHashSet as HashSet;
use topoc_check::Lost;
use topoc_diagnostics::{Code, Diagnostic, Diagnostics, Severity, Span};
use topoc_syntax::ast::{NodeDecl, Stmt, StmtKind};
use topoc_syntax::{Origin, Program};
use ustr::{Ustr, UstrSet};

use super::places::Places;
use super::{Doubt, Refusal, words};

impl<'a> Doubt<'a> {
    /// What the errors among `reports` leave in doubt; `None` if there are none.
    pub(crate) fn new(
        program: &'a Program,
        lost: Option<&'a Lost>,
        reports: &Diagnostics,
    ) -> Option<Self> {
        if !reports.has_errors() {
            return None;
        }
        let mut found = Finder::new(program, lost);
        let errors = reports.iter();
        let errors = errors.filter(|it| it.severity() != Severity::Warning);
        for report in errors {
            found.told(report);
            found.meant(report, program);
        }
        lost.into_iter()
            .flat_map(Lost::places)
            .for_each(|it| found.doubt.places.add(it, false));
        found.gaps(program);
        found.doubt.places.sort();
        found.meanings(program);
        for (_, items) in own(program) {
            found.statements(items);
        }
        Some(found.doubt)
    }
}

/// The statements of the program's own files.
fn own(program: &Program) -> impl Iterator<Item = (&str, &[Stmt])> {
    let files = program.files.iter();
    let own = files.filter(|it| !matches!(it.origin, Origin::Library { .. }));
    own.map(|it| (&*it.text, it.ast.items.as_slice()))
}

struct Finder<'a> {
    doubt: Doubt<'a>,
    /// Names that several things have.
    ambiguous: UstrSet,
    /// Kinds, types, functions, verbs … that may mean something else.
    meanings: UstrSet,
}

impl<'a> Finder<'a> {
    fn new(program: &'a Program, lost: Option<&'a Lost>) -> Self {
        let doubt = Doubt {
            lost,
            files: &program.files,
            places: Places::default(),
            refused: HashSet::default(),
            open: HashSet::default(),
            unknown: UstrSet::default(),
            refusals: Vec::new(),
            params: false,
            header: false,
            nodes: false,
            topology: false,
        };
        Self {
            doubt,
            ambiguous: UstrSet::default(),
            meanings: UstrSet::default(),
        }
    }

    fn told(&mut self, report: &Diagnostic) {
        self.doubt.params |= matches!(report.code, Code::E0407 | Code::E0409);
        self.doubt.topology |= report.code == Code::E0202;
        let Some(place) = report.primary.as_ref().map(|it| it.span) else {
            return;
        };
        // a note says nothing of what it stands above
        if report.code == Code::E0516 {
            return;
        }
        self.doubt.places.add(place, report.code == Code::E0302);
        let said: Vec<Ustr> = words(self.doubt.text(place)).collect();
        match report.code {
            Code::E0201 | Code::E0202 | Code::E0206 | Code::E0207 | Code::E0211 | Code::E0407 => {
                self.doubt.unknown.extend(said);
            }
            Code::E0204 | Code::E0205 | Code::E0210 => self.ambiguous.extend(said),
            _ => {}
        }
    }

    /// A name that nothing declares may mean any node, and where nodes are given to others, those may lack it.
    fn meant(&mut self, report: &Diagnostic, program: &Program) {
        let place = report.primary.as_ref().map(|it| it.span);
        let Some(place) = place.filter(|_| report.code == Code::E0201) else {
            return;
        };
        let file = program.files.get(place.file.0 as usize);
        let items = file.map_or(&[][..], |it| &it.ast.items);
        let count = items.partition_point(|it| it.span.start <= place.start);
        let around = items.get(..count).and_then(<[Stmt]>::last);
        let around = around.filter(|it| place.end <= it.span.end);
        let only_reads = |it: &Stmt| {
            matches!(
                it.kind,
                StmtKind::Output(_) | StmtKind::Assert(_) | StmtKind::Rule(_)
            )
        };
        if !around.is_some_and(only_reads) {
            self.refuse(place, true);
        }
    }

    /// What could not be read; outside of every declaration it may be anything.
    fn gaps(&mut self, program: &Program) {
        for file in &program.files {
            for gap in &file.ast.skipped {
                self.doubt.places.add(gap.span, false);
                let text = self.doubt.text(gap.span).to_owned();
                self.doubt.params |= words(&text).any(|it| matches!(&*it, "env" | "param"));
                self.doubt.header |= words(&text).any(|it| &*it == "topology");
                self.doubt.nodes |= gap.within == gap.span.start;
                self.doubt.topology |= gap.within == gap.span.start;
                self.refuse(gap.span, text.contains("->"));
            }
        }
    }

    fn refuse(&mut self, span: Span, any_ends: bool) {
        self.doubt.refusals.push(Refusal { span, any_ends });
    }

    /// Declarations that others are made of: one that holds a mistake, and what mentions it, may mean anything.
    fn meanings(&mut self, program: &Program) {
        let mut rest: Vec<(&Stmt, Ustr)> = Vec::new();
        for (_, items) in own(program) {
            rest.extend(items.iter().filter_map(|it| Some((it, meaning(it)?))));
        }
        loop {
            let (spoiled, sound): (Vec<_>, Vec<_>) = rest
                .into_iter()
                .partition(|(stmt, name)| self.is_spoiled(stmt.span, *name));
            if spoiled.is_empty() {
                return;
            }
            self.meanings.extend(spoiled.iter().map(|it| it.1));
            let refused = spoiled.iter().map(|it| it.0.span);
            self.doubt.refused.extend(refused);
            rest = sound;
        }
    }

    fn is_spoiled(&self, span: Span, name: Ustr) -> bool {
        self.doubt.places.meet(span) || self.ambiguous.contains(&name) || self.mentions(span)
    }

    /// Whether a text mentions what may mean something else.
    fn mentions(&self, span: Span) -> bool {
        let text = self.doubt.text(span);
        !self.meanings.is_empty() && words(text).any(|it| self.meanings.contains(&it))
    }

    fn statements(&mut self, block: &[Stmt]) {
        block.iter().for_each(|it| self.statement(it));
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "all others are refused as a whole"
    )]
    fn statement(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::If(it) => {
                self.statements(&it.then);
                self.statements(it.otherwise.as_deref().unwrap_or(&[]));
            }
            StmtKind::For(it) => self.statements(&it.body),
            StmtKind::Topology(_) => self.doubt.header |= self.doubt.places.meet(stmt.span),
            StmtKind::Env(_) => self.doubt.params |= self.doubt.places.meet(stmt.span),
            // its attributes are evaluated one by one
            StmtKind::Network(it) => {
                if self.ambiguous.contains(&it.name.name) {
                    self.doubt.refused.insert(stmt.span);
                }
            }
            StmtKind::Node(it) | StmtKind::Existing(it) => self.node(stmt, it),
            StmtKind::Edge(_) | StmtKind::Addition(_) => {
                if self.doubt.places.meet(stmt.span) || self.mentions(stmt.span) {
                    self.doubt.refused.insert(stmt.span);
                    self.refuse(stmt.span, false);
                }
            }
            _ => {
                let name = crate::index::prepare::value_name(stmt).unwrap_or_default();
                if self.is_spoiled(stmt.span, name) {
                    self.doubt.refused.insert(stmt.span);
                }
            }
        }
    }

    /// A node whose head is wrong is none; one of whose entries is wrong may have any other in its stead.
    fn node(&mut self, stmt: &Stmt, decl: &NodeDecl) {
        let body = decl.body.span;
        let has_body = body.start < body.end && body.file == stmt.span.file;
        let end = if has_body { body.start } else { stmt.span.end };
        let head = Span::new(stmt.span.file, stmt.span.start, end);
        let is_spoiled = self.doubt.places.spoil(head)
            || self.ambiguous.contains(&decl.name.name)
            || self.mentions(stmt.span);
        if is_spoiled {
            self.doubt.refused.insert(stmt.span);
            self.doubt.nodes = true;
            self.refuse(stmt.span, false);
            return;
        }
        if !has_body || !self.doubt.places.meet(body) {
            return;
        }
        self.refuse(decl.name.span, false);
        let places: Vec<Span> = self.doubt.places.inside(body).collect();
        for place in places {
            let given = decl.body.attributes.iter().filter(|it| !it.short);
            let mut values = given.map(|it| it.value.span);
            if !values.any(|it| it.start <= place.start && place.end <= it.end) {
                self.doubt.open.insert(decl.name.span);
            }
        }
        for attribute in &decl.body.attributes {
            let whole = attribute.name.span.to(attribute.value.span);
            if self.doubt.places.meet(whole) {
                self.refuse(whole, false);
            }
        }
    }
}

/// What a declaration that others are made of is called.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "these declare what others are made of"
)]
fn meaning(stmt: &Stmt) -> Option<Ustr> {
    match &stmt.kind {
        StmtKind::Kind(it) => Some(it.name.name),
        StmtKind::Trait(it) => Some(it.name.name),
        StmtKind::EdgeDecl(it) => Some(it.verb.name),
        StmtKind::Type(it) => Some(it.name.name),
        StmtKind::Enum(it) => Some(it.name.name),
        StmtKind::Protocol(it) => Some(it.name.name),
        StmtKind::ResourceType(it) => words(&it.path.text()).last(),
        StmtKind::Let(it) if it.params.is_some() => Some(it.name.name),
        _ => None,
    }
}
