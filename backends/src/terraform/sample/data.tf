data "aws_caller_identity" "current" {}

data "aws_availability_zones" "available" {
  state = "available"

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

# The site's certificate.
data "aws_acm_certificate" "site_found" {
  provider    = aws.us_east_1
  domain      = "example.com"
  most_recent = true
}
