//! A resource type, prepared for one target.

use std::cell::OnceCell;
use std::rc::Rc;

use topoc_diagnostics::{Code, Span};
use topoc_ir::{Doc, Reference, Resource, Target};
use topoc_syntax::ast::{self, Expr, Form, FormKind, Shape, Spelling};
use ustr::{Ustr, UstrMap};

use super::Speller;
use super::path::{self, Path};
use crate::errors;
use crate::finish::input_type;
use crate::index::{TypeInfo, name_of};
use crate::types::{RecordOf, Ty};

/// How a resource type is spelled in the target.
pub(crate) struct Plan<'a> {
    /// The target's type; of a lookup in CloudFormation the parameter's.
    pub(crate) ty: Ustr,
    pub(crate) file: usize,
    /// The field that holds the owner, and where in it.
    pub(crate) part_of: Option<(Ustr, Path)>,
    pub(crate) fields: Vec<FieldPlan<'a>>,
    pub(crate) tags: Option<TagPlan>,
    pub(crate) outputs: UstrMap<OutputPlan<'a>>,
    /// The physical name is a field.
    pub(crate) has_name: bool,
}

/// How the tags are spelled.
pub(crate) struct TagPlan {
    pub(crate) path: Path,
    /// A map in CloudFormation too.
    pub(crate) map: bool,
}

/// How an output is read.
pub(crate) struct OutputPlan<'a> {
    pub(crate) reference: Reference,
    /// Its type, where it is no text.
    pub(crate) ty: Option<Ustr>,
    /// Lookups in CloudFormation: the type of the parameter.
    pub(crate) parameter: Option<Ustr>,
    /// Lookups in CloudFormation: `parameter { default = EXPR }` of the lookup, `it`.
    pub(crate) default: Option<&'a Expr>,
}

/// How a field is spelled.
pub(crate) struct FieldPlan<'a> {
    pub(crate) name: Ustr,
    pub(crate) ty: Ty<'a>,
    pub(crate) shared: Option<&'a Expr>,
    pub(crate) place: Place<'a>,
    pub(crate) default: Option<&'a Expr>,
    pub(crate) span: Span,
    /// `{ cfn = default }` of a lookup.
    pub(crate) is_default: bool,
    /// What the default gives, computed once.
    pub(crate) default_doc: OnceCell<Vec<(Path, Doc)>>,
}

