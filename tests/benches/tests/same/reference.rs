//! The system as somebody would write it by hand, in CloudFormation: what `topoc_benches::system` must come to.
//!
//! It leaves open what people call differently (names, tags, descriptions) and what the library decides: RDS keeps the
//! password in a secret of its own, each service has a role to start with, tasks write their logs below `/ecs`.

use serde_json::{Map, Value, json};

/// Builds the template of `services` services.
pub fn resources(services: usize) -> Map<String, Value> {
    let mut it = Template::default();
    it.network();
    it.entry();
    it.data();
    it.compute();
    (1..=services).for_each(|number| it.service(number, number == services));
    it.0
}

/// The outputs.
pub fn outputs() -> Value {
    json!({
        "AlbDns": { "Value": att("Alb", "DNSName") },
        "BucketName": { "Value": reference("Bucket") },
        "DbEndpoint": { "Value": att("Db", "Endpoint.Address") },
    })
}

fn reference(name: &str) -> Value {
    json!({ "Ref": name })
}

fn att(name: &str, attribute: &str) -> Value {
    json!({ "Fn::GetAtt": [name, attribute] })
}

fn sub(text: &str) -> Value {
    json!({ "Fn::Sub": text })
}

fn all(names: &str, count: usize) -> Vec<Value> {
    (0..count)
        .map(|it| reference(&format!("{names}{it}")))
        .collect()
}

fn trusting(service: &str) -> Value {
    json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Principal": { "Service": service }, "Action": ["sts:AssumeRole"] }
    ] })
}

fn allowing(actions: &[&str], resource: Value) -> Value {
    json!([{ "PolicyName": "access", "PolicyDocument": { "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Action": actions, "Resource": [resource] }
    ] } }])
}

#[derive(Default)]
struct Template(Map<String, Value>);

impl Template {
    fn add(&mut self, name: &str, kind: &str, properties: Value) {
        let resource = json!({ "Type": format!("AWS::{kind}"), "Properties": properties });
        self.0.insert(name.to_owned(), resource);
    }

    fn ordered(&mut self, name: &str, kind: &str, properties: Value, after: &[String]) {
        self.add(name, kind, properties);
        self.set(name, "DependsOn", json!(after));
    }

    fn kept(&mut self, name: &str, kind: &str, properties: Value, policy: &str) {
        self.add(name, kind, properties);
        self.set(name, "DeletionPolicy", json!(policy));
        self.set(name, "UpdateReplacePolicy", json!(policy));
    }

    fn set(&mut self, name: &str, key: &str, value: Value) {
        if let Some(resource) = self.0.get_mut(name).and_then(Value::as_object_mut) {
            resource.insert(key.to_owned(), value);
        }
    }

    fn network(&mut self) {
        self.add("Vpc", "EC2::VPC", json!({ "CidrBlock": "10.0.0.0/16", "EnableDnsSupport": true, "EnableDnsHostnames": true }));
        self.add("Igw", "EC2::InternetGateway", json!({}));
        let attached = json!({ "VpcId": reference("Vpc"), "InternetGatewayId": reference("Igw") });
        self.add("IgwAttach", "EC2::VPCGatewayAttachment", attached);
        self.table("PublicRt");
        let route = json!({ "RouteTableId": reference("PublicRt"), "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": reference("Igw") });
        self.ordered(
            "PublicRoute",
            "EC2::Route",
            route,
            &["IgwAttach".to_owned()],
        );
        self.table("IsolatedRt");
        (0..3).for_each(|it| self.zone(it));
        for zone in 0..2 {
            self.subnet("Isolated", zone, 20, "IsolatedRt");
        }
        let endpoint = json!({ "VpcId": reference("Vpc"), "VpcEndpointType": "Gateway",
            "ServiceName": sub("com.amazonaws.${AWS::Region}.s3"), "RouteTableIds": all("PrivateRt", 3) });
        self.add("S3Endpoint", "EC2::VPCEndpoint", endpoint);
        self.add(
            "FlowLogs",
            "Logs::LogGroup",
            json!({ "RetentionInDays": 30 }),
        );
        let actions = [
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "logs:DescribeLogStreams",
        ];
        self.add(
            "FlowRole",
            "IAM::Role",
            json!({ "AssumeRolePolicyDocument": trusting("vpc-flow-logs.amazonaws.com"),
            "Policies": allowing(&actions, att("FlowLogs", "Arn")) }),
        );
        self.add(
            "FlowLog",
            "EC2::FlowLog",
            json!({ "ResourceType": "VPC", "ResourceId": reference("Vpc"), "TrafficType": "ALL",
            "DeliverLogsPermissionArn": att("FlowRole", "Arn") }),
        );
    }

