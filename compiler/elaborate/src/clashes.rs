//! Two resources that AWS would know by one name.
//!
//! A field of type `Name` is what AWS knows a resource by, among the others of its type and region. `@within(field)`
//! above it says that only those count that have the same `field`; `@shared`, that many may bear one name.

use indexmap::IndexMap;
use rustc_hash::FxHashMap as HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;

use topoc_diagnostics::{Code, Span};
use topoc_ir::{Resource, Value};
use topoc_syntax::ast::{ExprKind, FormKind, TypedField};
use ustr::Ustr;

use crate::errors;
use crate::index::TypeInfo;
use crate::session::Session;
use crate::types::Ty;

/// What tells names apart: the name space, the region, what `@within` names, the name.
type Known<'r> = (Ustr, Option<Ustr>, Option<&'r Value>, Ustr);

impl<'a> Session<'a> {
    /// Reports the names that two resources bear, once for each pair of nodes.
    pub(crate) fn name_clashes(&self, made: &[Resource]) {
        let mut taken: HashMap<Ustr, Vec<(Known<'_>, &Resource)>> = HashMap::default();
        let mut types: HashMap<Ustr, Rc<[NameField]>> = HashMap::default();
        let mut clashes: IndexMap<(Span, Span), Clash<'_>> = IndexMap::new();
        for resource in made {
            let fields = match types.entry(resource.ty) {
                Entry::Occupied(known) => known.get().clone(),
                Entry::Vacant(free) => free.insert(self.name_fields(resource.ty)).clone(),
            };
            for field in fields.iter() {
                let Some(known) = field.of(resource) else {
                    continue;
                };
                let same = taken.entry(known.3).or_default();
                let Some((_, first)) = same.iter().find(|it| it.0 == known) else {
                    same.push((known, resource));
                    continue;
                };
                let pair = (first.origin.span, resource.origin.span);
                let clash = Clash {
                    name: known.3,
                    both: [first, resource],
                };
                // the name that the program gives says more than what its kind makes of it
                if !clashes.contains_key(&pair) || self.given_at(resource, known.3).is_some() {
                    clashes.insert(pair, clash);
                }
            }
        }
        clashes.values().for_each(|it| self.report_clash(it));
    }

    /// The fields of a resource type that AWS knows its resources by.
    fn name_fields(&self, ty: Ustr) -> Rc<[NameField]> {
        let Some(info) = self.index.type_by_id(ty) else {
            return Rc::from([]);
        };
        let fields = info.decl.fields.iter().filter(|it| !it.constant);
        let named =
            fields.filter(|it| matches!(self.ty(&it.field.ty, info.file).present(), Ty::Name));
        named.filter_map(|it| name_field(info, it)).collect()
    }

    fn report_clash(&self, clash: &Clash<'_>) {
        let (name, [first, second]) = (clash.name, clash.both);
        let message = format!(
            "`{}` and `{}` would both be called \"{name}\" in AWS",
            first.id, second.id
        );
        let at = |it: &Resource| self.given_at(it, name).unwrap_or(it.origin.span);
        let report = errors::plain(Code::E0602, at(second), message, "the second one");
        let report = report.because(at(first), "the first one");
        self.report(report.help("give one of them another name"));
    }

    /// Where the program gives a resource this name.
    fn given_at(&self, resource: &Resource, name: Ustr) -> Option<Span> {
        self.owners(resource.id).into_iter().find_map(|node| {
            let inst = self.inst(topoc_ir::NodeId(node));
            let mut given = inst.given.iter();
            let given =
                given.find(|it| crate::eval::lookup::plain_text(&it.value) == Some(name))?;
            Some(given.value.span)
        })
    }
}

/// A name that two resources bear.
struct Clash<'r> {
    name: Ustr,
    both: [&'r Resource; 2],
}

/// A field that names.
struct NameField {
    name: Ustr,
    space: Ustr,
    within: Option<Ustr>,
}

impl NameField {
    /// What a resource is known by, if that is known when compiling.
    fn of<'r>(&self, resource: &'r Resource) -> Option<Known<'r>> {
        let value = |name: Ustr| {
            resource
                .fields
                .iter()
                .find(|it| it.0 == name)
                .map(|it| &it.1)
        };
        let Value::Text(text) = value(self.name)? else {
            return None;
        };
        let within = self.within.and_then(value);
        Some((self.space, resource.region, within, *text))
    }
}

fn name_field(info: &TypeInfo<'_>, field: &TypedField) -> Option<NameField> {
    if field
        .notes
        .iter()
        .any(|it| it.name.name.as_str() == "shared")
    {
        return None;
    }
    let mut notes = field.notes.iter();
    let within = notes.find(|it| it.name.name.as_str() == "within");
    let within = within.and_then(|it| match &it.args.first()?.value.kind {
        ExprKind::Name(name) => Some(*name),
        _ => None,
    });
    let name = field.field.name.name;
    Some(NameField {
        name,
        space: name_space(info, name),
        within,
    })
}

/// Types that are one in CloudFormation share their names: the instances of databases and of clusters.
fn name_space(info: &TypeInfo<'_>, field: Ustr) -> Ustr {
    let ty = info
        .decl
        .targets
        .cfn
        .as_ref()
        .and_then(|it| match &it.kind {
            FormKind::Path { path, .. } => Some(*path),
            _ => None,
        });
    let ty = ty.unwrap_or_else(|| info.decl.path.text());
    Ustr::from(&format!("{ty}.{field}"))
}
