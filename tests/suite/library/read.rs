//! Files → cards.

use std::path::{Path, PathBuf};

use topoc_diagnostics::{Diagnostics, FileId};
use topoc_syntax::ast::{
    Expr, ExprIds, Field, Form, FormKind, Output, ResourceType, Shape, Spelling, StmtKind,
};
use topoc_syntax::parse;

use super::Library;
use super::card::{Card, CardField, CardOutput, Conversion, Kind, Read, Spelled, Taken, path};
use super::names::{Names, camel, pascal};

/// Reads the files of `stdlib/`, or of the folder that `TOPOC_LIBRARY` names.
pub fn read() -> Library {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stdlib");
    let root = std::env::var_os("TOPOC_LIBRARY").map_or(own, PathBuf::from);
    read_folders(&[&root])
}

/// The library with the types that a program declares itself, if it does.
pub fn with_program(folder: &Path) -> Option<Library> {
    let mut files = Vec::new();
    topo_files(folder, &mut files);
    let declares = files.iter().any(|it| {
        std::fs::read_to_string(it)
            .unwrap_or_default()
            .contains("resource type ")
    });
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stdlib");
    // what the program declares comes first, where several types fit a resource equally
    declares.then(|| read_folders(&[folder, &own]))
}

fn read_folders(folders: &[&Path]) -> Library {
    let files = folders.iter().flat_map(|folder| {
        let mut files = Vec::new();
        topo_files(folder, &mut files);
        files.sort();
        files
    });
    let files: Vec<_> = files.collect();
    read_texts(files.iter().map(|path| {
        let text = std::fs::read_to_string(path)
            .unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
        let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
        (
            folder.to_string_lossy().into_owned(),
            path.display().to_string(),
            text,
        )
    }))
}

/// Reads texts, each with its name space and a name for messages.
pub fn read_texts(files: impl IntoIterator<Item = (String, String, String)>) -> Library {
    let ids = ExprIds::default();
    let mut library = Library {
        broken: Vec::new(),
        cards: Vec::new(),
        names: Names::default(),
    };
    for (number, (service, name, text)) in (0..).zip(files) {
        let mut out = Diagnostics::default();
        let file = parse(FileId(number), &text, &ids, &mut out);
        if let Some(first) = out.sorted().first() {
            library
                .broken
                .push(format!("{name} does not parse: {first:?}"));
        }
        library.names.add(&service, &file);
        for item in &file.items {
            if let StmtKind::ResourceType(ty) = &item.kind {
                library.cards.push(card(&service, ty));
            }
        }
    }
    library
}

fn topo_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            topo_files(&path, found);
        } else if path.extension().is_some_and(|it| it == "topo") {
            found.push(path);
        }
    }
}

fn card(service: &str, ty: &ResourceType) -> Card {
    Card {
        service: service.to_owned(),
        path: ty.path.text().as_str().to_owned(),
        lookup: ty.lookup,
        kinds: [
            kind(ty.targets.cfn.as_ref()),
            kind(ty.targets.terraform.as_ref()),
            kind(ty.targets.pulumi.as_ref()),
        ],
        fields: ty
            .fields
            .iter()
            .map(|it| field(&it.field, it.constant))
            .collect(),
        outputs: ty.outputs.iter().map(|(_, it)| output(it, ty)).collect(),
    }
}

fn kind(form: Option<&Form>) -> Kind {
    match form.map(|form| &form.kind) {
        Some(FormKind::Path { path, .. }) => Kind::Type(path.as_str().to_owned()),
        Some(FormKind::PartOf { field, path: at }) => Kind::PartOf {
            field: field.name.as_str().to_owned(),
            path: path(at.as_str()),
        },
        Some(FormKind::Parameter { .. }) => Kind::Parameter,
        Some(FormKind::None(_) | FormKind::Spread(_) | FormKind::Ref | FormKind::Default)
        | None => Kind::None,
    }
}

