"""What faces the world: API Gateway, CloudFront, mail."""

from __future__ import annotations

import json
import time
from typing import Any


def fix_apigatewayv2_domain_status() -> None:
    """A custom domain has a status; clients wait for AVAILABLE."""
    from moto.apigatewayv2.models import DomainName

    original = DomainName.to_json

    def to_json(self: Any) -> dict[str, Any]:
        body = original(self)
        defaults = {"domainNameStatus": "AVAILABLE", "hostedZoneId": "Z1UJRXOUMOOFQ8", "apiGatewayDomainName": f"d-conform.{self.domain_name}"}
        body["domainNameConfigurations"] = [defaults | c for c in body["domainNameConfigurations"]]
        body["mutualTlsAuthentication"] = body["mutualTlsAuthentication"] or None
        return body

    DomainName.to_json = to_json  # type: ignore[method-assign]


def fix_cloudfront_cache_policy() -> None:
    """A behaviour with a cache policy has no forwarded values or TTLs."""
    from moto.cloudfront.models import DefaultCacheBehaviour

    original = DefaultCacheBehaviour.__init__

    def __init__(self: Any, config: dict[str, Any]) -> None:
        original(self, config)
        if config.get("CachePolicyId"):
            self.forwarded_values = None
            self.min_ttl = self.default_ttl = self.max_ttl = None

    DefaultCacheBehaviour.__init__ = __init__  # type: ignore[method-assign]


def fix_cloudfront_certificate() -> None:
    """A distribution uses its own certificate or the default one; of the other nothing is told."""
    from moto.cloudfront.models import ViewerCertificate

    original = ViewerCertificate.__init__

    def __init__(self: Any, config: dict[str, Any]) -> None:
        original(self, config)
        own = config.get("ACMCertificateArn") or config.get("IAMCertificateId")
        self.acm_certificate_arn = config.get("ACMCertificateArn") or None
        self.iam_certificate_id = config.get("IAMCertificateId") or None
        self.cloud_front_default_certificate = not own
        self.ssl_support_method = config.get("SSLSupportMethod") or ("sni-only" if own else "vip")

    ViewerCertificate.__init__ = __init__  # type: ignore[method-assign]


def fix_cloudfront_origin_access_control() -> None:
    """An origin remembers its origin access control."""
    from moto.cloudfront.models import Origin

    original = Origin.__init__

    def __init__(self: Any, origin: dict[str, Any]) -> None:
        original(self, origin)
        self.origin_access_control_id = origin.get("OriginAccessControlId") or ""

    Origin.__init__ = __init__  # type: ignore[method-assign]


def fix_ses_identities() -> None:
    """A domain has three tokens of DKIM; the API tells times as numbers, and the tags that an identity was made with."""
    from moto.ses.models import EmailIdentity
    from moto.sesv2.responses import SESV2Response

    original = EmailIdentity.__init__

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        if "LastKeyGenerationTimestamp" in self.dkim_attributes:
            self.dkim_attributes["LastKeyGenerationTimestamp"] = time.time()
        if self.identity_type == "DOMAIN":
            self.dkim_attributes.setdefault("Tokens", [f"conform{number}" for number in range(3)])

    def list_tags_for_resource(self: Any) -> str:
        name = self._get_param("ResourceArn").rpartition("/")[2]
        return json.dumps({"Tags": self.sesv2_backend.get_email_identity(name).tags or []})

    EmailIdentity.__init__ = __init__  # type: ignore[method-assign]
    SESV2Response.list_tags_for_resource = list_tags_for_resource  # type: ignore[attr-defined]
