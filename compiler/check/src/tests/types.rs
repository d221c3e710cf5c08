//! Types: what fits, members, optional values, operators, refinements.

use super::expect;

const SHOP: &str = r#"topology shop { region = "eu-central-1" }
network main { cidr = 10.0.0.0/16, zones = [a, b], subnet app { tier = private }, subnet data { tier = isolated } }
"#;

fn shop(text: &str) -> String {
    format!("{SHOP}{text}")
}

#[test]
fn values_fit_their_places() {
    expect(
        &shop("queue jobs { visibility = 30, fifo = \"yes\", max_receives = 5 }\n"),
        "E0301 3:27 expected Duration, found Int\nE0301 3:38 expected Bool, found String",
    );
    expect(
        &shop("param a: List<String> = \"x\"\n"),
        "E0301 3:25 expected List<String>, found String",
    );
    expect(
        &shop(
            "param a: Range<Int> = 2\nparam b: Zones = 3\nparam c: Float = 1\nparam d: Port = 80\n",
        ),
        "",
    );
    expect(
        &shop("param a: Port = 70000\n"),
        "E0303 3:17 `70000` is no port",
    );
    expect(&shop("param a: Arn = \"x\"\n"), "E0301 3:16 `x` is no Arn");
    expect(
        &shop("param a: String = none\nparam b: String? = none\n"),
        "E0308 3:19 expected String, found none",
    );
    expect(
        &shop("param a: Range<Int> = 9..3\n"),
        "E0303 3:23 this range is empty",
    );
}

#[test]
fn members_stand_bare() {
    expect(
        "topology t { region = \"eu-central-1\" }\nnetwork main { cidr = 10.0.0.0/16, subnet app { tier = small } }\n",
        "E0306 2:56 `small` is not a member of Tier",
    );
    expect(
        &shop("enum Size { small, big }\nparam size: Size = smal\n"),
        "E0306 4:20 `smal` is not a member of Size",
    );
    expect(
        &shop(
            "enum Tone { low, high }\nparam high: Tone = low\nparam b: Tone = high\nlet c = b == Tone.high\nlet d = b == Tone.hig\n",
        ),
        "E0307 5:17 `high` is both a member of Tone and a value\nE0306 7:19 `hig` is not a member of Tone",
    );
    expect(
        &shop(
            "param postgres: Bool = true\ndatabase db in main.data { engine = postgres, version = \"16\" }\n",
        ),
        "",
    );
}

#[test]
fn absent_values_are_asked_for_first() {
    expect(
        &shop("param a: String?\nlet b: String = a\n"),
        "E0308 4:17 expected String, found String?",
    );
    expect(
        &shop(
            "param a: String?\nlet b: String = a ?? \"x\"\nlet c: String = if a != none then a else \"x\"\n",
        ),
        "",
    );
    expect(
        &shop("param a: String?\nlet b = \"x{a}\"\n"),
        "E0308 4:12 expected String, found String?",
    );
    expect(
        &shop("param a: Int?\nassert a != none\nlet b = a + 1\n"),
        "",
    );
    expect(
        &shop("param a: Int?\nlet b = a != none and a > 1\nlet c = a == none or a > 1\n"),
        "",
    );
    expect(
        &shop("param on: Bool\nif on { queue jobs }\nlet u = jobs.url\n"),
        "E0308 5:9 expected queue, found queue?",
    );
    expect(
        &shop("param on: Bool\nif on { queue jobs }\nif on { output u: String = jobs.url }\n"),
        "",
    );
    expect(
        &shop(
            "param on: Bool\nif on { queue jobs }\noutput u: String = if on then jobs.url else \"\"\n",
        ),
        "",
    );
}

#[test]
fn operators_take_what_goes_together() {
    expect(
        &shop("let a = \"x\" + \"y\"\n"),
        "E0305 3:9 `+` does not take String and String",
    );
    expect(
        &shop("let a = 1 + 30s\n"),
        "E0305 3:9 `+` does not take Int and Duration",
    );
    expect(
        &shop(
            "let a = 256 / 1024\nlet b = 512 * 1MiB\nlet c: Float = 7d / 1d\nlet d: Bool = 1 < 2.5\n",
        ),
        "",
    );
    expect(&shop("let a = 1 / 0\n"), "E0309 3:13 division by zero");
    expect(
        &shop("let a = \"x\" < \"y\"\n"),
        "E0305 3:9 `<` does not take String and String",
    );
    expect(
        &shop("let a = \"{30s}\"\n"),
        "E0301 3:11 Duration cannot be inserted into text",
    );
    expect(
        &shop("let a = 1 == \"x\"\n"),
        "E0301 3:14 expected Float, found String",
    );
}

#[test]
fn refinements_hold_for_what_is_written() {
    expect(
        &shop("queue jobs { max_receives = 2000 }\n"),
        "E0303 3:29 `max_receives` must lie between 1 and 1000",
    );
    expect(
        &shop("param a: String where matches r\"[a-z]+\" = \"A\"\n"),
        "E0303 3:43 `a` must match [a-z]+",
    );
    expect(
        &shop("param a: String where chars \"a-z0-9-\" and length 1..3 = \"a-b-c\"\n"),
        "E0303 3:57 `a` must have 1 to 3 characters",
    );
    expect(
        &shop("param a: Duration where >= 1d = 1h\n"),
        "E0303 3:33 `a` must be at least 1d",
    );
}

#[test]
fn secrets_stay_secret() {
    expect(
        &shop("param a: Secret\n"),
        "E0310 3:10 a param cannot be a Secret",
    );
    expect(
        &shop("input a: Secret\nlet b = \"x{a}\"\noutput c: String = b\n"),
        "E0310 5:20 a secret may stand only where a Secret is expected",
    );
    expect(
        &shop("input a: Secret\nlet b = a == a\n"),
        "E0310 4:9 secrets cannot be compared",
    );
}

#[test]
fn families_need_keys() {
    expect(
        &shop("for n in [\"x\", \"y\"] {\n  queue jobs\n}\n"),
        "E0402 4:9 `queue jobs` is declared once per turn of this loop, so it needs a key",
    );
    expect(
        &shop(
            "for n in [\"x\", \"y\"] {\n  queue jobs[n]\n}\noutput u: String = jobs[\"x\"].url\n",
        ),
        "",
    );
    expect(
        &shop("for n in [\"x\"] { queue jobs[n] }\noutput u: String = jobs.url\n"),
        "E0207 4:25 `jobs`, which is a family: one of them is `jobs[\"…\"]` has no `url`",
    );
    expect(
        &shop("for n in 3 { queue jobs[n] }\n"),
        "E0301 3:10 expected a list, found Int",
    );
}

#[test]
fn additions_go_to_collectors() {
    expect(
        &shop("queue jobs\njobs.visibility += 3s\n"),
        "E0406 4:6 `visibility` of a queue is no collector",
    );
    expect(
        &shop(
            "kind team {\n  collect people: List<String>\n  for p in people { queue jobs[p] }\n}\n",
        ),
        "E0406 5:12 a collector cannot decide which nodes or edges exist",
    );
}