/// Where the field goes in this target.
pub(crate) enum Place<'a> {
    Path {
        path: Path,
        shape: Shape,
        convert: Option<&'a Expr>,
    },
    Spread(Vec<(Path, &'a Expr)>),
    Nowhere,
}

impl<'a> Speller<'_, 'a> {
    /// The plan of a resource's type, or `None` where this target has no such thing (reported).
    pub(crate) fn plan_of(&self, resource: &'a Resource) -> Option<Rc<Plan<'a>>> {
        if resource.ty.as_str() == "raw" {
            return raw_plan(resource, self.target);
        }
        let plan = self.plan(resource.ty);
        if plan.is_none() {
            self.report_absent(resource);
        }
        plan
    }

    pub(crate) fn plan(&self, ty: Ustr) -> Option<Rc<Plan<'a>>> {
        if let Some(known) = self.plans.borrow().get(&ty) {
            return known.clone();
        }
        let plan = self
            .type_info(ty)
            .and_then(|info| self.prepare(&info))
            .map(Rc::new);
        self.plans.borrow_mut().insert(ty, plan.clone());
        plan
    }

    fn type_info(&self, ty: Ustr) -> Option<Rc<TypeInfo<'a>>> {
        self.session.index.type_by_id(ty).cloned()
    }

    fn report_absent(&self, resource: &Resource) {
        let why = self.type_info(resource.ty).and_then(|info| {
            match self.form(&info.decl.targets).map(|it| &it.kind) {
                Some(FormKind::None(reason)) => Some(reason.to_string()),
                _ => None,
            }
        });
        let message = format!("{} has no `{}`", self.target.title(), name_of(resource.ty));
        let report = errors::plain(Code::E0604, resource.origin.span, message, "needs one");
        self.session.report(report.help_opt(why));
    }

    /// A resource of the program that its author left out here, and something that reads it.
    pub(crate) fn report_raw(&self, resource: &Resource) {
        let mut forms = resource.extra.iter();
        let reason = match forms.find(|(word, _)| word.as_str() == self.target.word()) {
            Some((_, topoc_ir::Value::Text(reason))) => Some(reason.to_string()),
            _ => None,
        };
        let target = self.target.title();
        let message = format!(
            "{target} has no `{}`, of which something is read",
            resource.id
        );
        let label = format!("not made in {target}");
        let report = errors::plain(Code::E0604, resource.origin.span, message, label);
        self.session.report(report.help_opt(reason));
    }

    fn prepare(&self, info: &TypeInfo<'a>) -> Option<Plan<'a>> {
        let form = self.form(&info.decl.targets)?;
        let (ty, part_of) = match &form.kind {
            FormKind::Path { path, .. } => (*path, None),
            FormKind::PartOf { field, path } => {
                (ustr::name!(""), Some((field.name, self.part_path(path))))
            }
            FormKind::Parameter { ty, .. } => (ty.unwrap_or_else(|| ustr::name!("String")), None),
            FormKind::Spread(_) | FormKind::Ref | FormKind::Default | FormKind::None(_) => {
                return None;
            }
        };
        let mut fields = Vec::with_capacity(info.decl.fields.len());
        let mut tags = None;
        let mut has_name = false;
        for typed in &info.decl.fields {
            let ty = self.session.ty(&typed.field.ty, info.file);
            has_name |= matches!(ty.present(), Ty::Name);
            if matches!(ty, Ty::Tags) {
                tags = self.tag_plan(&typed.field);
                continue;
            }
            let owner = part_of
                .as_ref()
                .is_some_and(|(field, _)| *field == typed.field.name.name);
            let plan = self.field_plan(&typed.field, ty);
            fields.push(if owner {
                FieldPlan {
                    place: Place::Nowhere,
                    ..plan
                }
            } else {
                plan
            });
        }
        let outputs = info
            .decl
            .outputs
            .iter()
            .map(|(_, it)| (it.name.name, self.output_plan(it, form, info.file)))
            .collect();
        Some(Plan {
            ty,
            file: info.file,
            part_of,
            fields,
            tags,
            outputs,
            has_name,
        })
    }

    /// Parts of a resource keep the convention of their target.
    fn part_path(&self, text: &str) -> Path {
        path::parse(text)
    }

    fn tag_plan(&self, field: &'a ast::Field) -> Option<TagPlan> {
        let default = if self.target == Target::Cfn {
            "Tags"
        } else {
            "tags"
        };
        let form = field.spelling.as_ref().and_then(|it| self.form(it));
        match form.map(|it| &it.kind) {
            None => Some(TagPlan {
                path: path::parse(default),
                map: self.target != Target::Cfn,
            }),
            Some(FormKind::Path { path, shape, .. }) => {
                let map = self.target != Target::Cfn || *shape == Shape::Attribute;
                Some(TagPlan {
                    path: path::parse(path),
                    map,
                })
            }
            Some(_) => None,
        }
    }

    /// The form that this target's spelling takes; Pulumi's follows terraform's.
    fn form<'f>(&self, spelling: &'f Spelling) -> Option<&'f Form> {
        match self.target {
            Target::Cfn => spelling.cfn.as_ref(),
            Target::Terraform => spelling.terraform.as_ref(),
            Target::Pulumi => spelling.pulumi.as_ref(),
        }
    }

    pub(crate) fn field_plan(&self, field: &'a ast::Field, ty: Ty<'a>) -> FieldPlan<'a> {
        let own = field.spelling.as_ref().and_then(|it| self.form(it));
        let mut place = match own {
            Some(form) => self.place(form, field.name.name, false),
            None => match (
                self.target,
                field.spelling.as_ref().and_then(|it| it.terraform.as_ref()),
            ) {
                (Target::Pulumi, Some(terraform)) => self.place(terraform, field.name.name, true),
                _ => self.conventional(field.name.name),
            },
        };
        // Pulumi takes terraform's conversion unless it has its own
        if let (
            Target::Pulumi,
            Some(_),
            Place::Path {
                convert: convert @ None,
                ..
            },
        ) = (self.target, own, &mut place)
            && let Some(FormKind::Path {
                convert: Some(terraform),
                ..
            }) = field
                .spelling
                .as_ref()
                .and_then(|it| it.terraform.as_ref())
                .map(|it| &it.kind)
        {
            *convert = Some(terraform);
        }
        let is_default = own.is_some_and(|it| matches!(it.kind, FormKind::Default));
        FieldPlan {
            name: field.name.name,
            ty,
            shared: field.convert.as_ref(),
            place,
            default: field.default.as_ref(),
            span: field.name.span,
            is_default,
            default_doc: OnceCell::new(),
        }
    }

    fn conventional(&self, name: Ustr) -> Place<'a> {
        let text = match self.target {
            Target::Cfn => path::pascal(&name),
            Target::Terraform => name.to_string(),
            Target::Pulumi => path::camel(&name),
        };
        Place::Path {
            path: path::parse(&text),
            shape: Shape::Natural,
            convert: None,
        }
    }

    fn place(&self, form: &'a Form, name: Ustr, recase: bool) -> Place<'a> {
        let read = |text: &str| {
            path::parse(&if recase {
                path::camel(text)
            } else {
                text.to_owned()
            })
        };
        match &form.kind {
            FormKind::Path {
                shape,
                path,
                convert,
            } => Place::Path {
                path: read(path),
                shape: *shape,
                convert: convert.as_ref(),
            },
            FormKind::Spread(body) => {
                let entry = |it: &'a ast::Attribute| {
                    let name = it.name.name.as_str();
                    if self.target == Target::Pulumi {
                        (path::parse(&path::camel(name)), &it.value)
                    } else {
                        (path::parse(name), &it.value)
                    }
                };
                Place::Spread(body.attributes.iter().map(entry).collect())
            }
            FormKind::Ref => self.conventional(name),
            FormKind::PartOf { .. }
            | FormKind::Parameter { .. }
            | FormKind::Default
            | FormKind::None(_) => Place::Nowhere,
        }
    }

    fn output_plan(
        &self,
        output: &'a ast::Output,
        type_form: &Form,
        file: usize,
    ) -> OutputPlan<'a> {
        let own = output.spelling.as_ref().and_then(|it| self.form(it));
        let terraform = output
            .spelling
            .as_ref()
            .and_then(|it| it.terraform.as_ref());
        let name = output.name.name;
        let lookup = matches!(type_form.kind, FormKind::Parameter { .. });
        let parameter = lookup.then(|| match (own.map(|it| &it.kind), &type_form.kind) {
            (Some(FormKind::Parameter { ty: Some(ty), .. }), _)
            | (_, FormKind::Parameter { ty: Some(ty), .. }) => *ty,
            _ => ustr::name!("String"),
        });
        let reference = match (own.map(|it| &it.kind), terraform.map(|it| &it.kind)) {
            _ if lookup => Reference::Path(name),
            (Some(FormKind::Ref), _) => Reference::Id,
            (
                Some(FormKind::Path {
                    path,
                    shape: Shape::Set,
                    ..
                }),
                _,
            ) if self.target == Target::Terraform => Reference::Path(splat(path)),
            (Some(FormKind::Path { path, .. }), _) => Reference::Path(*path),
            (None, Some(FormKind::Path { path, .. })) if self.target == Target::Pulumi => {
                Reference::Path(Ustr::from(&path::camel(path)))
            }
            (None, Some(FormKind::Ref)) if self.target == Target::Pulumi => Reference::Id,
            _ if name.as_str() == "id" => match self.target {
                Target::Cfn => Reference::Path(ustr::name!("Id")),
                Target::Terraform | Target::Pulumi => Reference::Id,
            },
            _ => Reference::Path(Ustr::from(&match self.target {
                Target::Cfn => path::pascal(&name),
                Target::Terraform => name.to_string(),
                Target::Pulumi => path::camel(&name),
            })),
        };
        let default = match own.map(|it| &it.kind) {
            Some(FormKind::Parameter {
                body: Some(body), ..
            }) => body
                .attributes
                .iter()
                .find(|it| it.name.name.as_str() == "default")
                .map(|it| &it.value),
            _ => None,
        };
        let ty = output.ty.as_ref();
        let ty = ty.map(|it| input_type(&self.session.ty(it, file)));
        OutputPlan {
            reference: indexed(reference),
            ty: ty
                .filter(|it| !matches!(it.as_str(), "String" | "Secret"))
                .map(|it| Ustr::from(&it)),
            parameter,
            default,
        }
    }

    /// The fields of a record type that spell themselves, if any does.
    pub(crate) fn record_plan(&self, of: &'a RecordOf<'a>) -> Option<Vec<FieldPlan<'a>>> {
        let special = of
            .record
            .fields
            .iter()
            .any(|it| it.convert.is_some() || it.spelling.is_some());
        special.then(|| {
            let plan =
                |field: &'a ast::Field| self.field_plan(field, self.session.ty(&field.ty, of.file));
            of.record.fields.iter().map(plan).collect()
        })
    }
}

/// The only element of a set has no index: `a[].b` is read as `a.*.b[0]`.
fn splat(path: &str) -> Ustr {
    match path.contains("[]") {
        true => Ustr::from(&format!("{}[0]", path.replacen("[]", ".*", 1))),
        false => Ustr::from(path),
    }
}

/// `a[].b` is read as `a[0].b`.
fn indexed(reference: Reference) -> Reference {
    match reference {
        Reference::Path(path) if path.contains("[]") => {
            Reference::Path(Ustr::from(&path.replace("[]", "[0]")))
        }
        other => other,
    }
}

fn raw_plan<'a>(resource: &Resource, target: Target) -> Option<Rc<Plan<'a>>> {
    let (_, form) = resource
        .extra
        .iter()
        .find(|(word, _)| word.as_str() == target.word())?;
    let topoc_ir::Value::Record(form) = form else {
        return None;
    };
    let Some(topoc_ir::Value::Text(ty)) = form.get(&ustr::name!("type")) else {
        return None;
    };
    Some(Rc::new(Plan {
        ty: *ty,
        file: 0,
        part_of: None,
        fields: Vec::new(),
        tags: None,
        outputs: UstrMap::default(),
        has_name: true,
    }))
}
