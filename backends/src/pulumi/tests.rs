//! The sample program as a project.

use topoc_ir::{Doc, LateDoc, Retain, Target, Verified};

use crate::sample::{
    self, found, id, id_of, input, lookup, object, of, policy, resource, template, text, texts, u,
};
use crate::{Options, emit};

fn sample() -> Verified {
    let mut certificate = lookup(
        "site.found",
        "aws:acm:getCertificate",
        &[
            ("domain", text("example.com")),
            ("mostRecent", Doc::Bool(true)),
        ],
    );
    certificate.region = Some(u("us-east-1"));
    certificate.docs = Some(u("The site's certificate."));
    let mut queue = resource(
        "jobs.main",
        "aws:sqs:Queue",
        &[
            ("name", text("shop-jobs")),
            (
                "tags",
                object(&[
                    ("on", text("0755")),
                    ("80", text("%{x} $ ${y}")),
                    ("$", text("true")),
                ]),
            ),
            ("visibilityTimeoutSeconds", Doc::Int(20_000)),
        ],
    );
    queue.retain = Retain::Keep;
    queue.docs = Some(u("Jobs for\nthe worker."));
    queue.allows = vec![(u("no_dead_letters"), u("jobs are \"made\" again"))];
    let mut policy_of_queue = resource(
        "jobs.policy",
        "aws:sqs:QueuePolicy",
        &[
            ("queueUrl", Doc::Late(id_of("jobs.main"))),
            (
                "policy",
                Doc::Encoded(Box::new(policy(
                    ["Version", "Statement", "Resource", "Condition"],
                    of("jobs.main", "arn"),
                ))),
            ),
        ],
    );
    policy_of_queue.docs = queue.docs;
    let group = resource(
        "db.group",
        "aws:rds:SubnetGroup",
        &[
            ("description", text("line one\nline ${two}\n")),
            ("subnetIds", Doc::Late(input("subnet_ids"))),
        ],
    );
    let mut instance = resource(
        "db.main",
        "aws:rds:Instance",
        &[
            ("engine", text("postgres")),
            ("engineVersion", text("16")),
            ("instanceClass", text("db.t4g.micro")),
            ("allocatedStorage", Doc::Int(20)),
            ("availabilityZone", Doc::Late(LateDoc::ZoneSlot(0))),
            ("dbSubnetGroupName", Doc::Late(of("db.group", "name"))),
            ("username", text("app")),
            ("password", Doc::Late(input("password"))),
            (
                "enabledCloudwatchLogsExports",
                texts(&["postgresql", "upgrade"]),
            ),
            ("skipFinalSnapshot", Doc::Bool(true)),
        ],
    );
    instance.ignore = vec![u("password"), u("engineVersion")];
    instance.after = vec![id("jobs.policy"), id("front.log")];
    let mut log = resource(
        "front.log",
        "aws:cloudwatch:LogGroup",
        &[("name", text("/shop"))],
    );
    log.region = Some(u("us-east-1"));
    let topic = resource(
        "topic[\"/a/*\"].main",
        "aws:sns:Topic",
        &[
            (
                "name",
                template("t-", &[(input("stage"), "-$"), (input("version"), "")]),
            ),
            ("displayName", text("$$")),
            (
                "policy",
                Doc::Encoded(Box::new(object(&[
                    ("ratio", Doc::Float("0.50".parse().expect("a number"))),
                    ("big", Doc::Int(1_000_000)),
                    (
                        "long",
                        Doc::List(vec![
                            Doc::Late(of("jobs.main", "arn")),
                            Doc::Late(found("site.found", "arn")),
                        ]),
                    ),
                    ("empty", Doc::List(vec![object(&[]), Doc::List(vec![])])),
                ]))),
            ),
        ],
    );
    let outputs = [
        ("queue_url", Doc::Late(id_of("jobs.main"))),
        (
            "certificate",
            template("", &[(found("site.found", "arn"), "")]),
        ),
    ];
    sample::program(
        Target::Pulumi,
        vec![certificate],
        vec![queue, policy_of_queue, group, instance, log, topic],
        &outputs,
    )
}

#[test]
fn the_sample() {
    sample::assert_files("pulumi/sample", &emit(&sample(), Options::default()));
}