    fn table(&mut self, name: &str) {
        self.add(
            name,
            "EC2::RouteTable",
            json!({ "VpcId": reference("Vpc") }),
        );
    }

    fn subnet(&mut self, name: &str, zone: usize, first: usize, table: &str) {
        let letter = ["a", "b", "c"].get(zone).copied().unwrap_or_default();
        let own = format!("{name}{zone}");
        self.add(
            &own,
            "EC2::Subnet",
            json!({ "VpcId": reference("Vpc"), "CidrBlock": format!("10.0.{}.0/24", first + zone),
            "AvailabilityZone": format!("eu-central-1{letter}") }),
        );
        let association = json!({ "SubnetId": reference(&own), "RouteTableId": reference(table) });
        self.add(
            &format!("{own}Assoc"),
            "EC2::SubnetRouteTableAssociation",
            association,
        );
    }

    fn zone(&mut self, zone: usize) {
        self.subnet("Public", zone, 0, "PublicRt");
        let (address, nat, table) = (
            format!("Eip{zone}"),
            format!("Nat{zone}"),
            format!("PrivateRt{zone}"),
        );
        self.ordered(
            &address,
            "EC2::EIP",
            json!({ "Domain": "vpc" }),
            &["IgwAttach".to_owned()],
        );
        let public = reference(&format!("Public{zone}"));
        self.add(
            &nat,
            "EC2::NatGateway",
            json!({ "AllocationId": att(&address, "AllocationId"), "SubnetId": public }),
        );
        self.table(&table);
        self.subnet("Private", zone, 10, &table);
        self.add(
            &format!("PrivateRoute{zone}"),
            "EC2::Route",
            json!({ "RouteTableId": reference(&table),
            "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": reference(&nat) }),
        );
    }

    fn group(&mut self, name: &str) {
        self.add(
            name,
            "EC2::SecurityGroup",
            json!({ "VpcId": reference("Vpc") }),
        );
    }

    fn rule(&mut self, name: &str, direction: &str, group: &str, peer: (&str, Value), port: u16) {
        let mut rule = json!({ "GroupId": att(group, "GroupId"), "IpProtocol": "tcp", "FromPort": port, "ToPort": port });
        if let Some(rule) = rule.as_object_mut() {
            rule.insert(peer.0.to_owned(), peer.1);
        }
        self.add(name, &format!("EC2::SecurityGroup{direction}"), rule);
    }

    fn pair(&mut self, name: &str, source: &str, target: &str, port: u16) {
        let from = ("SourceSecurityGroupId", att(source, "GroupId"));
        self.rule(&format!("{name}In"), "Ingress", target, from, port);
        let to = ("DestinationSecurityGroupId", att(target, "GroupId"));
        self.rule(&format!("{name}Out"), "Egress", source, to, port);
    }

