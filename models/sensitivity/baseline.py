"""Presidio as it comes, without a language model: what our figures are set beside."""

from __future__ import annotations

import logging
from collections.abc import Callable

Spans = list[tuple[str, int, int]]


def presidio(threshold: float = 0.0) -> Callable[[str], Spans]:
    """Its default recognisers and threshold on a blank pipeline; nothing is fetched."""
    import spacy  # noqa: PLC0415 - the import is part of what is measured
    import tldextract  # noqa: PLC0415
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry  # noqa: PLC0415
    from presidio_analyzer.nlp_engine import SpacyNlpEngine  # noqa: PLC0415

    logging.getLogger("presidio-analyzer").setLevel(logging.CRITICAL)
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())
    engine = SpacyNlpEngine([{"lang_code": "en", "model_name": "blank"}])
    engine.nlp = {"en": spacy.blank("en")}
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=engine)
    registry.remove_recognizer("SpacyRecognizer")
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en"])

    def scan(text: str) -> Spans:
        found = analyzer.analyze(text, language="en", score_threshold=threshold)
        return [(one.entity_type, one.start, one.end) for one in found]

    return scan
