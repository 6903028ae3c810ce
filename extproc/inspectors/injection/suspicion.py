"""Words that attacks are made of: what the turns of a conversation are read together for."""

from __future__ import annotations

from typing import Any

import re2


def suspicious(text: str) -> bool:
    """Whether `text` holds a word that attacks are made of. About 1 µs for 100 words."""
    return bool(_WORDS.search(text.encode("utf-8", "replace")))


_STEMS = (
    # What one does to orders and secrets
    "ignor", "disregard", "forget", "overrid", "overwrit", "bypass", "circumvent", "disobey",
    "reveal", "disclos", "leak", "exfiltrat", "divulg", "pretend", "roleplay", "role-play",
    "simulat", "jailbreak", "unlock", "unrestrict", "unfilter", "uncensor", "obey", "comply",
    "instead of", "from now on", "henceforth", "no longer", "new task", "new goal", "do not tell",
    "don't tell", "do not mention", "without telling", "must not know", "secretly", "silently",
    # What they are done to
    "instruct", "prompt", "directive", "guideline", "restriction", "limitation", "safety",
    "filter", "censor", "moderation", "password", "passphrase", "secret", "credential",
    "api key", "api_key", "apikey", "token", "confidential", "system message", "developer mode",
    # Who is spoken to
    "assistant", "chatbot", "language model", "llm", "chatgpt", "gpt", "claude", "gemini",
    "copilot", " ai ", "you are now", "you will now", "you must", "your task", "your role", "act as",
    "system:", "admin", "sudo", "root access", "debug", "execute", "run the", "curl ", "http",
    "<|", "[inst", "###", "base64", "decode", "rot13",
    # The same in other languages
    "instruc", "instrucc", "anweisung", "befehl", "ignorier", "vergiss", "missacht", "passwor",
    "geheim", "olvid", "contrase", "secreto", "oubli", "consigne", "mot de passe", "dimentic",
    "istruzion", "esquec", "senha", "игнор", "инструкц", "забудь", "пароль", "忽略", "指令", "密码",
    "提示", "無視", "指示", "パスワード", "무시", "지시", "निर्देश", "تجاهل", "تعليمات",
)  # fmt: skip


def _compiled() -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.never_capture = True
    return re2.compile("|".join(map(re2.escape, _STEMS)).encode(), options)


_WORDS: Any = _compiled()