    fn entry(&mut self) {
        self.group("AlbSg");
        for port in [443, 80] {
            self.rule(
                &format!("AlbSg{port}"),
                "Ingress",
                "AlbSg",
                ("CidrIp", json!("0.0.0.0/0")),
                port,
            );
        }
        self.add(
            "Alb",
            "ElasticLoadBalancingV2::LoadBalancer",
            json!({ "Type": "application", "Scheme": "internet-facing",
            "Subnets": all("Public", 3), "SecurityGroups": [att("AlbSg", "GroupId")] }),
        );
        let missing = json!({ "Type": "fixed-response",
            "FixedResponseConfig": { "StatusCode": "404", "ContentType": "text/plain", "MessageBody": "not found" } });
        self.add("Https", "ElasticLoadBalancingV2::Listener", json!({ "LoadBalancerArn": reference("Alb"), "Port": 443,
            "Protocol": "HTTPS", "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
            "Certificates": [{ "CertificateArn": reference("CertificateArn") }], "DefaultActions": [missing] }));
        let redirect = json!({ "Type": "redirect",
            "RedirectConfig": { "Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301" } });
        self.add(
            "Http",
            "ElasticLoadBalancingV2::Listener",
            json!({ "LoadBalancerArn": reference("Alb"), "Port": 80,
            "Protocol": "HTTP", "DefaultActions": [redirect] }),
        );
    }

