"""Languages are told apart where that is plain, and English from nothing else."""

from __future__ import annotations

import pytest

from extproc.inspectors.cache.language import language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How do I reset my password?", ""),
        ("reset password steps", ""),
        ("", ""),
        ("42 + 7 = ?", ""),
        ("Wie kann ich mein Passwort zurücksetzen und ist das sicher?", "de"),
        ("Comment puis je changer mon mot de passe pour le compte?", "fr"),
        ("¿Cómo puedo cambiar mi contraseña y dónde está el enlace?", "es"),
        ("Как сбросить пароль?", "CYRILLIC"),
        ("如何重置密码?", "CJK"),
        ("パスワードを忘れました", "HIRAGANA"),
        ("كيف أعيد تعيين كلمة المرور؟", "ARABIC"),
    ],
)
def test_language(text: str, expected: str) -> None:
    assert language(text) == expected
