"""A report as Markdown and as one self-contained HTML page.

Names in it come from callers. Both forms escape them; the page loads nothing
and runs nothing.
"""

from __future__ import annotations

import html
import re

from extproc.audit.report import Report, Row, Section, Table

_MARKDOWN = re.compile(r"([\\`*\[\]<>|~&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|^[#+=-])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def markdown(report: Report) -> str:
    parts = [f"# {_md(report.title)}", "\n".join(f"- {_md(line)}" for line in report.lines)]
    for section in report.sections:
        mark = "⚠ " if section.alert else ""
        parts.append(f"## {mark}{_md(section.title)}")
        parts.extend(_md(line) for line in section.lines)
        if section.table is not None:
            parts.append(_md_table(section.table))
    return "\n\n".join(parts) + "\n"


def page(report: Report) -> str:
    lines = "".join(f"<li>{_html(line)}</li>" for line in report.lines)
    sections = "".join(_html_section(section) for section in report.sections)
    title = _html(report.title)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="content-security-policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{title}</h1><ul>{lines}</ul>{sections}</main></body></html>\n"
    )


def _md_table(table: Table) -> str:
    plain = len(table.head) - table.numeric
    rule = ["---"] * plain + ["---:"] * table.numeric
    rows = [table.head, *table.rows]
    lines = ["| " + " | ".join(_md(cell) for cell in row) + " |" for row in rows]
    lines.insert(1, "| " + " | ".join(rule) + " |")
    return "\n".join(lines)


def _html_section(section: Section) -> str:
    style = ' class="alert"' if section.alert else ""
    lines = "".join(f"<p>{_html(line)}</p>" for line in section.lines)
    table = "" if section.table is None else _html_table(section.table)
    return f"<section{style}><h2>{_html(section.title)}</h2>{lines}{table}</section>"


def _html_table(table: Table) -> str:
    plain = len(table.head) - table.numeric
    rows = "".join(_html_row(row, "td", plain) for row in table.rows)
    head = _html_row(table.head, "th", plain)
    return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _html_row(row: Row, tag: str, plain: int) -> str:
    cells = (
        f"<{tag}{' class=n' if index >= plain else ''}>{_html(cell)}</{tag}>"
        for index, cell in enumerate(row)
    )
    return f"<tr>{''.join(cells)}</tr>"


def _md(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", _CONTROL.sub("�", text))


def _html(text: str) -> str:
    return html.escape(_CONTROL.sub("�", text))


_STYLE = """
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--line:#d9dee5;--paper:#fff;--bad:#b42318}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ee;--soft:#9aa5b4;--line:#333c48;--paper:#14181e;--bad:#ff8a7a}}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.6rem;margin:0 0 .5rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}
ul{padding:0;list-style:none;color:var(--soft)}p{margin:.3rem 0;color:var(--soft);overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;margin-top:.5rem}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere;vertical-align:top}
th{font-weight:600;color:var(--soft)}.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.alert h2,.alert p:first-of-type{color:var(--bad);font-weight:600}
@media print{section{break-inside:avoid}}
"""
