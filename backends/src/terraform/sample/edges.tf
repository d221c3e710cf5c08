# alb -> site : forward "/a/*"
resource "aws_lb_target_group" "site_a_any_targets" {
  name     = "t-${var.stage}-${"$"}${var.input_version}"
  port     = 8000
  protocol = "HTTP"
  vpc_id   = "vpc-1"

  health_check {
    path    = "/"
    matcher = "200-399"
  }

  target_failover {
    on_deregistration = "rebalance"
    on_unhealthy      = "rebalance"
  }

  target_failover {
    on_deregistration = "no_rebalance"
    on_unhealthy      = "no_rebalance"
  }
}
