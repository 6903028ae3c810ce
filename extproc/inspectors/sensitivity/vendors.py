"""Tokens their vendors mark with a prefix. Formats are public documentation of each vendor."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vendor:
    """One token format. `prefix` is a pattern that both engines read alike."""

    prefix: bytes
    tail: bytes
    fixed: int = 4
    """Characters at the front that carry no secret, left out of the entropy."""
    entropy: float = 2.8

    @property
    def pattern(self) -> bytes:
        return self.prefix + self.tail


_B64 = rb"[A-Za-z0-9_-]"
VENDORS: tuple[Vendor, ...] = (
    # Model providers
    Vendor(rb"sk-ant-", rb"(?:api|admin|sid|oat)[0-9]{2}-[A-Za-z0-9_-]{70,120}", 14),
    Vendor(rb"sk-proj-", rb"[A-Za-z0-9_-]{40,200}", 8, 3.2),
    Vendor(rb"sk-svcacct-", rb"[A-Za-z0-9_-]{40,200}", 11, 3.2),
    Vendor(rb"sk-or-v1-", rb"[0-9a-f]{64}", 9),
    Vendor(rb"sk-", rb"[A-Za-z0-9]{20,64}", 3, 3.2),
    Vendor(rb"hf_", rb"[A-Za-z]{30,40}", 3),
    Vendor(rb"api_org_", rb"[A-Za-z]{30,40}", 8),
    Vendor(rb"gsk_", rb"[A-Za-z0-9]{48,56}"),
    Vendor(rb"pplx-", rb"[A-Za-z0-9]{40,56}", 5),
    Vendor(rb"xai-", rb"[A-Za-z0-9]{70,90}"),
    Vendor(rb"r8_", rb"[A-Za-z0-9]{37}", 3),
    # Clouds
    Vendor(rb"(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])", rb"[A-Z0-9]{16}", 4, 3.0),
    Vendor(rb"ABSK", rb"[A-Za-z0-9+/]{109,269}={0,2}"),
    Vendor(rb"bedrock-api-key-", rb"[A-Za-z0-9+/=_-]{40,}", 16),
    Vendor(rb"AIza", rb"[A-Za-z0-9_-]{35}", 4, 3.5),
    Vendor(rb"GOCSPX-", rb"[A-Za-z0-9_-]{28}", 7, 3.0),
    Vendor(rb"ya29\.", rb"[A-Za-z0-9_-]{30,}", 5, 3.0),
    Vendor(rb"dop_v1_", rb"[0-9a-f]{64}", 7),
    Vendor(rb"do[or]_v1_", rb"[0-9a-f]{64}", 7),
    Vendor(rb"LTAI", rb"[A-Za-z0-9]{20}"),
    Vendor(rb"dapi", rb"[0-9a-f]{32}(?:-[0-9])?"),
    Vendor(rb"FlyV1 ", rb"fm[0-9]_[A-Za-z0-9+/=,_-]{60,}", 10),
    Vendor(rb"fo1_", rb"[A-Za-z0-9_-]{43}"),
    Vendor(rb"HRKU-", rb"[A-Za-z0-9_-]{36,64}", 5),
    Vendor(rb"pul-", rb"[0-9a-f]{40}"),
    Vendor(rb"dp\.(?:pt|st|ct|sa|scim|audit)\.", rb"[A-Za-z0-9.]{40,50}", 6),
    Vendor(rb"hvs\.", rb"[A-Za-z0-9_-]{24,120}"),
    Vendor(rb"hvb\.", rb"[A-Za-z0-9_-]{100,300}"),
    Vendor(rb"sha256~", rb"[A-Za-z0-9_-]{43}", 7),
    Vendor(rb"ops_eyJ", rb"[A-Za-z0-9+/=]{200,}", 7),
    Vendor(rb"A3-", rb"[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}", 3),
    # Code hosts and builders
    Vendor(rb"gh[pousr]_", rb"[A-Za-z0-9]{36,255}", 4, 3.0),
    Vendor(rb"github_pat_", rb"[A-Za-z0-9_]{36,255}", 11, 3.0),
    Vendor(rb"gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat|ffct)-", rb"[A-Za-z0-9_.-]{20,120}", 6, 3.0),
    Vendor(rb"GR1348941", rb"[A-Za-z0-9_-]{20}", 9),
    Vendor(rb"ATATT3", rb"[A-Za-z0-9_=-]{60,250}", 6),
    Vendor(rb"ATBB", rb"[A-Za-z0-9]{32}"),
    Vendor(rb"npm_", rb"[A-Za-z0-9]{36}", 4, 3.0),
    Vendor(rb"pypi-AgE", rb"[A-Za-z0-9_-]{50,1000}", 8),
    Vendor(rb"rubygems_", rb"[0-9a-f]{48}", 9),
    Vendor(rb"dckr_(?:pat|oat)_", rb"[A-Za-z0-9_-]{27,36}", 9),
    Vendor(rb"sgp_", rb"(?:(?:[0-9a-fA-F]{16}|local)_)?[0-9a-fA-F]{40}", 4, 3.0),
    Vendor(rb"squ_", rb"[0-9a-zA-Z]{40}"),
    Vendor(rb"sq[ap]_", rb"[0-9a-zA-Z]{40}"),
    Vendor(rb"API-", rb"[A-Z0-9]{26}", 4, 3.0),
    Vendor(rb"lin_api_", rb"[A-Za-z0-9]{40}", 8),
    Vendor(rb"PMAK-", rb"[0-9a-f]{24}-[0-9a-f]{34}", 5),
    Vendor(rb"[A-Za-z0-9]{14}\.atlasv1\.", rb"[A-Za-z0-9_=-]{60,70}", 23),
    # Messages, payments, data
    Vendor(rb"xox[abeoprs]\.xox[bp]-", rb"[0-9]-[A-Za-z0-9]{100,200}", 10),
    Vendor(rb"xoxe-", rb"[0-9]-[A-Za-z0-9]{100,200}", 5),
    Vendor(rb"xox[abeoprs]-", rb"[0-9]{6,14}-[A-Za-z0-9-]{10,120}", 5),
    Vendor(rb"xapp-", rb"[0-9]-[A-Z0-9]{8,14}-[0-9]{10,14}-[0-9a-f]{64}", 5),
    Vendor(rb"hooks\.slack\.com/", rb"(?:services|workflows)/[A-Z0-9]{8,12}/[A-Z0-9]{8,12}/(?:[0-9]{16,20}/)?[A-Za-z0-9]{20,26}", 26),
    Vendor(rb"(?:sk|rk)_(?:live|test|prod)_", rb"[A-Za-z0-9]{16,120}", 8, 3.0),
    Vendor(rb"whsec_", rb"[A-Za-z0-9+/=]{30,60}", 6),
    Vendor(rb"EAAA", rb"[A-Za-z0-9_-]{56,64}", 4, 3.5),
    Vendor(rb"sq0(?:atp|csp)-", rb"[A-Za-z0-9_-]{22,43}", 7),
    Vendor(rb"shp(?:at|ca|pa|ss)_", rb"[0-9a-fA-F]{32}", 6),
    Vendor(rb"SG\.", rb"[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}", 3),
    Vendor(rb"key-", rb"[0-9a-f]{32}", 4, 3.0),
    Vendor(rb"SK", rb"[0-9a-f]{32}", 2, 3.0),
    Vendor(rb"[0-9a-f]{32}-us[0-9]", rb"[0-9]?", 0, 3.0),
    Vendor(rb"ntn_", rb"[0-9]{11}[A-Za-z0-9]{35}", 4, 3.0),
    Vendor(rb"secret_", rb"[A-Za-z0-9]{43}", 7, 3.5),
    Vendor(rb"PRIVATE_KEY_TOKEN_", rb"[A-Za-z0-9]{32}", 18),
    Vendor(rb"glsa_", rb"[A-Za-z0-9]{32}_[0-9a-fA-F]{8}", 5, 3.0),
    Vendor(rb"glc_", rb"[A-Za-z0-9+/=]{32,400}"),
    Vendor(rb"sntry[su]_", rb"[A-Za-z0-9+/=_-]{60,400}", 7),
    Vendor(rb"NRAK-", rb"[A-Z0-9]{27}", 5),
    Vendor(rb"pscale_(?:pw|tkn|oauth)_", rb"[A-Za-z0-9_.=-]{32,64}", 11),
    Vendor(rb"tskey-", rb"[a-z]{2,8}-[A-Za-z0-9]{8,24}-[A-Za-z0-9]{16,40}", 6),
    Vendor(rb"AGE-SECRET-KEY-1", rb"[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}", 16),
    Vendor(rb"[A-Za-z0-9_~.-]{3}[0-9]Q~", rb"[A-Za-z0-9_~.-]{31,34}", 5, 3.3),
    Vendor(rb"ico-", rb"[A-Za-z0-9]{32}", 4, 3.0),
    Vendor(rb"[0-9]{15,16}\|", rb"[A-Za-z0-9_-]{27}", 16, 3.3),
    Vendor(rb"eyJ", rb"[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{0,2000}", 3, 3.0),
    # Published formats of further vendors
    Vendor(rb"nfp_", rb"[A-Za-z0-9]{36,40}", 4, 3.0),
    Vendor(rb"sbp_", rb"[0-9a-f]{40}", 4, 3.0),
    Vendor(rb"figd_", rb"[A-Za-z0-9_-]{38,60}", 5, 3.0),
    Vendor(rb"pat", rb"[A-Za-z0-9]{14}\.[0-9a-f]{64}", 3, 3.0),
    Vendor(rb"pat-(?:na|eu|ap)[0-9]-", rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", 8, 2.8),
    Vendor(rb"pcsk_", rb"[A-Za-z0-9]{4,8}_[A-Za-z0-9]{50,70}", 5, 3.0),
    Vendor(rb"lsv2_(?:pt|sk)_", rb"[0-9a-f]{32}_[0-9a-f]{10}", 8, 2.8),
    Vendor(rb"nvapi-", rb"[A-Za-z0-9_-]{60,70}", 6, 3.2),
    Vendor(rb"tgp_v1_", rb"[A-Za-z0-9_-]{40,50}", 7, 3.0),
    Vendor(rb"phx_", rb"[A-Za-z0-9]{40,50}", 4, 3.0),
    Vendor(rb"rnd_", rb"[A-Za-z0-9]{24,40}", 4, 3.2),
    Vendor(rb"CCIP(?:AT|RJ)_", rb"[A-Za-z0-9]{20,24}_[0-9a-f]{40}", 7, 3.0),
    Vendor(rb"bk[ua]a_", rb"[0-9a-f]{40}", 5, 3.0),
    Vendor(rb"xkeysib-", rb"[0-9a-f]{64}-[A-Za-z0-9]{16}", 8, 3.0),
    Vendor(rb"dt0c01\.", rb"[A-Z0-9]{24}\.[A-Z0-9]{64}", 7, 3.0),
    Vendor(rb"EZ[AT]K", rb"[A-Za-z0-9]{54}", 4, 3.2),
    Vendor(rb"tfp_", rb"[A-Za-z0-9_-]{40,64}", 4, 3.2),
    Vendor(rb"AKID", rb"[A-Za-z0-9]{32}", 4, 3.2),
    Vendor(rb"[0-9a-f]{36}NRAL", rb"", 0, 3.0),
    Vendor(rb"discord(?:app)?\.com/api/webhooks/", rb"[0-9]{17,20}/[A-Za-z0-9_-]{60,72}", 30, 3.2),
    Vendor(rb"[?&]sig=", rb"[A-Za-z0-9%+/_-]{40,64}(?:%3[Dd]|=)", 5, 3.2),
    Vendor(rb"[0-9]{8,10}:AA", rb"[A-Za-z0-9_-]{33}", 12, 3.3),
)  # fmt: skip