    fn data(&mut self) {
        self.group("DbSg");
        self.add(
            "DbSubnets",
            "RDS::DBSubnetGroup",
            json!({ "SubnetIds": all("Isolated", 2) }),
        );
        self.kept("Db", "RDS::DBInstance", json!({ "Engine": "postgres", "EngineVersion": "17.6",
            "DBInstanceClass": "db.t4g.medium", "AllocatedStorage": "100", "StorageType": "gp3", "StorageEncrypted": true,
            "MultiAZ": true, "DBName": "app", "BackupRetentionPeriod": 7, "DeletionProtection": true, "CopyTagsToSnapshot": true,
            "PubliclyAccessible": false, "DBSubnetGroupName": reference("DbSubnets"),
            "VPCSecurityGroups": [att("DbSg", "GroupId")] }), "Snapshot");
        let encrypted = json!([{ "ServerSideEncryptionByDefault": { "SSEAlgorithm": "AES256" } }]);
        self.kept("Bucket", "S3::Bucket", json!({
            "BucketEncryption": { "ServerSideEncryptionConfiguration": encrypted },
            "VersioningConfiguration": { "Status": "Enabled" }, "PublicAccessBlockConfiguration": { "BlockPublicAcls": true,
            "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true } }), "Retain");
        let denied = json!({ "Effect": "Deny", "Principal": "*", "Action": ["s3:*"],
            "Resource": [att("Bucket", "Arn"), sub("${Bucket.Arn}/*")], "Condition": { "Bool": { "aws:SecureTransport": "false" } } });
        self.add(
            "BucketPolicy",
            "S3::BucketPolicy",
            json!({ "Bucket": reference("Bucket"),
            "PolicyDocument": { "Version": "2012-10-17", "Statement": [denied] } }),
        );
    }

    fn compute(&mut self) {
        let insights = json!([{ "Name": "containerInsights", "Value": "enabled" }]);
        self.add(
            "Cluster",
            "ECS::Cluster",
            json!({ "ClusterSettings": insights }),
        );
    }

    fn service(&mut self, number: usize, is_last: bool) {
        let (own, word) = (format!("Svc{number}"), format!("svc{number}"));
        let part = |it: &str| format!("{own}{it}");
        self.group(&part("Sg"));
        self.rule(
            &part("SgHttps"),
            "Egress",
            &part("Sg"),
            ("CidrIp", json!("0.0.0.0/0")),
            443,
        );
        self.pair(&format!("AlbTo{own}"), "AlbSg", &part("Sg"), 8000);
        self.pair(&part("ToDb"), &part("Sg"), "DbSg", 5432);
        if !is_last {
            self.pair(
                &part("ToNext"),
                &part("Sg"),
                &format!("Svc{}Sg", number + 1),
                8000,
            );
        }
        self.add(
            &part("Logs"),
            "Logs::LogGroup",
            json!({ "RetentionInDays": 30 }),
        );
        let objects = sub(&format!("${{Bucket.Arn}}/{word}/*"));
        self.role(
            &part("Role"),
            allowing(&["s3:GetObject", "s3:PutObject"], objects),
        );
        let secret = att("Db", "MasterUserSecret.SecretArn");
        self.role(
            &part("ExecRole"),
            allowing(&["secretsmanager:GetSecretValue"], secret),
        );
        self.task(number, is_last);
        self.add(&part("Tg"), "ElasticLoadBalancingV2::TargetGroup", json!({ "VpcId": reference("Vpc"), "Port": 8000,
            "Protocol": "HTTP", "TargetType": "ip", "HealthCheckPath": "/health", "Matcher": { "HttpCode": "200" } }));
        let paths = json!([{ "Field": "path-pattern", "PathPatternConfig": { "Values": [format!("/{word}/*")] } }]);
        self.add(
            &part("Rule"),
            "ElasticLoadBalancingV2::ListenerRule",
            json!({ "ListenerArn": reference("Https"),
            "Priority": number, "Conditions": paths,
            "Actions": [{ "Type": "forward", "TargetGroupArn": reference(&part("Tg")) }] }),
        );
        let placed = json!({ "Subnets": all("Private", 3), "SecurityGroups": [att(&part("Sg"), "GroupId")], "AssignPublicIp": "DISABLED" });
        let balanced = json!([{ "ContainerName": "main", "ContainerPort": 8000, "TargetGroupArn": reference(&part("Tg")) }]);
        self.ordered(&part("Service"), "ECS::Service", json!({ "Cluster": att("Cluster", "Arn"),
            "TaskDefinition": reference(&part("Task")), "LaunchType": "FARGATE", "DesiredCount": 2, "HealthCheckGracePeriodSeconds": 60,
            "DeploymentConfiguration": { "MinimumHealthyPercent": 100, "MaximumPercent": 200,
            "DeploymentCircuitBreaker": { "Enable": true, "Rollback": true } },
            "NetworkConfiguration": { "AwsvpcConfiguration": placed }, "LoadBalancers": balanced }), &[part("Rule")]);
    }

    fn role(&mut self, name: &str, policies: Value) {
        let trust = trusting("ecs-tasks.amazonaws.com");
        self.add(
            name,
            "IAM::Role",
            json!({ "AssumeRolePolicyDocument": trust, "Policies": policies }),
        );
    }

    fn task(&mut self, number: usize, is_last: bool) {
        let (own, word) = (format!("Svc{number}"), format!("svc{number}"));
        let mut environment = vec![
            json!({ "Name": "DB_HOST", "Value": att("Db", "Endpoint.Address") }),
            json!({ "Name": "BUCKET", "Value": reference("Bucket") }),
        ];
        if !is_last {
            environment
                .push(json!({ "Name": "NEXT", "Value": format!("http://svc{}:8000", number + 1) }));
        }
        let log = json!({ "LogDriver": "awslogs", "Options": { "awslogs-group": reference(&format!("{own}Logs")),
            "awslogs-region": reference("AWS::Region") } });
        let container = json!({ "Name": "main", "Image": format!("public.ecr.aws/topo/{word}:1"), "Essential": true,
            "PortMappings": [{ "ContainerPort": 8000, "Protocol": "tcp" }], "Environment": environment,
            "Secrets": [{ "Name": "DB_PASSWORD", "ValueFrom": sub("${Db.MasterUserSecret.SecretArn}:password::") }],
            "LogConfiguration": log });
        self.add(&format!("{own}Task"), "ECS::TaskDefinition", json!({ "Cpu": "256", "Memory": "512", "NetworkMode": "awsvpc",
            "RequiresCompatibilities": ["FARGATE"], "ExecutionRoleArn": att(&format!("{own}ExecRole"), "Arn"),
            "TaskRoleArn": att(&format!("{own}Role"), "Arn"), "ContainerDefinitions": [container] }));
    }
}
