//! Terraform: a folder with `versions.tf`, `providers.tf`, `variables.tf`, `data.tf`, `outputs.tf`, and one file for each
//! top-level declaration.

mod files;
mod heredoc;
mod layout;
mod print;
mod value;
mod variables;

use std::borrow::Cow;
use std::collections::BTreeSet;

use indexmap::IndexMap;
use topoc_ir::spelled::{SpelledLookup, SpelledOutput, SpelledResource};
use topoc_ir::{Doc, LateDoc, Retain, Spelled, Target, Uses, Verified, ids};
use topoc_shares as shares;
use ustr::Ustr;

use crate::OutputFile;
use crate::names::Names;
use crate::prose;
use files::Files;
use print::{Hcl, Shape};

/// From how many files on processors share the writing.
const MANY: usize = 100;

/// Prints the folder.
pub fn print(verified: &Verified) -> Vec<OutputFile> {
    let names = Names::new(verified);
    let spelled = verified.spelled();
    let all = vec![
        ("versions".to_owned(), versions(spelled)),
        ("providers".to_owned(), providers(spelled)),
        ("variables".to_owned(), variables_file(spelled, &names)),
        ("data".to_owned(), data(spelled, &names, verified.uses())),
    ];
    let all = all.into_iter().map(|(name, hcl)| (name, hcl.finish()));
    let mut written: Vec<(String, String)> = all.collect();
    written.extend(resources(spelled, &names));
    written.push(("outputs".to_owned(), outputs(spelled, &names).finish()));
    let written = written.into_iter().filter(|(_, text)| !text.is_empty());
    written
        .map(|(name, text)| OutputFile {
            path: format!("{name}.tf"),
            text: text.into(),
        })
        .collect()
}

fn versions(spelled: &Spelled) -> Hcl {
    let mut hcl = Hcl::default();
    if let Some(docs) = spelled.docs {
        hcl.comment_apart(&docs);
    }
    hcl.begin_block(format_args!("terraform"));
    hcl.attribute("required_version", Shape::Line, |it| it.quote(">= 1.9"));
    hcl.begin_block(format_args!("required_providers"));
    hcl.attribute("aws", Shape::Brackets, |it| {
        it.begin_lines("{");
        it.entry("source", Shape::Line, |it| it.quote("hashicorp/aws"));
        it.entry("version", Shape::Line, |it| it.quote(">= 5.100, < 7"));
        it.end_lines("}");
    });
    hcl.end_block();
    hcl.end_block();
    hcl
}

/// The topology's region, and an alias for each other one.
fn providers(spelled: &Spelled) -> Hcl {
    let mut hcl = Hcl::default();
    hcl.begin_block(format_args!("provider \"aws\""));
    hcl.attribute("region", Shape::Line, |it| it.quote(&spelled.region));
    hcl.end_block();
    let regions = spelled.resources.iter().map(|it| it.region);
    let regions = regions.chain(spelled.lookups.iter().map(|it| it.region));
    let others: BTreeSet<&str> = regions
        .flatten()
        .filter(|it| *it != spelled.region)
        .map(|it| it.as_str())
        .collect();
    for region in others {
        hcl.begin_block(format_args!("provider \"aws\""));
        hcl.attribute("alias", Shape::Line, |it| it.quote(&alias(region)));
        hcl.attribute("region", Shape::Line, |it| it.quote(region));
        hcl.end_block();
    }
    hcl
}

fn alias(region: &str) -> String {
    region.replace('-', "_")
}

fn variables_file(spelled: &Spelled, names: &Names<'_>) -> Hcl {
    let mut hcl = Hcl::default();
    for it in &spelled.inputs {
        variables::variable(&mut hcl, names, it);
    }
    hcl
}

/// What is looked up: the account, its zones, and what exists already.
fn data(spelled: &Spelled, names: &Names<'_>, uses: Uses) -> Hcl {
    let mut hcl = Hcl::default();
    if uses.account {
        hcl.begin_block(format_args!("data \"aws_caller_identity\" \"current\""));
        hcl.end_block();
    }
    if uses.zones {
        hcl.begin_block(format_args!(
            "data \"aws_availability_zones\" \"available\""
        ));
        hcl.attribute("state", Shape::Line, |it| it.quote("available"));
        hcl.begin_block(format_args!("filter"));
        hcl.attribute("name", Shape::Line, |it| it.quote("opt-in-status"));
        hcl.attribute("values", Shape::Line, |it| {
            it.push("[\"opt-in-not-required\"]")
        });
        hcl.end_block();
        hcl.end_block();
    }
    for it in &spelled.lookups {
        lookup(&mut hcl, names, it, spelled.region);
    }
    hcl
}

fn lookup(hcl: &mut Hcl, names: &Names<'_>, it: &SpelledLookup, home: Ustr) {
    if let Some(docs) = it.docs {
        hcl.comment_apart(&docs);
    }
    hcl.begin_block(format_args!("data \"{}\" \"{}\"", it.ty, names.name(it.id)));
    provider(hcl, it.region, home);
    value::body(hcl, names, &it.arguments);
    hcl.end_block();
}

