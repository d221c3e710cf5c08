//! Kinds, traits, edges and resource types, prepared once when they are first asked for.

use std::rc::Rc;

use topoc_syntax::ast::{self, StmtKind};
use ustr::{Ustr, UstrMap};

use crate::checker::Checker;
use crate::names::{Value, What, walk};
use crate::ty::{FieldTy, Ty};

/// A kind with its types resolved.
#[derive(Debug)]
pub struct KindInfo<'a> {
    /// Its number in [`crate::Names::kinds`].
    pub number: u32,
    /// Its declaration.
    pub decl: &'a ast::Kind,
    /// `@…` above it.
    pub notes: &'a [ast::Note],
    /// Its file.
    pub file: usize,
    /// What a block may set, in source order.
    pub attributes: Vec<FieldTy<'a>>,
    /// Everything its body names: attributes, collectors, parts, resources, values.
    pub members: UstrMap<Value<'a>>,
    /// Collectors, those of its traits included.
    pub collectors: UstrMap<Ty<'a>>,
    /// Outputs, those of `existing` and of its traits included.
    pub outputs: UstrMap<OutputInfo<'a>>,
    /// `existing { … }`: the fields of the block and the types of outputs that may be stated.
    pub existing: Option<Vec<FieldTy<'a>>>,
    /// The traits it fulfils, where they are declared.
    pub traits: Vec<u32>,
    /// `acts as …`
    pub acts_as: Option<Ustr>,
    /// `is placed`, `is placed?`
    pub placed: Option<Placed>,
    /// `is principal`
    pub principal: bool,
}

/// Whether a kind must stand in subnets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placed {
    /// `placed`
    Always,
    /// `placed?`
    Maybe,
}

/// An output of a kind or trait.
#[derive(Clone, Debug)]
pub struct OutputInfo<'a> {
    /// Its type; [`Ty::Unknown`] if nothing says it.
    pub ty: Ty<'a>,
    /// The declaration that gives its value; the trait's if there is none.
    pub decl: &'a ast::Output,
}

/// A trait with its types resolved.
#[derive(Debug)]
pub struct TraitInfo<'a> {
    /// Its declaration.
    pub decl: &'a ast::Trait,
    /// Collectors.
    pub collectors: UstrMap<Ty<'a>>,
    /// Outputs, in source order.
    pub outputs: Vec<(Ustr, OutputInfo<'a>)>,
}

/// A resource or lookup type with its types resolved.
#[derive(Debug)]
pub struct ResourceInfo<'a> {
    /// Its declaration.
    pub decl: &'a ast::ResourceType,
    /// What a block may set.
    pub fields: Vec<FieldTy<'a>>,
    /// What others may read.
    pub outputs: UstrMap<Ty<'a>>,
}

impl<'a> KindInfo<'a> {
    /// The attribute of that name.
    pub fn attribute(&self, name: Ustr) -> Option<&FieldTy<'a>> {
        self.attributes.iter().find(|it| it.name == name)
    }
}

