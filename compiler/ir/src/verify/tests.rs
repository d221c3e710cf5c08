//! Programs built by hand, and what `verify` says of them.

use topoc_diagnostics::{Code, Diagnostics, FileId, Span};
use ustr::Ustr;

use super::verify;
use crate::doc::{Doc, LateDoc, Reference};
use crate::resource::{Origin, ResourceId, Retain};
use crate::spelled::{Spelled, SpelledResource, Target};

fn id(path: &str) -> ResourceId {
    ResourceId(Ustr::from(path))
}

fn resource(path: &str, needs: &[&str], after: &[&str]) -> SpelledResource {
    let doc = |it: &&str| Doc::Late(LateDoc::Resource(id(it), Reference::Id));
    SpelledResource {
        id: id(path),
        ty: ustr::name!("T"),
        properties: vec![(ustr::name!("P"), Doc::List(needs.iter().map(doc).collect()))],
        after: after.iter().map(|it| id(it)).collect(),
        region: None,
        retain: Retain::Delete,
        ignore: Vec::new(),
        docs: None,
        allows: Vec::new(),
        group: Ustr::from(path),
        origin: Origin {
            span: Span::new(FileId(0), path.len() as u32, 9),
            others: Vec::new(),
        },
    }
}

fn program(target: Target, resources: Vec<SpelledResource>) -> Spelled {
    Spelled {
        target,
        name: ustr::name!("shop"),
        docs: None,
        region: ustr::name!("eu-central-1"),
        env: None,
        inputs: Vec::new(),
        lookups: Vec::new(),
        resources,
        outputs: Vec::new(),
    }
}

fn messages(spelled: Spelled) -> Vec<(Code, String)> {
    let mut out = Diagnostics::default();
    let verified = verify(spelled, &mut out);
    assert_eq!(verified.is_none(), out.has_errors());
    out.iter().map(|it| (it.code, it.message.clone())).collect()
}

#[test]
fn a_dangling_reference_is_refused() {
    let program = program(Target::Cfn, vec![resource("a", &["b"], &[])]);
    assert_eq!(
        messages(program),
        [(
            Code::E0604,
            "`a` needs `b`, which does not exist in CloudFormation".to_owned()
        )]
    );
}

#[test]
fn a_cycle_is_told_once_and_whole() {
    let parts = vec![
        resource("a", &["b"], &[]),
        resource("b", &["d"], &["c"]),
        resource("c", &["a"], &[]),
        resource("d", &[], &[]),
        resource("e", &["e"], &[]),
    ];
    let mut out = Diagnostics::default();
    assert!(verify(program(Target::Pulumi, parts), &mut out).is_none());
    let all: Vec<_> = out.iter().collect();
    assert_eq!(
        all[0].message,
        "resources wait for each other: `a` → `b` → `c` → `a`"
    );
    assert_eq!(
        all[0].primary.as_ref().map(|it| it.text.as_str()),
        Some("`a` needs `b`")
    );
    let others: Vec<_> = all[0].others.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(others, ["`b` stands after `c`", "`c` needs `a`"]);
    assert_eq!(all[1].message, "resources wait for each other: `e` → `e`");
    assert_eq!(all.len(), 2);
}

#[test]
fn one_name_for_two_is_refused_where_names_are_shared() {
    let mut other = resource("a_b", &[], &[]);
    other.ty = ustr::name!("U");
    let parts = vec![resource("a.b", &[], &[]), other];
    assert_eq!(messages(program(Target::Terraform, parts.clone())), []);
    assert_eq!(
        messages(program(Target::Cfn, parts)),
        [(
            Code::E0602,
            "`a.b` and `a_b` would both be called `AB` in CloudFormation".to_owned()
        )]
    );
}

#[test]
fn order_that_references_imply_is_dropped() {
    let parts = vec![
        resource("a", &[], &[]),
        resource("b", &["a"], &[]),
        resource("c", &["b"], &["a", "b", "d", "d"]),
        resource("d", &[], &["e"]),
        resource("e", &[], &[]),
        resource("f", &[], &["e", "d", "b"]),
    ];
    let mut out = Diagnostics::default();
    let verified = verify(program(Target::Cfn, parts), &mut out).expect("no errors");
    assert_eq!(verified.spelled().resources[2].after, [id("d")]);
    assert_eq!(verified.spelled().resources[5].after, [id("d"), id("b")]);
}

#[test]
fn limits_warn() {
    let parts = (0..501)
        .map(|n| resource(&format!("n{n}"), &[], &[]))
        .collect();
    assert_eq!(
        messages(program(Target::Cfn, parts)),
        [(
            Code::W0706,
            "the template has 501 resources; CloudFormation accepts 500 in one stack".to_owned()
        )]
    );
}

#[test]
fn another_region_is_refused_by_cloudformation_alone() {
    let mut part = resource("a", &[], &[]);
    part.region = Some(ustr::name!("us-east-1"));
    assert_eq!(messages(program(Target::Terraform, vec![part.clone()])), []);
    assert_eq!(messages(program(Target::Cfn, vec![part]))[0].0, Code::E0604);
}
