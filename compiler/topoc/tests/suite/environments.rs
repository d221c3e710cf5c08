//! Programs with environments: all are checked, and reports say which have them.

use crate::home::{Home, stderr};

const PROGRAM: &str = "topology shop { region = \"eu-central-1\" }\n\nparam wait: Duration\nenv dev { wait = 30m }\nenv test { wait = 5d }\nenv prod { wait = 6d }\n\nqueue jobs { visibility = 1m, retention = wait }\nassert jobs.retention < 4d because \"nothing waits that long\"\n";
const ALWAYS: &str = "queue mail { visibility = 30s, retention = 5s }\n";

#[test]
fn a_report_names_the_environments_that_have_it() {
    let home = Home::with(PROGRAM);
    let told = home.is_refused("check main.topo", "error[E0404]: nothing waits that long");
    assert!(
        told.contains("Note: in the environments `test` and `prod`"),
        "{told}"
    );
    assert_eq!(told.matches("error[").count(), 1, "{told}");
    home.does("check main.topo --env dev");
    let told = home.is_refused("check main.topo --env prod", "error[E0404]");
    assert!(!told.contains("Note: in the environment"), "{told}");
}

#[test]
fn what_all_have_is_said_of_none() {
    let home = Home::with(&format!("{PROGRAM}{ALWAYS}"));
    let told = home.is_refused("check main.topo", "error[E0404]");
    assert_eq!(told.matches("error[").count(), 2, "{told}");
    assert_eq!(
        told.matches("Note: in the environment").count(),
        1,
        "{told}"
    );
}

#[test]
fn tools_are_told_the_environments() {
    let home = Home::with(&format!("{PROGRAM}{ALWAYS}"));
    let output = home.run("check main.topo --format json");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let reports = told["reports"].as_array().unwrap();
    let told: Vec<String> = reports
        .iter()
        .map(|it| format!("{} {}", it["code"], it["environments"]))
        .collect();
    assert_eq!(
        told,
        [
            r#""E0404" ["test","prod"]"#,
            r#""E0303" ["dev","test","prod"]"#
        ]
    );
}
