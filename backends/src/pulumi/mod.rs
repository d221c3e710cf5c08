//! Pulumi YAML: one `Pulumi.yaml` with project, configuration, variables, resources and outputs.

mod value;

use std::collections::BTreeSet;

use topoc_ir::spelled::{SpelledInput, SpelledLookup, SpelledOutput, SpelledResource};
use topoc_ir::verify::names::{PULUMI_ACCOUNT, PULUMI_ZONES, pulumi_provider};
use topoc_ir::{Retain, Spelled, Target, Uses, Verified, ids};
use ustr::Ustr;

use crate::OutputFile;
use crate::facts::text_of_default;
use crate::names::Names;
use crate::prose;
use crate::shares;
use crate::yaml::Yaml;

/// The longest description of a project.
const DESCRIPTION: usize = 256;

/// Prints the project.
pub fn print(verified: &Verified) -> Vec<OutputFile> {
    let names = Names::new(verified);
    let spelled = verified.spelled();
    let mut yaml = Yaml::default();
    yaml.begin_object();
    yaml.key("name");
    yaml.text(&spelled.name);
    yaml.key("runtime");
    yaml.text("yaml");
    if let Some(docs) = spelled.docs {
        yaml.key("description");
        yaml.text(&prose::line(&docs, DESCRIPTION));
    }
    configuration(&mut yaml, &names, spelled);
    variables(&mut yaml, &names, spelled, verified.uses());
    resources(&mut yaml, &names, spelled);
    outputs(&mut yaml, &names, &spelled.outputs);
    yaml.end_object();
    vec![OutputFile {
        path: "Pulumi.yaml".to_owned(),
        text: yaml.finish(),
    }]
}

fn configuration(yaml: &mut Yaml, names: &Names<'_>, spelled: &Spelled) {
    yaml.blank();
    yaml.key("config");
    yaml.begin_object();
    yaml.key("aws:region");
    yaml.text(&spelled.region);
    for it in &spelled.inputs {
        yaml.key(names.input(it.input.name));
        yaml.begin_object();
        input(yaml, it);
        yaml.end_object();
    }
    yaml.end_object();
}

/// Only `string`, `integer` and `boolean` please both the command line and the runtime.
fn input(yaml: &mut Yaml, it: &SpelledInput) {
    let ty = match it.input.ty.as_str() {
        "Int" => "integer",
        "Bool" => "boolean",
        _ => "string",
    };
    yaml.key("type");
    yaml.text(ty);
    if let Some(docs) = it.input.docs {
        yaml.key("description");
        yaml.text(&prose::line(&docs, usize::MAX));
    }
    if let Some(default) = &it.default {
        let default = text_of_default(default);
        yaml.key("default");
        match ty {
            "string" => yaml.text(&default),
            _ => yaml.raw(format_args!("{default}")),
        }
    }
    if it.input.ty.as_str() == "Secret" {
        yaml.key("secret");
        yaml.raw(format_args!("true"));
    }
}

fn variables(yaml: &mut Yaml, names: &Names<'_>, spelled: &Spelled, uses: Uses) {
    if !uses.account && !uses.zones && spelled.lookups.is_empty() {
        return;
    }
    yaml.blank();
    yaml.key("variables");
    yaml.begin_object();
    if uses.account {
        yaml.key(PULUMI_ACCOUNT);
        invoke(yaml, "aws:getCallerIdentity", |yaml| {
            yaml.begin_object();
            yaml.end_object();
        });
        close_invoke(yaml);
    }
    if uses.zones {
        yaml.key(PULUMI_ZONES);
        invoke(yaml, "aws:getAvailabilityZones", zones);
        close_invoke(yaml);
    }
    for it in &spelled.lookups {
        lookup(yaml, names, it, spelled.region);
    }
    yaml.end_object();
}

/// The region's own zones, without those one has to opt in to.
fn zones(yaml: &mut Yaml) {
    yaml.begin_object();
    yaml.key("state");
    yaml.text("available");
    yaml.key("filters");
    yaml.begin_list();
    yaml.item();
    yaml.begin_object();
    yaml.key("name");
    yaml.text("opt-in-status");
    yaml.key("values");
    yaml.begin_list();
    yaml.item();
    yaml.text("opt-in-not-required");
    yaml.end_list();
    yaml.end_object();
    yaml.end_list();
    yaml.end_object();
}

/// Everything of a call but its options and its end.
fn invoke(yaml: &mut Yaml, function: &str, arguments: impl FnOnce(&mut Yaml)) {
    yaml.begin_object();
    yaml.key("fn::invoke");
    yaml.begin_object();
    yaml.key("function");
    yaml.text(function);
    yaml.key("arguments");
    arguments(yaml);
}

fn close_invoke(yaml: &mut Yaml) {
    yaml.end_object();
    yaml.end_object();
}

