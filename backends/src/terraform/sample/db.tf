resource "aws_db_subnet_group" "db_group" {
  description = <<-EOT
    line one
    line $${two}
  EOT

  subnet_ids = var.subnet_ids
}

resource "aws_db_instance" "db_main" {
  engine                          = "postgres"
  engine_version                  = "16"
  instance_class                  = "db.t4g.micro"
  allocated_storage               = 20
  availability_zone               = data.aws_availability_zones.available.names[0]
  db_subnet_group_name            = aws_db_subnet_group.db_group.name
  username                        = "app"
  password                        = var.password
  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]
  skip_final_snapshot             = true

  lifecycle {
    ignore_changes = [password, engine_version]
  }

  depends_on = [
    aws_sqs_queue_policy.jobs_policy,
    aws_lb_target_group.site_a_any_targets,
    aws_cloudwatch_log_group.front_log,
  ]
}
