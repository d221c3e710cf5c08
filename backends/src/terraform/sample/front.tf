resource "aws_cloudwatch_log_group" "front_log" {
  provider = aws.us_east_1
  name     = "/shop"
}
