# Jobs for
# the worker.
# allowed: no_dead_letters (jobs are "made" again)
resource "aws_sqs_queue" "jobs_main" {
  name                       = "shop-jobs"
  visibility_timeout_seconds = 20000

  tags = {
    on    = "0755"
    "a:b" = "%%{x}"
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_sqs_queue_policy" "jobs_policy" {
  queue_url = aws_sqs_queue.jobs_main.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = aws_sqs_queue.jobs_main.arn
        Condition = {
          StringLike = {
            "aws:PrincipalTag/\"team\"" = "$${aws:username}"
            "aws:SourceArn"             = "arn:aws:s3:::${data.aws_caller_identity.current.account_id}-$${x}-${"$$"}${var.stage}"
          }
        }
      },
    ]
  })
}