fn lookup(yaml: &mut Yaml, names: &Names<'_>, it: &SpelledLookup, home: Ustr) {
    if let Some(docs) = it.docs {
        yaml.comment(&docs);
    }
    yaml.key(names.name(it.id));
    invoke(yaml, &it.ty, |yaml| {
        value::object(yaml, names, &it.arguments)
    });
    if let Some(region) = it.region.filter(|region| *region != home) {
        yaml.key("options");
        yaml.begin_object();
        provider(yaml, region);
        yaml.end_object();
    }
    close_invoke(yaml);
}

fn provider(yaml: &mut Yaml, region: Ustr) {
    yaml.key("provider");
    yaml.text(&format!("${{{}}}", pulumi_provider(region)));
}

fn resources(yaml: &mut Yaml, names: &Names<'_>, spelled: &Spelled) {
    yaml.blank();
    yaml.key("resources");
    yaml.begin_object();
    providers(yaml, spelled);
    shares::write(yaml, &spelled.resources, |yaml, before, share| {
        entries(yaml, names, spelled.region, before, share);
    });
    yaml.end_object();
}

/// The resources of a share, behind the one `before` it.
fn entries(
    yaml: &mut Yaml,
    names: &Names<'_>,
    home: Ustr,
    before: Option<&SpelledResource>,
    share: &[SpelledResource],
) {
    let mut group = before.map_or(Ustr::default(), |it| it.group);
    let mut said = before.and_then(|it| it.docs);
    for it in share {
        yaml.blank();
        let docs = it.docs.filter(|_| it.docs != said);
        said = it.docs;
        let first = (it.group != group).then_some(it.group.as_str());
        group = it.group;
        if let Some(heading) = prose::heading(first, docs.as_deref()) {
            yaml.comment(&heading);
        }
        for (rule, reason) in &it.allows {
            yaml.comment(&format!("allowed: {rule} ({reason})"));
        }
        yaml.key(names.name(it.id));
        resource(yaml, names, it, home);
    }
}

/// One for each region but the topology's own.
fn providers(yaml: &mut Yaml, spelled: &Spelled) {
    let regions = spelled.resources.iter().map(|it| it.region);
    let regions = regions.chain(spelled.lookups.iter().map(|it| it.region));
    let others: BTreeSet<&str> = regions
        .flatten()
        .filter(|it| *it != spelled.region)
        .map(|it| it.as_str())
        .collect();
    for region in others {
        yaml.blank();
        yaml.key(&pulumi_provider(Ustr::from(region)));
        yaml.begin_object();
        yaml.key("type");
        yaml.text("pulumi:providers:aws");
        yaml.key("properties");
        yaml.begin_object();
        yaml.key("region");
        yaml.text(region);
        yaml.end_object();
        yaml.end_object();
    }
}

fn resource(yaml: &mut Yaml, names: &Names<'_>, it: &SpelledResource, home: Ustr) {
    yaml.begin_object();
    yaml.key("type");
    yaml.text(&it.ty);
    if !it.properties.is_empty() {
        yaml.key("properties");
        value::object(yaml, names, &it.properties);
    }
    options(yaml, names, it, home);
    yaml.end_object();
}

fn options(yaml: &mut Yaml, names: &Names<'_>, it: &SpelledResource, home: Ustr) {
    let region = it.region.filter(|region| *region != home);
    let keep = it.retain == Retain::Keep;
    if region.is_none() && !keep && it.after.is_empty() && it.ignore.is_empty() {
        return;
    }
    yaml.key("options");
    yaml.begin_object();
    if let Some(region) = region {
        provider(yaml, region);
    }
    texts(
        yaml,
        "dependsOn",
        it.after.iter().map(|id| value::itself(names, *id)),
    );
    texts(
        yaml,
        "ignoreChanges",
        it.ignore.iter().map(|path| path.to_string()),
    );
    if keep {
        yaml.key("retainOnDelete");
        yaml.raw(format_args!("true"));
    }
    yaml.end_object();
}

fn texts(yaml: &mut Yaml, key: &str, texts: impl ExactSizeIterator<Item = String>) {
    if texts.len() == 0 {
        return;
    }
    yaml.key(key);
    yaml.begin_list();
    for text in texts {
        yaml.item();
        yaml.text(&text);
    }
    yaml.end_list();
}

fn outputs(yaml: &mut Yaml, names: &Names<'_>, all: &[SpelledOutput]) {
    if all.is_empty() {
        return;
    }
    yaml.blank();
    yaml.key("outputs");
    yaml.begin_object();
    for it in all {
        if let Some(docs) = it.docs {
            yaml.comment(&docs);
        }
        yaml.key(&ids::output(Target::Pulumi, it.name));
        value::document(yaml, names, &it.value);
    }
    yaml.end_object();
}

#[cfg(test)]
mod tests;