fn field(field: &Field, constant: bool) -> CardField {
    let name = field.name.name.as_str();
    let unsaid = Spelling::default();
    let said = field.spelling.as_deref().unwrap_or(&unsaid);
    let general: Vec<Expr> = field.convert.iter().cloned().collect();
    let plain = |at: String| {
        Spelled::Paths(vec![(
            path(&at),
            conversion(&general, None, Taken::Natural),
        )])
    };

    let cfn = said
        .cfn
        .as_ref()
        .map_or_else(|| plain(pascal(name)), |form| spelled(form, &general));
    let terraform = said
        .terraform
        .as_ref()
        .map_or_else(|| plain(name.to_owned()), |form| spelled(form, &general));
    let mut pulumi = said
        .pulumi
        .as_ref()
        .map_or_else(|| in_camel(&terraform), |form| spelled(form, &general));
    if said
        .pulumi
        .as_ref()
        .is_some_and(|form| !has_conversion(form))
    {
        borrow(&mut pulumi, &terraform);
    }
    CardField {
        name: name.to_owned(),
        ty: field.ty.clone(),
        constant,
        default: field.default.clone(),
        converted: field.convert.is_some(),
        spelled: [cfn, terraform, pulumi],
    }
}

fn spelled(form: &Form, general: &[Expr]) -> Spelled {
    match &form.kind {
        FormKind::Path {
            shape,
            path: at,
            convert,
        } => {
            let taken = match shape {
                Shape::Natural => Taken::Natural,
                Shape::Attribute => Taken::Attribute,
                Shape::Set => Taken::Set,
            };
            Spelled::Paths(vec![(
                path(at.as_str()),
                conversion(general, convert.as_ref(), taken),
            )])
        }
        FormKind::Spread(body) => {
            let entries = body.attributes.iter();
            Spelled::Paths(
                entries
                    .map(|it| {
                        (
                            path(it.name.name.as_str()),
                            conversion(general, Some(&it.value), Taken::Natural),
                        )
                    })
                    .collect(),
            )
        }
        FormKind::Default | FormKind::Parameter { .. } => Spelled::Default,
        FormKind::None(_) | FormKind::Ref | FormKind::PartOf { .. } => Spelled::None,
    }
}

fn conversion(general: &[Expr], own: Option<&Expr>, taken: Taken) -> Conversion {
    Conversion {
        steps: general.iter().chain(own).cloned().collect(),
        taken,
    }
}

fn has_conversion(form: &Form) -> bool {
    !matches!(&form.kind, FormKind::Path { convert: None, .. })
}

/// Terraform's spelling as Pulumi takes it over.
fn in_camel(terraform: &Spelled) -> Spelled {
    let Spelled::Paths(paths) = terraform else {
        return terraform.clone();
    };
    let in_camel = paths.iter().map(|(at, conversion)| {
        let mut at = at.clone();
        at.iter_mut().for_each(|seg| seg.name = camel(&seg.name));
        (at, conversion.clone())
    });
    Spelled::Paths(in_camel.collect())
}

/// Pulumi's own path with terraform's conversion.
fn borrow(pulumi: &mut Spelled, terraform: &Spelled) {
    let (Spelled::Paths(own), Spelled::Paths(theirs)) = (pulumi, terraform) else {
        return;
    };
    if let ([(_, own)], [(_, theirs)]) = (own.as_mut_slice(), theirs.as_slice()) {
        *own = theirs.clone();
    }
}

fn output(output: &Output, ty: &ResourceType) -> CardOutput {
    let name = output.name.name.as_str();
    let unsaid = Spelling::default();
    let said = output.spelling.as_deref().unwrap_or(&unsaid);
    let looked_up = matches!(
        ty.targets.cfn.as_ref().map(|it| &it.kind),
        Some(FormKind::Parameter { .. })
    );
    let cfn = match &said.cfn {
        Some(form) => reads(form),
        None if looked_up => Read::Parameter,
        None => Read::Path(path(&pascal(name))),
    };
    let terraform = said
        .terraform
        .as_ref()
        .map_or_else(|| Read::Path(path(name)), reads);
    let pulumi = said.pulumi.as_ref().map_or_else(
        || match &terraform {
            Read::Path(at) => Read::Path(
                at.iter()
                    .map(|seg| super::Seg {
                        name: camel(&seg.name),
                        step: seg.step,
                    })
                    .collect(),
            ),
            other => other.clone(),
        },
        reads,
    );
    CardOutput {
        name: name.to_owned(),
        ty: output.ty.clone(),
        reads: [cfn, terraform, pulumi],
    }
}

fn reads(form: &Form) -> Read {
    match &form.kind {
        FormKind::Path { path: at, .. } => Read::Path(path(at.as_str())),
        FormKind::Ref => Read::Ref,
        FormKind::Parameter { .. } | FormKind::Default => Read::Parameter,
        FormKind::None(_) | FormKind::Spread(_) | FormKind::PartOf { .. } => Read::None,
    }
}
