//! CloudFormation: one template, in JSON or YAML.

mod form;
mod parameters;
mod value;

use topoc_ir::spelled::{SpelledOutput, SpelledResource};
use topoc_ir::{Retain, Target, Verified, ids};
use ustr::Ustr;

use crate::json::Json;
use crate::names::Names;
use crate::prose;
use crate::shares;
use crate::text::Text;
use crate::yaml::Yaml;
use crate::{Format, OutputFile};
use form::Form;

/// The longest description of a template and of an output.
const DESCRIPTION: usize = 1024;

/// Prints the template.
pub fn print(verified: &Verified, format: Format) -> Vec<OutputFile> {
    let name = verified.spelled().name;
    let (path, text) = match format {
        Format::Json => (
            format!("{name}.template.json"),
            template(Json::default(), verified),
        ),
        Format::Yaml => (
            format!("{name}.template.yaml"),
            template(Yaml::default(), verified),
        ),
    };
    vec![OutputFile { path, text }]
}

fn template<F: Form>(mut form: F, verified: &Verified) -> Text {
    let names = Names::new(verified);
    let spelled = verified.spelled();
    form.begin_object();
    form.key("AWSTemplateFormatVersion");
    form.text("2010-09-09");
    if let Some(docs) = spelled.docs {
        form.key("Description");
        form.text(&prose::line(&docs, DESCRIPTION));
    }
    if !spelled.inputs.is_empty() || spelled.lookups.iter().any(|it| !it.parameters.is_empty()) {
        form.blank();
        form.key("Parameters");
        form.begin_object();
        let inputs = spelled.inputs.iter();
        inputs.for_each(|it| parameters::input(&mut form, &names, it));
        let lookups = spelled.lookups.iter();
        lookups.for_each(|it| parameters::lookup(&mut form, &names, it));
        form.end_object();
    }
    form.blank();
    form.key("Resources");
    resources(&mut form, &names, &spelled.resources);
    if !spelled.outputs.is_empty() {
        form.blank();
        form.key("Outputs");
        form.begin_object();
        let outputs = spelled.outputs.iter();
        outputs.for_each(|it| output(&mut form, &names, it));
        form.end_object();
    }
    form.end_object();
    form.finish()
}

fn resources<F: Form>(form: &mut F, names: &Names<'_>, all: &[SpelledResource]) {
    form.begin_object();
    shares::write(form, all, |form, before, share| {
        entries(form, names, before, share);
    });
    form.end_object();
}

/// The resources of a share, behind the one `before` it.
fn entries<F: Form>(
    form: &mut F,
    names: &Names<'_>,
    before: Option<&SpelledResource>,
    share: &[SpelledResource],
) {
    let mut group = before.map_or(Ustr::default(), |it| it.group);
    let mut said = before.and_then(|it| it.docs);
    for it in share {
        form.blank();
        let docs = it.docs.filter(|_| it.docs != said);
        said = it.docs;
        let first = (it.group != group).then_some(it.group.as_str());
        group = it.group;
        if let Some(heading) = prose::heading(first, docs.as_deref()) {
            form.comment(&heading);
        }
        form.key(names.name(it.id));
        resource(form, names, it, docs);
    }
}

/// `docs` are those that the resource before does not have as well.
fn resource<F: Form>(form: &mut F, names: &Names<'_>, it: &SpelledResource, docs: Option<Ustr>) {
    form.begin_object();
    form.key("Type");
    form.text(&it.ty);
    metadata(form, it, docs.filter(|_| F::WITHOUT_COMMENTS));
    match it.after.as_slice() {
        [] => {}
        [one] => {
            form.key("DependsOn");
            form.text(names.name(*one));
        }
        several => {
            form.key("DependsOn");
            form.begin_list();
            for one in several {
                form.item();
                form.text(names.name(*one));
            }
            form.end_list();
        }
    }
    if let Some(policy) = policy(it.retain) {
        for key in ["DeletionPolicy", "UpdateReplacePolicy"] {
            form.key(key);
            form.text(policy);
        }
    }
    if !it.properties.is_empty() {
        form.key("Properties");
        value::object(form, names, &it.properties);
    }
    form.end_object();
}

fn metadata<F: Form>(form: &mut F, it: &SpelledResource, docs: Option<Ustr>) {
    if docs.is_none() && it.allows.is_empty() {
        return;
    }
    form.key("Metadata");
    form.begin_object();
    if let Some(docs) = docs {
        form.key("Comment");
        form.text(&prose::line(&docs, DESCRIPTION));
    }
    if !it.allows.is_empty() {
        form.key("cdk_nag");
        form.begin_object();
        form.key("rules_to_suppress");
        form.begin_list();
        for (rule, reason) in &it.allows {
            form.item();
            form.begin_object();
            form.key("id");
            form.text(rule);
            form.key("reason");
            form.text(reason);
            form.end_object();
        }
        form.end_list();
        form.end_object();
    }
    form.end_object();
}

fn policy(retain: Retain) -> Option<&'static str> {
    match retain {
        Retain::Delete => None,
        Retain::Keep => Some("Retain"),
        Retain::Snapshot => Some("Snapshot"),
    }
}

fn output<F: Form>(form: &mut F, names: &Names<'_>, it: &SpelledOutput) {
    form.key(&ids::output(Target::Cfn, it.name));
    form.begin_object();
    if let Some(docs) = it.docs {
        form.key("Description");
        form.text(&prose::line(&docs, DESCRIPTION));
    }
    form.key("Value");
    value::output(form, names, &it.value);
    form.end_object();
}

#[cfg(test)]
mod tests;
