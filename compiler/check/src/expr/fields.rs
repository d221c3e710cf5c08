//! Reading fields: of nodes, places, records, measures, and names of name spaces.

use topoc_syntax::ast::{self, Expr, ExprKind, Ident};
use ustr::Ustr;

use crate::checker::Checker;
use crate::names::What;
use crate::scope::Home;
use crate::ty::{Shape, Ty};
use crate::{errors, suggest, types};

/// What reading a field gives.
enum Read<'a> {
    /// Its type.
    Ty(Ty<'a>),
    /// There is none; these there are.
    Unknown(Vec<Ustr>),
}

impl<'a> Checker<'a, '_> {
    /// The type of `base.name`.
    pub fn infer_field(
        &mut self,
        expr: &'a Expr,
        base: &'a Expr,
        name: Ident,
        through_none: bool,
    ) -> Ty<'a> {
        if let Some(ty) = self.qualified(base, name) {
            return ty;
        }
        if matches!(base.kind, ExprKind::SelfNode) {
            return self.self_field(expr, name);
        }
        let outer = self.reading.replace(name.name);
        let of = self.infer(base);
        self.reading = outer;
        let of = match of {
            Ty::Optional(inner) if through_none => return self.read(base, &inner, name).optional(),
            Ty::Optional(inner) => {
                self.report(errors::optional_value(
                    base.span,
                    &self.print(&inner),
                    &self.text_of(base),
                ));
                self.silently(|it| it.read(base, &inner, name));
                return Ty::Unknown;
            }
            present => present,
        };
        if self.reads_part(base, &of, name) {
            return Ty::Unknown;
        }
        let ty = self.read(base, &of, name);
        self.narrowed(expr, ty)
    }

    /// Reports a part of a node that is read from outside of its kind.
    fn reads_part(&mut self, base: &Expr, of: &Ty<'a>, name: Ident) -> bool {
        let (Home::File, Ty::Node(number)) = (&self.scope.home, of) else {
            return false;
        };
        let Some(kind) = self.kind(*number) else {
            return false;
        };
        let is_shown = kind.attribute(name.name).is_some() || kind.outputs.contains_key(&name.name);
        let Some(part) = kind.members.get(&name.name).filter(|_| !is_shown) else {
            return false;
        };
        let ty = match part.what {
            What::Node(it) => it.kind.as_ref().map(|it| it.text().to_string()),
            What::Resource(_) | What::Network(_) => None,
            _ => return false,
        };
        let ty = ty.filter(|_| !self.names.is_library(kind.file));
        let node = self.text_of(base);
        let report = errors::inside_kind(name, &node, &kind.decl.name.name, ty.as_deref());
        let shown = self.reading.filter(|it| kind.outputs.contains_key(it));
        self.report(report.help_opt(shown.map(|it| format!("did you mean `{node}.{it}`?"))));
        true
    }

    /// `T?` as `T` where it is known to be present.
    pub fn narrowed(&self, expr: &Expr, ty: Ty<'a>) -> Ty<'a> {
        match ty {
            Ty::Optional(inner) if self.scope.facts.is_present(expr) => (*inner).clone(),
            other => other,
        }
    }

    fn self_field(&mut self, expr: &'a Expr, name: Ident) -> Ty<'a> {
        let kind = match &self.scope.home {
            Home::Kind(kind) => kind.clone(),
            Home::Edge(_) => {
                return if name.name == "name" {
                    Ty::Name
                } else {
                    Ty::Unknown
                };
            }
            Home::File => {
                self.report(errors::no_self(expr.span));
                return Ty::Unknown;
            }
        };
        if let Some(value) = kind
            .members
            .get(&name.name)
            .filter(|it| matches!(it.what, What::Attribute(_)))
        {
            let ty = self.declared_type(value);
            return self.narrowed(expr, ty);
        }
        if let Some(output) = kind.outputs.get(&name.name) {
            return self.narrowed(expr, output.ty.clone());
        }
        if let Some(ty) = kind.collectors.get(&name.name) {
            return ty.clone();
        }
        match name.name.as_str() {
            "name" => Ty::Name,
            "place" if kind.placed == Some(crate::kinds::Placed::Maybe) => {
                self.narrowed(expr, Ty::Subnet.optional())
            }
            "place" => Ty::Subnet,
            "zones" => Ty::Zones,
            "network" => Ty::Network,
            "group" => Ty::Group,
            _ => Ty::Unknown,
        }
    }

    fn read(&mut self, base: &'a Expr, of: &Ty<'a>, name: Ident) -> Ty<'a> {
        match self.field_of(of, name.name) {
            Read::Ty(ty) => ty,
            Read::Unknown(known) => {
                let near = suggest::nearest(&name.name, known.iter().copied());
                let whose = self.whose(base, of);
                let near = near
                    .or_else(|| self.spelled_output(of, name.name))
                    .or_else(|| suggest::part_of(&name.name, &known));
                let attributes = self.attributes_of(of);
                let known = match of {
                    Ty::NetworkOf(it) => it.subnets.iter().map(|it| it.name.name).collect(),
                    Ty::Node(number) => self.kind(*number).map_or(known, |kind| {
                        let outputs = kind.outputs.keys().copied();
                        let shown = outputs.filter(|it| !self.is_promise(&kind, *it));
                        shown.chain([Ustr::from("name")]).collect()
                    }),
                    _ => known,
                };
                let said = self.said_of_field(of, base, name.name);
                let near = near.filter(|_| said.is_none());
                let missing = Ustr::from(&format!("{whose}.{}", name.name));
                if !self.is_first_use(missing, name.span) {
                    return Ty::Unknown;
                }
                let report = errors::unknown_field(name, &whose, near, &known);
                let help = said.or_else(|| attributes.filter(|_| near.is_none()));
                self.report(report.help_opt(help));
                Ty::Unknown
            }
        }
    }

    /// What the kind says of a word that cannot be read of its nodes.
    fn said_of_field(&mut self, of: &Ty<'a>, base: &Expr, name: Ustr) -> Option<String> {
        let Ty::Node(number) = of else { return None };
        let notes = self.kind(*number)?.notes;
        ast::help_for_word(notes, &name, &self.text_of(base))
    }

    /// The attributes that can be read too, unless they are many.
    fn attributes_of(&mut self, of: &Ty<'a>) -> Option<String> {
        let Ty::Node(number) = of else { return None };
        let kind = self.kind(*number)?;
        let names: Vec<Ustr> = kind.attributes.iter().map(|it| it.name).collect();
        let others: Vec<Ustr> = names.into_iter().filter(|it| *it != "name").collect();
        suggest::choices(&others).map(|it| format!("its attributes can be read, too: {it}"))
    }

    /// The output that a target calls so.
    fn spelled_output(&mut self, of: &Ty<'a>, name: Ustr) -> Option<Ustr> {
        let Ty::Node(number) = of else { return None };
        let kind = self.kind(*number)?;
        let (_, program) = self.lost.as_ref()?;
        let near = suggest::spelled_as(&program.files.get(kind.file)?.text, &name)?;
        kind.outputs.contains_key(&near).then_some(near)
    }

    /// Whether an output is there for the edges of a trait rather than for people.
    fn is_promise(&self, kind: &crate::kinds::KindInfo<'a>, name: Ustr) -> bool {
        kind.traits.iter().any(|it| {
            let decl = self.names.traits.get(*it as usize);
            decl.is_some_and(|it| {
                it.decl.members.iter().any(
                    |it| matches!(&it.kind, topoc_syntax::ast::StmtKind::Output(output) if output.name.name == name),
                )
            })
        })
    }

    /// How a message calls the owner of a field.
    fn whose(&self, base: &Expr, of: &Ty<'a>) -> String {
        match of {
            Ty::Map(inner) if matches!(inner.present(), Ty::Node(_)) => {
                format!(
                    "`{0}`, which is a family: one of them is `{0}[\"…\"]`",
                    self.text_of(base)
                )
            }
            Ty::Node(_) | Ty::Network | Ty::NetworkOf(_) | Ty::ResourceOf(_) | Ty::Trait(_) => {
                format!("{} `{}`", self.print(of), self.text_of(base))
            }
            _ => self.print(of),
        }
    }

    fn field_of(&mut self, of: &Ty<'a>, name: Ustr) -> Read<'a> {
        match of {
            Ty::Node(number) => self.node_field(*number, name),
            Ty::AnyOf(numbers) => match numbers.first() {
                Some(first) => self.node_field(*first, name),
                None => Read::Ty(Ty::Unknown),
            },
            Ty::Trait(number) => self.trait_field(*number, name),
            Ty::ResourceOf(number) => self.resource_field(*number, name),
            Ty::Record(number) => {
                let fields = self.record_fields(*number);
                named(fields.iter().map(|it| (it.name, it.ty.clone())), name)
            }
            Ty::Inline(fields) => named(fields.iter().map(|it| (it.name, it.ty.clone())), name),
            Ty::NetworkOf(network) => Self::network_field(network, name),
            Ty::Map(inner) if matches!(inner.present(), Ty::Node(_)) => Read::Unknown(Vec::new()),
            Ty::Topology => {
                let text = ["name", "prefix"].map(|it| (it, Ty::String));
                listed(
                    text.into_iter().chain([
                        ("region", Ty::Shaped(Shape::Region)),
                        ("account", Ty::String),
                        ("tags", Ty::String.map()),
                    ]),
                    name,
                )
            }
            Ty::Aws => listed(
                [
                    ("region", Ty::Shaped(Shape::Region)),
                    ("partition", Ty::String),
                    ("account", Ty::String),
                    ("url_suffix", Ty::String),
                    ("dns_suffix", Ty::String),
                ],
                name,
            ),
            Ty::Duration => listed(
                ["seconds", "minutes", "hours", "days", "ms"].map(|it| (it, Ty::Int)),
                name,
            ),
            Ty::Size => listed(
                ["bytes", "kib", "mib", "gib", "tib"].map(|it| (it, Ty::Int)),
                name,
            ),
            Ty::Range(inner) => listed(
                [("low", (**inner).clone()), ("high", (**inner).clone())],
                name,
            ),
            Ty::Shaped(Shape::Image) => {
                let repository = self.names.library.kinds.get(&"repository".into()).copied();
                let repository = repository.map_or(Ty::Unknown, Ty::Node).optional();
                let stated = Ty::String.optional();
                listed(
                    [
                        ("uri", Ty::String),
                        ("repository", repository),
                        ("stated", stated),
                    ],
                    name,
                )
            }
            Ty::Secret => listed(
                [
                    ("arn", Ty::Shaped(Shape::Arn)),
                    ("field", Ty::String.optional()),
                    ("kept", Ty::Bool),
                ],
                name,
            ),
            Ty::Subnet => listed(
                [
                    ("tier", types::words("Tier").unwrap_or(Ty::Unknown)),
                    ("zones", Ty::Zones),
                    ("network", Ty::Network),
                ]
                .into_iter()
                .chain(
                    [
                        "id", "ids", "cidr", "cidrs", "tables", "table", "zone", "name", "arn",
                    ]
                    .map(|it| (it, Ty::Unknown)),
                ),
                name,
            ),
            Ty::Bool
            | Ty::Int
            | Ty::WholeNumber
            | Ty::Float
            | Ty::String
            | Ty::Shaped(Shape::Arn | Shape::Region | Shape::Schedule)
            | Ty::Name
            | Ty::List(_)
            | Ty::Enum(_)
            | Ty::Members(_)
            | Ty::Words(..) => Read::Unknown(Vec::new()),
            Ty::Unknown
            | Ty::Absent
            | Ty::Percent
            | Ty::Cidr
            | Ty::Port
            | Ty::Protocol
            | Ty::Zone
            | Ty::Zones
            | Ty::Json
            | Ty::Document
            | Ty::Asset
            | Ty::Tags
            | Ty::Resource
            | Ty::Map(_)
            | Ty::Optional(_)
            | Ty::Network
            | Ty::Group
            | Ty::External
            | Ty::Endpoints
            | Ty::Env
            | Ty::Internet => Read::Ty(Ty::Unknown),
        }
    }

    fn node_field(&mut self, number: u32, name: Ustr) -> Read<'a> {
        let Some(kind) = self.kind(number) else {
            return Read::Ty(Ty::Unknown);
        };
        if let Some(attribute) = kind.attribute(name) {
            // what stands behind a default is always there, `T? = none` aside
            return Read::Ty(attribute.ty.clone());
        }
        if let Some(output) = kind.outputs.get(&name) {
            return Read::Ty(output.ty.clone());
        }
        if let Some(ty) = kind.collectors.get(&name) {
            return Read::Ty(ty.clone());
        }
        let placed = matches!(
            name.as_str(),
            "group" | "subnets" | "wears" | "groups" | "ids"
        );
        match name.as_str() {
            "name" | "tags" => return Read::Ty(Ty::Unknown),
            "place" if kind.placed.is_some() => return Read::Ty(Ty::Subnet),
            "zones" if kind.placed.is_some() => return Read::Ty(Ty::Zones),
            "network" if kind.placed.is_some() => return Read::Ty(Ty::Network),
            _ if placed && kind.placed.is_some() => return Read::Ty(Ty::Unknown),
            _ => {}
        }
        if kind.members.get(&name).is_some_and(|it| {
            matches!(
                it.what,
                What::Node(_) | What::Resource(_) | What::Network(_)
            )
        }) {
            return Read::Ty(Ty::Unknown);
        }
        if let Some(existing) = &kind.existing
            && let Some(field) = existing.iter().find(|it| it.name == name)
        {
            return Read::Ty(field.ty.clone());
        }
        let mut known: Vec<Ustr> = kind.attributes.iter().map(|it| it.name).collect();
        known.extend(kind.outputs.keys());
        if kind.attribute("name".into()).is_none() {
            known.push("name".into());
        }
        Read::Unknown(known)
    }

    fn trait_field(&mut self, number: u32, name: Ustr) -> Read<'a> {
        let Some(info) = self.trait_info(number) else {
            return Read::Ty(Ty::Unknown);
        };
        if let Some(ty) = info.collectors.get(&name) {
            return Read::Ty(ty.clone());
        }
        if name == "name" {
            return Read::Ty(Ty::String);
        }
        named(
            info.outputs.iter().map(|(name, it)| (*name, it.ty.clone())),
            name,
        )
    }

    fn resource_field(&mut self, number: u32, name: Ustr) -> Read<'a> {
        let Some(info) = self.resource_type(number) else {
            return Read::Ty(Ty::Unknown);
        };
        if let Some(ty) = info.outputs.get(&name) {
            return Read::Ty(ty.clone());
        }
        if name == "id" {
            return Read::Ty(Ty::String);
        }
        let known = info.fields.iter().map(|it| (it.name, it.ty.clone()));
        match named(known, name) {
            Read::Unknown(mut known) => {
                known.extend(info.outputs.keys());
                Read::Unknown(known)
            }
            found => found,
        }
    }

    fn network_field(network: &'a topoc_syntax::ast::Network, name: Ustr) -> Read<'a> {
        let subnets = network.subnets.iter().map(|it| (it.name.name, Ty::Subnet));
        let endpoints = network
            .endpoints
            .iter()
            .map(|it| (it.name.name, Ty::Endpoints));
        let tables = network.tables.iter().map(|it| (it.name.name, Ty::Unknown));
        let own = [
            ("id", Ty::Unknown),
            ("cidr", Ty::Cidr),
            ("ipv6_cidr", Ty::Cidr),
            ("zones", Ty::Zones),
            ("more", Ty::Cidr.list()),
            ("ranges", Ty::Cidr.list()),
            ("nat", Ty::Unknown),
            ("name", Ty::String),
            ("flow_logs", Ty::Unknown),
        ];
        named(
            subnets
                .chain(endpoints)
                .chain(tables)
                .chain(own.map(|(name, ty)| (Ustr::from(name), ty))),
            name,
        )
    }
}

fn named<'a>(fields: impl Iterator<Item = (Ustr, Ty<'a>)> + Clone, name: Ustr) -> Read<'a> {
    match fields.clone().find(|(it, _)| *it == name) {
        Some((_, ty)) => Read::Ty(ty),
        None => Read::Unknown(fields.map(|(it, _)| it).collect()),
    }
}

fn listed<'a>(fields: impl IntoIterator<Item = (&'static str, Ty<'a>)>, name: Ustr) -> Read<'a> {
    let fields: Vec<(Ustr, Ty<'a>)> = fields
        .into_iter()
        .map(|(name, ty)| (Ustr::from(name), ty))
        .collect();
    named(fields.into_iter(), name)
}
