# variables
resource "aws_sns_topic" "variables" {
  name = "a-name-that-is-not-short-but-still-fine"

  policy = jsonencode({
    a      = "b"
    script = <<-EOT
      #!/bin/sh

        echo $${x} ${"$"}${var.stage}
      	echo
    EOT
    ratio  = 0.5
    long = [
      aws_sqs_queue.jobs_main.arn,
      aws_db_instance.db_main.address,
      data.aws_acm_certificate.site_found.arn,
    ]
    objects = [
      {
        "for" = "x"
        "a-b" = {}
      },
      { y = [] },
    ]
  })
}
