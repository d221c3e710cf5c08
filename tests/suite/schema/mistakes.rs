//! The check itself: what is wrong is seen.

use super::check;
use crate::library::read_texts;

const QUEUE: &str = r#"
resource type sqs.queue {
  cfn = "AWS::SQS::Queue", terraform = "aws_sqs_queue", pulumi = "aws:sqs:Queue"

  name: Name { cfn = "QueueName" }
  visibility: Duration = 30s as it.seconds { cfn = "VisibilityTimeout", terraform = "visibility_timeout_seconds" }
  tags: Tags
  output arn: Arn
  output url: String { cfn = ref, terraform = "url" }
}

resource type sqs.queue_policy {
  cfn = "AWS::SQS::QueuePolicy", terraform = "aws_sqs_queue_policy", pulumi = "aws:sqs:QueuePolicy"

  queue: sqs.queue as it.url { cfn = "Queues[]", terraform = "queue_url" }
  document: Document         { cfn = "PolicyDocument", terraform = "policy" }
}
"#;

/// What is wrong, what is written instead of what, and what is said about it.
const MISTAKES: &[(&str, &str, &str, &str)] = &[
    (
        "no such type",
        "AWS::SQS::Queue\"",
        "AWS::SQS::Queues\"",
        "no tool knows",
    ),
    (
        "no such property",
        "\"QueueName\"",
        "\"Name\"",
        "there is no `Name`",
    ),
    (
        "no such property by convention",
        "name: Name { cfn",
        "title: Name { cfn",
        "terraform: title at `title`: there is no `title`",
    ),
    (
        "no such property in Pulumi",
        "visibility_timeout_seconds\" }",
        "visibility_timeout_seconds\", pulumi = \"visibility\" }",
        "pulumi: visibility",
    ),
    (
        "read-only",
        "\"QueueName\" }",
        "\"QueueName\", terraform = \"url\" }",
        "can only be read",
    ),
    (
        "no conversion",
        " as it.seconds",
        "",
        "a duration or size without a conversion",
    ),
    (
        "no such attribute",
        "output arn: Arn",
        "output place: Arn",
        "`Place` is no attribute",
    ),
    (
        "no such output",
        "terraform = \"url\" }",
        "terraform = \"link\" }",
        "there is no `link`",
    ),
    (
        "a list that is none",
        "\"QueueName\"",
        "\"QueueName[]\"",
        "not a list",
    ),
    (
        "no element",
        "\"Queues[]\"",
        "\"Queues\"",
        "takes list, is given text",
    ),
    (
        "required",
        "document: Document         { cfn = \"PolicyDocument\", terraform = \"policy\" }",
        "",
        "nothing sets `PolicyDocument`",
    ),
    (
        "a resource as it is",
        " as it.url",
        "",
        "a resource without a conversion",
    ),
];

#[test]
fn mistakes_are_seen() {
    let problems = |text: &str| {
        check(&read_texts([(
            "sqs".to_owned(),
            "queue.topo".to_owned(),
            text.to_owned(),
        )]))
    };
    assert_eq!(problems(QUEUE), Vec::<String>::new());
    for (what, find, put, said) in MISTAKES {
        assert!(QUEUE.contains(find), "{what}: the text lost `{find}`");
        let found = problems(&QUEUE.replacen(find, put, 1));
        assert!(
            found.iter().any(|it| it.contains(said)),
            "{what}: {found:#?}"
        );
    }
}
