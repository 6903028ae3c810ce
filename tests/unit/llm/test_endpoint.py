import pytest

from extproc.llm.endpoint import MAX_DECODINGS, Endpoint, EndpointKind, classify
from extproc.llm.view import Surface


@pytest.mark.parametrize("surface", Surface)
def test_each_surface_is_itself(surface: Surface) -> None:
    assert classify("POST", surface.value) == Endpoint(
        EndpointKind.SURFACE, surface, surface.value, ""
    )


@pytest.mark.parametrize(
    "path",
    [
        "/v1/chat/completions/",
        "//v1//chat///completions",
        "/V1/Chat/Completions",
        "/v1/%63hat/completions",
        "/v1/%2563hat/completions",
        "/v1/chat%2Fcompletions",
        "/v1\\chat\\completions",
        "/v1/chat;a=b/completions;c",
        "/v1/./chat/../chat/completions",
        "/../v1/chat/completions",
        "/v1/models/%2e%2e/chat/completions",
        "/v1/chat/completions%3Fx",
        "/v1/chat/completions%23x",
    ],
)
def test_spellings_of_a_surface_are_inspected_and_forwarded_plainly(path: str) -> None:
    endpoint = classify("POST", path)
    assert endpoint.surface is Surface.CHAT_COMPLETIONS
    assert endpoint.canonical_path == "/v1/chat/completions"


def test_the_query_is_kept_apart() -> None:
    endpoint = classify("POST", "/v1/messages?beta=true&x=%2F")
    assert (endpoint.canonical_path, endpoint.query) == ("/v1/messages", "beta=true&x=%2F")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "*",
        "v1/messages",
        "http://host/v1/messages",
        "/v1/messages%00",
        "/v1/messages%20",
        "/v1/messages%",
        "/v1/messages%zz",
        "/v1/mess\tages",
        "/v1/messageſ",
        "/v1/%c0%afmessages",
    ],
)
def test_paths_without_one_reading_are_ambiguous(path: str) -> None:
    endpoint = classify("POST", path)
    assert (endpoint.kind, endpoint.ambiguous) == (EndpointKind.UNKNOWN, True)
    assert endpoint.canonical_path == path.partition("?")[0]


@pytest.mark.parametrize(("layers", "known"), [(MAX_DECODINGS - 1, True), (MAX_DECODINGS, False)])
def test_encoding_on_encoding_is_undone_up_to_a_limit(layers: int, known: bool) -> None:
    escape = "%" + "25" * (layers - 1) + "6d"
    assert (classify("POST", f"/v1/{escape}essages").surface is Surface.MESSAGES) is known


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("path", "forwarded"),
    [
        ("/v1/models", "/v1/models"),
        ("/V1/Models/", "/v1/models"),
        ("/v1/models/GPT-4o", "/v1/models/GPT-4o"),
        ("/V1/MODELS/ft:GPT", "/v1/models/ft:GPT"),
        ("/health", "/health"),
        ("/Health/", "/health"),
    ],
)
def test_listing_and_health_pass(method: str, path: str, forwarded: str) -> None:
    endpoint = classify(method, path)
    assert (endpoint.kind, endpoint.canonical_path) == (EndpointKind.PASS, forwarded)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/models"),
        ("DELETE", "/v1/models/x"),
        ("GET", "/v1/models/x/y"),
        ("GET", "/v1/chat/completions"),
        ("PUT", "/v1/messages"),
        ("POST", "/v1/messages/count_tokens"),
        ("POST", "/v1/files"),
        ("GET", "/"),
        ("OPTIONS", "/v1/models"),
    ],
)
def test_everything_else_is_unknown(method: str, path: str) -> None:
    endpoint = classify(method, path)
    assert (endpoint.kind, endpoint.ambiguous) == (EndpointKind.UNKNOWN, False)


@pytest.mark.parametrize(
    "headers",
    [{"upgrade": "websocket"}, {"connection": "keep-alive, Upgrade"}, {"upgrade": "h2c"}],
)
def test_upgrades_are_unknown(headers: dict[str, str]) -> None:
    assert classify("GET", "/v1/models", headers).kind is EndpointKind.UNKNOWN
    assert not classify("GET", "/v1/responses", headers).ambiguous
    posted = classify("POST", "/v1/responses", headers)
    assert (posted.kind, posted.ambiguous) == (EndpointKind.UNKNOWN, True)


def test_connect_is_unknown() -> None:
    assert classify("CONNECT", "/v1/models").kind is EndpointKind.UNKNOWN
    assert classify("CONNECT", "host:443").ambiguous


def test_other_paths_keep_their_case_when_forwarded() -> None:
    assert classify("POST", "/v1/Files/aB%20").canonical_path == "/v1/Files/aB%20"
    assert classify("POST", "/v1/Files//aB/").canonical_path == "/v1/Files/aB"