/// The files of the resources: a name, and the text.
fn resources(spelled: &Spelled, names: &Names<'_>) -> Vec<(String, String)> {
    let files = Files::new(&spelled.resources);
    let mut all: IndexMap<Cow<'_, str>, Vec<&SpelledResource>> = IndexMap::new();
    for it in &spelled.resources {
        let name = files.of(it.group.as_str());
        all.entry(name).or_default().push(it);
    }
    let all: Vec<_> = all.into_iter().collect();
    shares::map(&all, MANY, |share| {
        let text = |(name, resources): &(Cow<'_, str>, Vec<_>)| {
            (name.to_string(), file(name, resources, spelled, names))
        };
        share.iter().map(text).collect()
    })
}

fn file(
    name: &str,
    resources: &[&SpelledResource],
    spelled: &Spelled,
    names: &Names<'_>,
) -> String {
    let mut file = File::default();
    for it in resources {
        file.heading(it, name);
        resource(&mut file.hcl, names, it, spelled.region);
    }
    // thousands of files take no more room than they need
    file.hcl.finish().as_str().to_owned()
}

/// A file being written, with what was said last in it.
#[derive(Default)]
struct File {
    hcl: Hcl,
    group: Option<Ustr>,
    docs: Option<Ustr>,
}

impl File {
    /// Heads what does not stem from the declaration that the file is named after, and shows docs once.
    fn heading(&mut self, it: &SpelledResource, file: &str) {
        let foreign = it.group.as_str() != file && self.group != Some(it.group);
        let docs = it.docs.filter(|_| it.docs != self.docs);
        self.group = Some(it.group);
        self.docs = it.docs;
        let group = foreign.then_some(it.group.as_str());
        if let Some(heading) = prose::heading(group, docs.as_deref()) {
            self.hcl.comment_apart(&heading);
        }
    }
}

fn resource(hcl: &mut Hcl, names: &Names<'_>, it: &SpelledResource, home: Ustr) {
    for (rule, reason) in &it.allows {
        hcl.comment_apart(&format!("allowed: {rule} ({reason})"));
    }
    hcl.begin_block(format_args!(
        "resource \"{}\" \"{}\"",
        it.ty,
        names.name(it.id)
    ));
    provider(hcl, it.region, home);
    value::body(hcl, names, &it.properties);
    lifecycle(hcl, it);
    if !it.after.is_empty() {
        let addresses = it.after.iter().map(|id| {
            let mut address = Hcl::default();
            value::address(&mut address, names, *id);
            address.finish()
        });
        list_of_words(hcl, "depends_on", addresses);
    }
    hcl.end_block();
}

/// What is kept is not destroyed as long as it stands here; terraform knows no more than that.
fn lifecycle(hcl: &mut Hcl, it: &SpelledResource) {
    let keep = it.retain == Retain::Keep;
    if !keep && it.ignore.is_empty() {
        return;
    }
    hcl.begin_block(format_args!("lifecycle"));
    if keep {
        hcl.attribute("prevent_destroy", Shape::Line, |it| {
            it.write(format_args!("true"));
        });
    }
    if !it.ignore.is_empty() {
        let names = it.ignore.iter().map(|it| it.to_string());
        list_of_words(hcl, "ignore_changes", names);
    }
    hcl.end_block();
}

/// Another region's provider.
fn provider(hcl: &mut Hcl, region: Option<Ustr>, home: Ustr) {
    if let Some(region) = region.filter(|it| *it != home) {
        let alias = alias(&region);
        hcl.attribute("provider", Shape::Line, |it| {
            it.write(format_args!("aws.{alias}"))
        });
    }
}

/// A list of bare words, a line for each where there are several.
fn list_of_words(hcl: &mut Hcl, name: &str, words: impl Iterator<Item = String>) {
    let words: Vec<String> = words.collect();
    let short = words.iter().map(|it| it.len() + 2).sum::<usize>() < 80;
    if short {
        let words = words.join(", ");
        let shape = match name {
            "depends_on" => Shape::Brackets,
            _ => Shape::Line,
        };
        return hcl.attribute(name, shape, |it| it.write(format_args!("[{words}]")));
    }
    hcl.attribute(name, Shape::Brackets, |it| {
        it.begin_lines("[");
        for word in &words {
            it.item(|it| it.push(word));
        }
        it.end_lines("]");
    });
}

fn outputs(spelled: &Spelled, names: &Names<'_>) -> Hcl {
    let mut hcl = Hcl::default();
    for it in &spelled.outputs {
        output(&mut hcl, names, it);
    }
    hcl
}

fn output(hcl: &mut Hcl, names: &Names<'_>, it: &SpelledOutput) {
    let name = ids::output(Target::Terraform, it.name);
    hcl.begin_block(format_args!("output \"{name}\""));
    if let Some(docs) = it.docs {
        let docs = prose::line(&docs, usize::MAX);
        hcl.attribute("description", Shape::Line, |hcl| hcl.quote(&docs));
    }
    value::argument(hcl, names, "value", &it.value);
    if is_sensitive(names, &it.value) {
        hcl.attribute("sensitive", Shape::Line, |it| it.push("true"));
    }
    hcl.end_block();
}

/// Terraform refuses to show what is made of a sensitive variable.
fn is_sensitive(names: &Names<'_>, doc: &Doc) -> bool {
    let mut sensitive = false;
    doc.each_late(&mut |late| {
        if let LateDoc::Input(name) = late {
            sensitive |= names.input_type(*name) == "Secret";
        }
    });
    sensitive
}

#[cfg(test)]
mod tests;
