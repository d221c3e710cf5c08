//! `topoc explain`, and how a run that fails leads to it.

use crate::home::{Home, stderr};

/// Standard output of a run that succeeds.
fn shown(arguments: &str) -> String {
    let output = Home::empty().run(arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn one_page_has_many_names() {
    let page = shown("explain E0203");
    assert!(
        page.starts_with("E0203: an attribute that the kind does not have\n\nWhat it means\n\n  ")
    );
    assert!(
        page.contains("\n    queue jobs { visibilty = 2m }\n"),
        "{page}"
    );
    assert!(!page.contains("```") && !page.contains("##"), "{page}");
    for name in [
        "e0203",
        "unknown-attribute",
        "unknown_attribute",
        "Unknown-Attribute",
    ] {
        assert_eq!(shown(&format!("explain {name}")), page, "{name}");
    }
}

#[test]
fn a_lint_of_a_kind_leads_to_its_assertion() {
    let page = shown("explain single_zone_database");
    let head = "`single_zone_database` is a lint of the library, std/aws/rds/database.topo:";
    assert!(page.starts_with(head), "{page}");
    assert!(
        page.contains("\n    assert multi_az because \"a database in one zone is lost with it\"")
    );
    assert!(page.ends_with(&shown("explain W0707")), "{page}");
}

#[test]
fn without_a_code_all_are_listed() {
    let list = shown("explain");
    assert!(
        list.starts_with("syntax\n  E0100  error    unexpected-token  "),
        "{list}"
    );
    assert!(
        list.contains("\n\nlints\n  W0701  warning  single-zone  "),
        "{list}"
    );
    let rows = list.lines().filter(|it| it.starts_with("  "));
    assert_eq!(rows.count(), topoc_driver::CATALOGUE.len());
}

#[test]
fn unknown_codes_are_wrong_usage() {
    for (name, meant) in [
        ("E0230", "did you mean `E0203`?"),
        ("unknown-atribute", "did you mean `unknown-attribute`?"),
        (
            "single_zone_datebase",
            "did you mean `single_zone_database`?",
        ),
        ("weather", "`topoc explain` lists all of them"),
    ] {
        let output = Home::empty().run(&format!("explain {name}"));
        assert_eq!(output.status.code(), Some(2), "{name}");
        let told = format!("error: no code, slug or lint is called `{name}`\n\n  tip: {meant}\n");
        assert!(stderr(&output).starts_with(&told), "{}", stderr(&output));
    }
}

#[test]
fn a_run_that_fails_says_once_where_to_learn_more() {
    let program =
        "topology shop { region = \"eu-central-1\" }\n\nqeue jobs\nqueue more { visibilty = 2m }\n";
    let reports = stderr(&Home::with(program).run("check main.topo"));
    assert!(
        reports.ends_with(
            "\n2 errors; more checks follow once they are repaired; `topoc explain CODE` says more: E0202, E0203\n"
        ),
        "{reports}"
    );
    let reports = stderr(&Home::empty().run("check main.topo"));
    let whole = "error[E0901]: `main.topo` cannot be read: there is no such file\n\n1 error; `topoc explain E0901` says more\n";
    assert_eq!(reports, whole);
}

/// A bucket that tells a queue: in CloudFormation the notification is a piece of the bucket.
const PICTURES: &str = "topology shop { region = \"eu-central-1\" }\n\nbucket pictures\nqueue arrivals\n\npictures -> arrivals : on created\n";

fn asked(resource: &str) -> std::process::Output {
    Home::with(PICTURES).run(&format!("explain main.topo {resource}"))
}

#[test]
fn a_resource_leads_to_its_lines() {
    let output = asked("pictures.notify");
    let text = String::from_utf8(output.stdout).unwrap();
    // How far lines are moved in depends on the numbers of the library's lines.
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    let library = lines.iter().position(|it| it.starts_with("├─[ std/"));
    let expected = [
        "`pictures.notify` is",
        "",
        "CloudFormation  a piece of another resource",
        "Terraform       aws_s3_bucket_notification.pictures_notify",
        "Pulumi          pictures-notify, aws:s3:BucketNotification",
        "",
        "because of",
        "╭─[ main.topo:3:8 ]",
        "│",
        "3 │ bucket pictures",
        "│        ────┬───",
        "│            ╰───── it belongs to this",
        "│",
        "6 │ pictures -> arrivals : on created",
        "│ ────────────────┬────────────────",
        "│                 ╰────────────────── this edge leads to it",
        "│",
    ];
    assert_eq!(&lines[..library.unwrap()], &expected);
    for name in [
        "aws_s3_bucket_notification.pictures_notify",
        "pictures-notify",
    ] {
        assert_eq!(
            String::from_utf8(asked(name).stdout).unwrap(),
            text,
            "{name}"
        );
    }
    let queue = String::from_utf8(asked("ArrivalsMain").stdout).unwrap();
    assert!(queue.starts_with("`arrivals.main` is\n"), "{queue}");
}

#[test]
fn resources_are_listed() {
    let all = String::from_utf8(asked("").stdout).unwrap();
    assert!(
        all.contains("\narrivals.main         aws_sqs_queue.arrivals_main\n"),
        "{all}"
    );
    let one = String::from_utf8(asked("pictures").stdout).unwrap();
    assert!(one.lines().all(|it| it.starts_with("pictures.")), "{one}");
    assert!(one.contains("pictures.notify"), "{one}");
    for edge in ["pictures->arrivals", "pictures->arrivals:oncreated"] {
        let led_to = String::from_utf8(asked(edge).stdout).unwrap();
        let paths = led_to.lines().map(|it| it.split(' ').next().unwrap());
        let paths: Vec<&str> = paths.collect();
        assert_eq!(paths, ["arrivals.policy", "pictures.notify"], "{edge}");
    }
}

#[test]
fn a_part_of_a_name_is_enough_where_it_is_the_only_one() {
    let whole = String::from_utf8(asked("pictures.notify").stdout).unwrap();
    for name in [
        "notify",
        "pictures_notify",
        "module.shop.aws_s3_bucket_notification.pictures_notify",
    ] {
        let text = String::from_utf8(asked(name).stdout).unwrap();
        assert_eq!(text, whole, "{name}");
    }
    let several = String::from_utf8(asked("main").stdout).unwrap();
    let paths = several.lines().map(|it| it.split(' ').next().unwrap());
    let paths: Vec<&str> = paths.collect();
    assert_eq!(
        paths,
        ["pictures.main", "arrivals.main", "arrivals.failed.main"]
    );
    let near = stderr(&asked("arivals"));
    assert!(
        near.contains("\n  tip: did you mean `arrivals`?\n"),
        "{near}"
    );
}

#[test]
fn unknown_resources_are_wrong_usage() {
    let output = asked("aws_sqs_queue.arivals_main");
    assert_eq!(output.status.code(), Some(2));
    let told = "error: the program has no resource, no node and no edge called `aws_sqs_queue.arivals_main`\n\n  tip: did you mean `aws_sqs_queue.arrivals_main`?\n";
    assert!(stderr(&output).starts_with(told), "{}", stderr(&output));
    let broken = Home::with("qeue jobs\n").run("explain main.topo jobs");
    assert_eq!(broken.status.code(), Some(1));
}
