"""No spelling of a surface's path is ever let through as something harmless."""

import string

from hypothesis import example, given
from hypothesis import strategies as st

from extproc.llm.endpoint import EndpointKind, classify
from extproc.llm.view import Surface


@st.composite
def spellings(draw: st.DrawFn) -> tuple[Surface, str]:
    """A surface's path, with its letters, slashes and segments disguised."""
    surface = draw(st.sampled_from(Surface))
    out = draw(st.sampled_from(["", "/", "/.", "/x/..", "/v1/models/../..", "\\", "/%2e"]))
    for char in surface.value:
        if char == "/":
            out += draw(st.sampled_from(["/", "//", "/./", "\\", "%2f", "%5C", ";a=b/", "/x/../"]))
        else:
            out += draw(st.sampled_from([char, char.upper()]))
            if draw(st.integers(0, 9)) == 0:
                escaped = f"%{ord(out[-1]):02x}"
                for _ in range(draw(st.integers(0, 9))):
                    escaped = escaped.replace("%", "%25")
                out = out[:-1] + escaped
    out += draw(
        st.sampled_from(["", "/", "/.", ";p", "?q=/v1/models", "#f", "%3f", "%00", "/x/.."])
    )
    return surface, out


@given(spellings(), st.sampled_from(["POST", "GET", "HEAD", "PUT", "post", "CONNECT", "OPTIONS"]))
def test_a_disguised_surface_is_that_surface_or_unknown(
    spelling: tuple[Surface, str], method: str
) -> None:
    surface, path = spelling
    endpoint = classify(method, path)
    assert endpoint.kind is not EndpointKind.PASS
    if endpoint.kind is EndpointKind.SURFACE:
        assert endpoint.surface is surface
        assert endpoint.canonical_path == surface.value
    elif method == "POST":
        # What a POST cannot be read as must not be forwarded on a policy's word alone.
        assert endpoint.ambiguous


@given(st.text(st.sampled_from("/v1models.%25fFcC;?#\\\x00é" + string.ascii_letters)))
@example("/v1/models/%2e%2e/chat/completions")
@example("/v1/models/..%252fresponses")
def test_what_passes_is_forwarded_as_what_it_was_read_as(path: str) -> None:
    endpoint = classify("GET", path)
    again = classify("GET", endpoint.canonical_path)
    if not endpoint.ambiguous:
        assert again == classify("GET", again.canonical_path)
        assert again.kind is endpoint.kind
