output "queue_url" {
  description = "Where it is."
  value       = aws_sqs_queue.jobs_main.id
}

output "certificate" {
  description = "Where it is."
  value       = data.aws_acm_certificate.site_found.arn
}

output "dsn" {
  description = "Where it is."
  value       = "postgres://app:${var.password}@db"
  sensitive   = true
}
