//! Stages: late values that decide.

use super::expect;

const SHOP: &str = r#"topology shop { region = "eu-central-1" }
network main { cidr = 10.0.0.0/16, zones = [a, b], subnet app { tier = private }, subnet data { tier = isolated } }
"#;

fn shop(text: &str) -> String {
    format!("{SHOP}{text}")
}

#[test]
fn inputs_decide_nothing() {
    let report = "this decides what exists, so it must be known when compiling";
    expect(
        &shop("input domain: String\nif domain != \"\" { queue jobs }\n"),
        &format!("E0312 4:4 {report}"),
    );
    expect(
        &shop("input on: Bool\nlet really = on\nif really { queue jobs }\n"),
        &format!("E0312 5:4 {report}"),
    );
    expect(
        &shop("queue jobs\nif jobs.url == \"x\" { queue more }\n"),
        &format!("E0312 4:4 {report}"),
    );
    expect(&shop("queue jobs\nif jobs.fifo { queue more }\n"), "");
    expect(
        &shop("input n: String\nfor x in split(n, \",\") { queue jobs[x] }\n"),
        &format!("E0312 4:16 {report}\nE0312 4:37 {report}"),
    );
    expect(
        &shop(
            "input image: Image\nlet apis = [{ name = \"a\", image = image }]\nfor a in apis { service api[a.name] in main.app { image = a.image } }\n",
        ),
        "",
    );
    expect(
        &shop(
            "input image: String\nlet apis = [{ name = image }]\nfor a in apis { queue api[a.name] }\n",
        ),
        &format!("E0312 5:27 {report}"),
    );
    expect(
        &shop("input a: String?\n"),
        "E0312 3:10 an input is always there",
    );
}

#[test]
fn attributes_that_decide_are_early() {
    let kind = "kind inner {\n  on: Bool\n  if on { queue jobs }\n}\nkind team {\n  open: Bool\n  note: String = \"\"\n  \
                inner parts { on = open }\n  output text: String = note\n}\n";
    let text = format!("{kind}input open: Bool\ninput note: String\nteam web {{ open, note }}\n");
    expect(
        &shop(&text),
        "E0313 15:12 `open` of a team must be known when compiling",
    );
    expect(
        &shop("input safe: Bool\nqueue jobs { fifo = safe }\n"),
        "E0313 4:21 `fifo` of a queue must be known when compiling",
    );
    expect(
        &shop("input name: Image\nservice web in main.app { image = name }\n"),
        "",
    );
}

#[test]
fn an_input_brings_the_proof_of_what_is_allowed() {
    let kind = "kind team {\n  size: Int where 1..9\n  code: String where matches r\"[a-z]+\"\n  output n: Int = size\n}\n";
    let with = |size: &str, code: &str| {
        shop(&format!(
            "{kind}input size: Int{size}\ninput code: String{code}\nteam web {{ size, code }}\n"
        ))
    };
    expect(&with(" where 2..3", " where matches r\"[a-z]+\""), "");
    expect(
        &with(" where >= 1 and < 9", " where matches r\"[a-z]+\""),
        "",
    );
    expect(
        &with(" where 0..3", ""),
        "E0303 10:12 nothing says that `size` is what `size` allows\n\
         E0303 10:18 nothing says that `code` is what `code` allows",
    );
}