impl<'a> Checker<'a, '_> {
    /// The kind of that number.
    pub fn kind(&mut self, number: u32) -> Option<Rc<KindInfo<'a>>> {
        let index = number as usize;
        if let Some(Some(known)) = self.cache.kinds.get(index) {
            return Some(Rc::clone(known));
        }
        let info = Rc::new(self.make_kind(number)?);
        if let Some(slot) = self.cache.kinds.get_mut(index) {
            *slot = Some(Rc::clone(&info));
        }
        Some(info)
    }

    /// The parts of a kind in source order, each with the number of its own kind.
    pub fn parts_of(&self, kind: &KindInfo<'a>) -> Vec<(Ustr, u32)> {
        let mut parts: Vec<_> = kind.members.values().collect();
        parts.sort_by_key(|it| it.name.span);
        let parts = parts.into_iter().filter_map(|it| {
            let What::Node(decl) = it.what else {
                return None;
            };
            let path = decl.kind.as_ref()?;
            let found = self.names.find_path(kind.file, path, |it| &it.kinds);
            Some((it.name.name, found.first()?))
        });
        parts.collect()
    }

    fn make_kind(&mut self, number: u32) -> Option<KindInfo<'a>> {
        let entry = self.names.kinds.get(number as usize)?;
        let (decl, file) = (entry.decl, entry.file);
        let mut info = KindInfo {
            number,
            decl,
            notes: entry.notes,
            file,
            attributes: Vec::new(),
            members: UstrMap::default(),
            collectors: UstrMap::default(),
            outputs: UstrMap::default(),
            existing: None,
            traits: Vec::new(),
            acts_as: None,
            placed: None,
            principal: false,
        };
        self.traits_of(&mut info);
        for stmt in &decl.members {
            match &stmt.kind {
                StmtKind::Field(it) => info
                    .attributes
                    .push(self.field(it, file).noted(&stmt.notes)),
                StmtKind::Collect(it) => {
                    info.collectors
                        .insert(it.name.name, self.resolve(&it.ty, file));
                }
                StmtKind::Output(it) => self.output_of(it, file, &mut info.outputs),
                StmtKind::ActsAs(it) => info.acts_as = Some(it.name),
                StmtKind::ExistingBlock(block) => {
                    info.existing = Some(self.existing(block, file, &mut info.outputs))
                }
                _ => {}
            }
        }
        walk(&decl.members, file, &mut |value| {
            info.members.entry(value.name.name).or_insert(value);
        });
        Some(info)
    }

    fn output_of(
        &mut self,
        it: &'a ast::Output,
        file: usize,
        outputs: &mut UstrMap<OutputInfo<'a>>,
    ) {
        let promised = outputs.get(&it.name.name).map(|it| it.ty.clone());
        let ty = match &it.ty {
            Some(ty) => self.resolve(ty, file),
            None => promised.unwrap_or(Ty::Unknown),
        };
        outputs.insert(it.name.name, OutputInfo { ty, decl: it });
    }

    fn existing(
        &mut self,
        block: &'a [ast::Stmt],
        file: usize,
        outputs: &mut UstrMap<OutputInfo<'a>>,
    ) -> Vec<FieldTy<'a>> {
        let mut fields = Vec::new();
        for stmt in block {
            if let StmtKind::Field(it) = &stmt.kind {
                fields.push(self.field(it, file));
            } else if let StmtKind::Output(it) = &stmt.kind {
                if !outputs.contains_key(&it.name.name) {
                    self.output_of(it, file, outputs);
                }
                let ty = it
                    .ty
                    .as_ref()
                    .map_or(Ty::Unknown, |ty| self.resolve(ty, file));
                fields.push(FieldTy {
                    name: it.name.name,
                    ty,
                    required: false,
                    refinement: None,
                    span: Some(it.name.span),
                    notes: &[],
                    default: None,
                });
            }
        }
        fields
    }

    fn traits_of(&mut self, info: &mut KindInfo<'a>) {
        for (path, optional) in &info.decl.traits {
            match path.text().as_str() {
                "placed" => {
                    info.placed = Some(if *optional {
                        Placed::Maybe
                    } else {
                        Placed::Always
                    })
                }
                "principal" => {
                    info.principal = true;
                    info.collectors.insert("grants".into(), Ty::Unknown);
                }
                _ => {}
            }
            let Some(number) = self
                .names
                .find_path(info.file, path, |it| &it.traits)
                .first()
            else {
                continue;
            };
            info.traits.push(number);
            if let Some(promised) = self.trait_info(number) {
                info.collectors.extend(
                    promised
                        .collectors
                        .iter()
                        .map(|(name, ty)| (*name, ty.clone())),
                );
                info.outputs.extend(promised.outputs.iter().cloned());
            }
        }
    }

    /// The trait of that number.
    pub fn trait_info(&mut self, number: u32) -> Option<Rc<TraitInfo<'a>>> {
        let index = number as usize;
        if let Some(Some(known)) = self.cache.traits.get(index) {
            return Some(Rc::clone(known));
        }
        let entry = self.names.traits.get(index)?;
        let (decl, file) = (entry.decl, entry.file);
        let mut info = TraitInfo {
            decl,
            collectors: UstrMap::default(),
            outputs: Vec::new(),
        };
        for stmt in &decl.members {
            if let StmtKind::Collect(it) = &stmt.kind {
                info.collectors
                    .insert(it.name.name, self.resolve(&it.ty, file));
            } else if let StmtKind::Output(it) = &stmt.kind {
                let ty = it
                    .ty
                    .as_ref()
                    .map_or(Ty::Unknown, |ty| self.resolve(ty, file));
                info.outputs
                    .push((it.name.name, OutputInfo { ty, decl: it }));
            }
        }
        let info = Rc::new(info);
        if let Some(slot) = self.cache.traits.get_mut(index) {
            *slot = Some(Rc::clone(&info));
        }
        Some(info)
    }

    /// The resource or lookup type of that number.
    pub fn resource_type(&mut self, number: u32) -> Option<Rc<ResourceInfo<'a>>> {
        let index = number as usize;
        if let Some(Some(known)) = self.cache.resource_types.get(index) {
            return Some(Rc::clone(known));
        }
        let entry = self.names.resource_types.get(index)?;
        let (decl, file) = (entry.decl, entry.file);
        let mut info = ResourceInfo {
            decl,
            fields: Vec::new(),
            outputs: UstrMap::default(),
        };
        for typed in decl.fields.iter().filter(|it| !it.constant) {
            info.fields.push(self.field(&typed.field, file));
        }
        for (_, output) in &decl.outputs {
            let ty = output
                .ty
                .as_ref()
                .map_or(Ty::Unknown, |ty| self.resolve(ty, file));
            info.outputs.insert(output.name.name, ty);
        }
        let info = Rc::new(info);
        if let Some(slot) = self.cache.resource_types.get_mut(index) {
            *slot = Some(Rc::clone(&info));
        }
        Some(info)
    }

    /// The fields of a declared record type.
    pub fn record_fields(&mut self, number: u32) -> Rc<[FieldTy<'a>]> {
        let index = number as usize;
        if let Some(Some(known)) = self.cache.records.get(index) {
            return Rc::clone(known);
        }
        let fields: Rc<[FieldTy<'a>]> = match self.names.records.get(index) {
            Some(entry) => entry
                .decl
                .record
                .fields
                .iter()
                .map(|it| self.field(it, entry.file))
                .collect(),
            None => Rc::from([]),
        };
        if let Some(slot) = self.cache.records.get_mut(index) {
            *slot = Some(Rc::clone(&fields));
        }
        fields
    }

    /// A field with its type resolved.
    pub fn field(&mut self, field: &'a ast::Field, file: usize) -> FieldTy<'a> {
        let ty = self.resolve(&field.ty, file);
        let required = field.default.is_none() && !field.ty.optional && !matches!(ty, Ty::Tags);
        FieldTy {
            name: field.name.name,
            ty,
            required,
            refinement: field.refinement.as_ref(),
            span: Some(field.name.span),
            notes: &[],
            default: field.default.as_ref(),
        }
    }
}
