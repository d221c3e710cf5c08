//! The sample program as a folder.

use topoc_ir::{Doc, LateDoc, Retain, Target, Verified};

use super::files::Files;
use crate::sample::{
    self, block, found, id, id_of, input, lookup, object, of, policy, resource, template, text,
    texts, u,
};
use crate::{Options, emit};

fn sample() -> Verified {
    let mut certificate = lookup(
        "site.found",
        "aws_acm_certificate",
        &[
            ("domain", text("example.com")),
            ("most_recent", Doc::Bool(true)),
        ],
    );
    certificate.region = Some(u("us-east-1"));
    certificate.docs = Some(u("The site's certificate."));
    let mut queue = resource(
        "jobs.main",
        "aws_sqs_queue",
        &[
            ("name", text("shop-jobs")),
            (
                "tags",
                object(&[("on", text("0755")), ("a:b", text("%{x}"))]),
            ),
            ("visibility_timeout_seconds", Doc::Int(20_000)),
        ],
    );
    queue.retain = Retain::Keep;
    queue.docs = Some(u("Jobs for\nthe worker."));
    queue.allows = vec![(u("no_dead_letters"), u("jobs are \"made\" again"))];
    let mut policy_of_queue = resource(
        "jobs.policy",
        "aws_sqs_queue_policy",
        &[
            ("queue_url", Doc::Late(id_of("jobs.main"))),
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
    let mut group = resource(
        "db.group",
        "aws_db_subnet_group",
        &[
            ("description", text("line one\nline ${two}\n")),
            ("subnet_ids", Doc::Late(input("subnet_ids"))),
        ],
    );
    group.region = Some(u("eu-central-1"));
    let mut instance = resource(
        "db.main",
        "aws_db_instance",
        &[
            ("engine", text("postgres")),
            ("engine_version", text("16")),
            ("instance_class", text("db.t4g.micro")),
            ("allocated_storage", Doc::Int(20)),
            ("availability_zone", Doc::Late(LateDoc::ZoneSlot(0))),
            ("db_subnet_group_name", Doc::Late(of("db.group", "name"))),
            ("username", text("app")),
            ("password", Doc::Late(input("password"))),
            (
                "enabled_cloudwatch_logs_exports",
                texts(&["postgresql", "upgrade"]),
            ),
            ("skip_final_snapshot", Doc::Bool(true)),
        ],
    );
    instance.ignore = vec![u("password"), u("engine_version")];
    instance.after = vec![
        id("jobs.policy"),
        id("site[\"/a/*\"].targets"),
        id("front.log"),
    ];
    let mut log = resource(
        "front.log",
        "aws_cloudwatch_log_group",
        &[("name", text("/shop"))],
    );
    log.region = Some(u("us-east-1"));
    let mut targets = resource(
        "site[\"/a/*\"].targets",
        "aws_lb_target_group",
        &[
            (
                "name",
                template("t-", &[(input("stage"), "-$"), (input("version"), "")]),
            ),
            (
                "health_check",
                block(&[("path", text("/")), ("matcher", text("200-399"))]),
            ),
            ("port", Doc::Int(8000)),
            ("protocol", text("HTTP")),
            (
                "target_failover",
                Doc::List(vec![
                    block(&[
                        ("on_deregistration", text("rebalance")),
                        ("on_unhealthy", text("rebalance")),
                    ]),
                    block(&[
                        ("on_deregistration", text("no_rebalance")),
                        ("on_unhealthy", text("no_rebalance")),
                    ]),
                ]),
            ),
            ("vpc_id", text("vpc-1")),
        ],
    );
    targets.group = u("alb -> site : forward \"/a/*\"");
    let resources = vec![
        queue,
        policy_of_queue,
        group,
        instance,
        targets,
        log,
        resource(
            "variables",
            "aws_sns_topic",
            &[
                ("name", text("a-name-that-is-not-short-but-still-fine")),
                (
                    "policy",
                    Doc::Encoded(Box::new(object(&[
                        ("a", text("b")),
                        (
                            "script",
                            template(
                                "#!/bin/sh\n\n  echo ${x} $",
                                &[(input("stage"), "\n\techo\n")],
                            ),
                        ),
                        ("ratio", Doc::Float("0.50".parse().expect("a number"))),
                        (
                            "long",
                            Doc::List(vec![
                                Doc::Late(of("jobs.main", "arn")),
                                Doc::Late(of("db.main", "address")),
                                Doc::Late(found("site.found", "arn")),
                            ]),
                        ),
                        (
                            "objects",
                            Doc::List(vec![
                                object(&[("for", text("x")), ("a-b", object(&[]))]),
                                object(&[("y", Doc::List(vec![]))]),
                            ]),
                        ),
                    ]))),
                ),
            ],
        ),
    ];
    let outputs = [
        ("queue_url", Doc::Late(id_of("jobs.main"))),
        (
            "certificate",
            template("", &[(found("site.found", "arn"), "")]),
        ),
        (
            "dsn",
            template("postgres://app:", &[(input("password"), "@db")]),
        ),
    ];
    sample::program(Target::Terraform, vec![certificate], resources, &outputs)
}

#[test]
fn the_sample() {
    sample::assert_files("terraform/sample", &emit(&sample(), Options::default()));
}

#[test]
fn edges_stand_with_their_target() {
    let all: Vec<_> = ["web", "api[\"x\"]", "alb", "main", "outputs"]
        .into_iter()
        .map(|it| resource(it, "t", &[]))
        .collect();
    let mut all = all;
    all[1].group = u("api[\"x\"]");
    let files = Files::new(&all);
    assert_eq!(files.of("api[\"y\"]"), "api");
    assert_eq!(files.of("alb -> web : forward \"/*\""), "web");
    assert_eq!(files.of("[alb, web] -> internet : https"), "alb");
    assert_eq!(files.of("x -> y : https"), "edges");
    assert_eq!(files.of("outputs"), "outputs_resources");
}
