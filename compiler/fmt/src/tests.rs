//! Layouts, before and after.

use crate::format;

/// Formats, and formats again.
fn formatted(text: &str) -> String {
    let once = format(text).text;
    assert_eq!(format(&once).text, once, "the layout has another layout");
    once
}

#[track_caller]
fn check(before: &str, after: &str) {
    let lines: Vec<&str> = after
        .lines()
        .map(|it| it.strip_prefix("    ").unwrap_or(it))
        .collect();
    assert_eq!(formatted(before).trim_end(), lines.join("\n").trim());
}

#[test]
fn one_line() {
    for (before, after) in [
        ("queue   jobs", "queue jobs"),
        (
            "queue jobs{visibility=2m,fifo=true}",
            "queue jobs { visibility = 2m, fifo = true }",
        ),
        (
            "queue jobs { visibility = 2m\n fifo = true }",
            "queue jobs { visibility = 2m, fifo = true }",
        ),
        ("a->b:postgres,https", "a -> b : postgres, https"),
        (
            "a  ->  b : forward \"/*\"{priority=1}",
            "a -> b : forward \"/*\" { priority = 1 }",
        ),
        ("let x=-1+2*(3 -y) .. 4", "let x = -1 + 2 * (3 - y)..4"),
        (
            "let f( a : List< Int ? > , b:Int ):Int=a [ 0 ] ?? b",
            "let f(a: List<Int?>, b: Int): Int = a[0] ?? b",
        ),
        ("let x = a<b and not(c)", "let x = a < b and not (c)"),
        (
            "assert only[a,b]can reach c:tcp 5432",
            "assert only [a, b] can reach c : tcp 5432",
        ),
        (
            "@allow (x,reason=\"y\") queue q",
            "@allow(x, reason = \"y\")\nqueue q",
        ),
        ("for i,x in xs{queue q[i]}", "for i, x in xs { queue q[i] }"),
        (
            "service w [ k ] in[main.a , main.b]{image}",
            "service w[k] in [main.a, main.b] { image }",
        ),
        (
            "let m = {for k,v in xs:\"{k}\"=v.id}",
            "let m = { for k, v in xs: \"{k}\" = v.id }",
        ),
    ] {
        assert_eq!(formatted(before).trim_end(), after);
    }
}

#[test]
fn redundant() {
    for (before, after) in [
        ("queue jobs {}", "queue jobs"),
        ("network main {}", "network main {}"),
        ("[a] -> [b] : send", "a -> b : send"),
        ("[a[\"x\"]] -> b : send", "a[\"x\"] -> b : send"),
        ("kind k { size: Int? = none }", "kind k { size: Int? }"),
        (
            "kind k { output o: Int? = none }",
            "kind k { output o: Int? = none }",
        ),
        ("kind k { }", "kind k {}"),
        ("let x = {}", "let x = {}"),
    ] {
        assert_eq!(formatted(before).trim_end(), after);
    }
}

#[test]
fn several_lines() {
    check(
        "network main {\n\n\n cidr = 10.0.0.0/16, zones = [a]\n\n\n\n subnet a { tier = public }\n subnet bcd { tier = private } }",
        "network main {
      cidr  = 10.0.0.0/16
      zones = [a]

      subnet a   { tier = public }
      subnet bcd { tier = private }
    }",
    );
    check(
        "web -> db : postgres\nfront -> internet : https\n\na -> b : c",
        "web   -> db       : postgres
    front -> internet : https

    a -> b : c",
    );
    check(
        "let x = [\n1, 2, 3]",
        "let x = [
      1
      2
      3
    ]",
    );
    check(
        "if a { queue x } else { queue y }\nif b { queue x } else { queue y\nqueue z }",
        "if a { queue x }
    else { queue y }
    if b {
      queue x
    } else {
      queue y
      queue z
    }",
    );
}

#[test]
fn too_long() {
    check(
        "assert a_rather_long_condition_about_something == another_long_thing because \"it would not fit on one line\"",
        "assert a_rather_long_condition_about_something == another_long_thing
      because \"it would not fit on one line\"",
    );
    check(
        "let things = [for thing in a_list_with_a_name if thing.is_wanted: { name = thing.name, value = thing.value }]",
        "let things = [
      for thing in a_list_with_a_name if thing.is_wanted: { name = thing.name, value = thing.value }
    ]",
    );
    check(
        "let holds = first_condition_with_a_long_name and second_condition_with_a_long_name and a_third_one_which_is_long",
        "let holds =
      first_condition_with_a_long_name
      and second_condition_with_a_long_name
      and a_third_one_which_is_long",
    );
}

#[test]
fn comments() {
    check(
        "// head\n\n\n// more\nqueue a // one\nqueue bcd   // two\nlet x = [ // list\n  1, // first\n  // alone\n  2\n  // last\n]\n// end",
        "// head

    // more
    queue a    // one
    queue bcd  // two
    let x = [  // list
      1  // first
      // alone
      2
      // last
    ]
    // end",
    );
    check(
        "let x = a // why\n  + b\nlet y = f(a, // first\n b)",
        "let x = a  // why
      + b
    let y = f(
      a,  // first
      b
    )",
    );
    check(
        "if a { queue x } // one\nelse { queue y } // two",
        "if a { queue x }  // one
    else { queue y }  // two",
    );
}

#[test]
fn docs_above_notes() {
    check(
        "@allow(x)\n/// What it is.\n\nqueue a",
        "/// What it is.
    @allow(x)
    queue a",
    );
}

#[test]
fn tables_of_spellings() {
    check(
        "resource type a.b {\n cfn=\"A::B\"\n terraform=\"a_b\"\n\n /// Doc.\n name: Name {cfn=\"N\"}\n tags: Tags\n long_name: String? {cfn=\"L\",terraform=\"l\"}\n}",
        "resource type a.b {
      cfn = \"A::B\", terraform = \"a_b\"

      /// Doc.
      name: Name         { cfn = \"N\" }
      tags: Tags
      long_name: String? { cfn = \"L\", terraform = \"l\" }
    }",
    );
}

#[test]
fn mistakes_stay() {
    for (before, after) in [
        (
            "queue   a\n)  oops(\nqueue   b",
            "queue a\n)  oops(\nqueue   b",
        ),
        (
            "queue   a\nqueue  = 3 4\nqueue   b",
            "queue a\nqueue  = 3 4\nqueue b",
        ),
        (
            "queue   a\nlet x  = \"open\nqueue   b",
            "queue a\nlet x  = \"open\nqueue b",
        ),
        ("queue   a\n  )\nqueue   b\n)", "queue a\n)\nqueue   b\n)"),
        ("a   ;b  /* c */\nqueue   d", "a   ;b  /* c */\nqueue d"),
        (
            "queue a {\n  x:   1\n  y  = 2\n}",
            "queue a {\n  x:   1\n  y = 2\n}",
        ),
    ] {
        assert_eq!(formatted(before).trim_end(), after);
    }
}

#[test]
fn line_ends() {
    assert_eq!(
        formatted("\u{feff}queue a  \r\n\r\n\r\nqueue b"),
        "queue a\n\nqueue b\n"
    );
    assert_eq!(formatted(""), "");
    assert_eq!(formatted("\n\n"), "");
    let text = "let x = \"\"\"\n    keep   this\n  \"\"\"\n";
    assert_eq!(formatted(text), text);
}

#[test]
fn words_that_go_on() {
    let text = "let x = [\n  on.a, as.b\n]";
    assert!(formatted(text).contains("on.a,\n"), "{}", formatted(text));
}
