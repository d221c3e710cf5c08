//! The sample program as a template in both notations, and what stands in texts with holes.

use topoc_ir::{Doc, LateDoc, Piece, Retain, Target, Verified};

use crate::sample::{
    self, fields, found, id, id_of, input, lookup, object, of, policy, resource, template, text,
    texts, u,
};
use crate::{Format, Options, emit};

fn sample() -> Verified {
    let mut certificate = lookup("site.found", "String", &[]);
    certificate.parameters = vec![(u("arn"), u("String"), None)];
    let mut queue = resource(
        "jobs.main",
        "AWS::SQS::Queue",
        &[
            ("QueueName", text("shop-jobs")),
            ("VisibilityTimeout", Doc::Int(1_000_000 / 50)),
            (
                "Tags",
                Doc::List(vec![object(&[
                    ("Key", text("on")),
                    ("Value", text("0755")),
                ])]),
            ),
        ],
    );
    queue.retain = Retain::Keep;
    queue.docs = Some(u("Jobs for\nthe worker."));
    queue.allows = vec![(u("no_dead_letters"), u("jobs are \"made\" again"))];
    let mut policy_of_queue = resource(
        "jobs.policy",
        "AWS::SQS::QueuePolicy",
        &[
            ("Queues", Doc::List(vec![Doc::Late(id_of("jobs.main"))])),
            (
                "PolicyDocument",
                policy(
                    ["Version", "Statement", "Resource", "Condition"],
                    of("jobs.main", "Arn"),
                ),
            ),
        ],
    );
    policy_of_queue.docs = queue.docs;
    let secret = LateDoc::Resolve(vec![
        Piece::Text(u("secretsmanager:")),
        Piece::Late(id_of("db.secret")),
        Piece::Text(u(":SecretString:password")),
    ]);
    let mut parameter = resource(
        "settings[\"/a/*\"]",
        "AWS::SSM::Parameter",
        &[
            ("Type", text("String")),
            (
                "Value",
                Doc::Encoded(Box::new(object(&[
                    ("queue", Doc::Late(of("jobs.main", "Arn"))),
                    ("tasks", Doc::Late(input("tasks"))),
                    ("ratio", Doc::Float("0.50".parse().expect("a number"))),
                    ("zone", Doc::Late(LateDoc::ZoneSlot(1))),
                    ("text", template("a \"${b}\" ", &[(input("stage"), "\n")])),
                    ("deep", Doc::Encoded(Box::new(texts(&["\"x\""])))),
                ]))),
            ),
        ],
    );
    parameter.after = vec![id("db.secret"), id("db.group")];
    let resources = vec![
        queue,
        policy_of_queue,
        resource(
            "db.secret",
            "AWS::SecretsManager::Secret",
            &[(
                "SecretString",
                Doc::Encoded(Box::new(object(&[("a", text("${b}"))]))),
            )],
        ),
        resource(
            "db.group",
            "AWS::RDS::DBSubnetGroup",
            &[
                ("DBSubnetGroupDescription", text("line one\nline ${two}\n")),
                ("SubnetIds", Doc::Late(input("subnet_ids"))),
            ],
        ),
        resource(
            "db.main",
            "AWS::RDS::DBInstance",
            &[
                ("Engine", text("postgres")),
                ("EngineVersion", text("16")),
                ("DBInstanceClass", text("db.t4g.micro")),
                ("AllocatedStorage", text("20")),
                ("AvailabilityZone", Doc::Late(LateDoc::ZoneSlot(0))),
                ("DBSubnetGroupName", Doc::Late(id_of("db.group"))),
                ("MasterUsername", text("app")),
                ("MasterUserPassword", Doc::Late(secret)),
                ("StorageEncrypted", Doc::Bool(true)),
            ],
        ),
        parameter,
    ];
    let outputs = [
        ("queue_url", Doc::Late(id_of("jobs.main"))),
        (
            "certificate",
            template("", &[(found("site.found", "arn"), "")]),
        ),
    ];
    sample::program(Target::Cfn, vec![certificate], resources, &outputs)
}

#[test]
fn the_sample_in_both_notations() {
    for format in [Format::Json, Format::Yaml] {
        sample::assert_files(
            "cloudformation/sample",
            &emit(&sample(), Options { format }),
        );
    }
}

#[test]
fn json_is_json_with_every_key_once() {
    let files = emit(&sample(), Options::default());
    let json: serde_json::Value = serde_json::from_str(&files[0].text.to_string()).expect("JSON");
    let value = &json["Resources"]["SettingsAAny"]["Properties"]["Value"]["Fn::Sub"][0];
    assert_eq!(
        value.as_str(),
        Some(concat!(
            r#"{"queue":"${JobsMain.Arn}","tasks":${Tasks},"ratio":0.5,"zone":"${AvailabilityZone1}","#,
            r#""text":"a \"${!b}\" ${Stage}\n","deep":"[\"\\\"x\\\"\"]"}"#
        ))
    );
    let plain = &json["Resources"]["DbSecret"]["Properties"]["SecretString"];
    assert_eq!(
        plain.as_str(),
        Some(r#"{"a":"${b}"}"#),
        "no holes, no Fn::Sub"
    );
    let _ = fields(&[]);
}
