"""The page about `portico_sdk`, written from its docstrings and from examples that a test runs."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, get_origin

import portico_sdk
from app.settings import ROOT

SOURCE = ROOT / "plugins" / "sdk" / "src" / "portico_sdk"
EXAMPLES = ROOT / "plugins" / "sdk" / "tests" / "test_examples.py"

#: Title of each part of the page, and the module whose public names it shows.
PARTS = (
    ("Registering", "spec"),
    ("Hooks", "hooks"),
    ("Settings and set-up steps", "settings"),
    ("Claim rules", "claims"),
    ("One sign-in", "flow"),
    ("What may be raised", "errors"),
    ("Capability: metadata", "metadata"),
    ("Capability: recognize", "recognizing"),
    ("Capability: explain", "explaining"),
    ("Capability: read_pasted", "pasting"),
    ("Explanations of requests that failed", "reaching"),
    ("Capability: logout", "logout"),
    ("What observers get", "events"),
    ("Checking a spec", "checking"),
)
_ENTRY = re.compile(r"(\w+(?:, \w+)*): (.*)")
_SECTION = re.compile(r"^(Args|Attributes|Raises|Returns|Example|Does not):\s*(.*)$")


def sdk_page() -> Iterator[str]:
    """Yield the lines of the page."""
    yield "# portico_sdk\n"
    versions = f"Version {portico_sdk.__version__}, contract {portico_sdk.CONTRACT_VERSION}"
    yield f"{versions}: the package has the contract's version."
    yield "It depends on pluggy and the standard library, has `py.typed`, and is all that an author needs. Begin with"
    yield "[an adapter in fifteen minutes](../tutorials/adapter-in-fifteen-minutes.md); `plugins/sdk/CHANGELOG.md` tells"
    yield "what changed from version to version. The examples below are run by a test.\n"
    yield textwrap.dedent(portico_sdk.__doc__ or "").split("\n\n", 1)[1].strip() + "\n"
    examples, shown = read_examples(), dict[str, str]()
    for title, module in PARTS:
        yield f"## {title}\n"
        for name in public_names(module):
            yield from _entry(name, getattr(portico_sdk, name), _comment(module, name))
            yield from _example(name, examples.get(name, ""), shown)
    yield "## The conformance kit\n"
    yield "`portico_sdk.testing` (it needs pytest: `pip install portico-sdk[testing]`)."
    yield "`portico_saml.testing.SamlConformance` and `portico_oidc.testing.OidcConformance` bring the provider too.\n"
    from portico_sdk import testing

    for name in testing.__all__:
        yield from _entry(name, getattr(testing, name), "")
        yield from _example(name, examples.get(name, ""), shown)


def public_names(module: str) -> list[str]:
    """Return the public names that a module of the SDK defines, in the order of its source."""
    tree = ast.parse((SOURCE / f"{module}.py").read_text())
    defined = [name for node in tree.body for name in _names(node)]
    return [name for name in defined if name in portico_sdk.__all__]


def read_examples() -> Mapping[str, str]:
    """Return the example of each name: the body of the test function whose `shows` decorator names it."""
    source = EXAMPLES.read_text()
    found: dict[str, str] = {}
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        for decorator in node.decorator_list:
            if isinstance(decorator, ast.Call) and getattr(decorator.func, "id", "") == "shows":
                first = node.body[0]
                begins = min(first.lineno, *(one.lineno for one in getattr(first, "decorator_list", ())), first.lineno)
                lines = source.splitlines()[begins - 1 : node.end_lineno]
                text = textwrap.dedent("\n".join(lines)).strip()
                found |= {
                    str(argument.value): text for argument in decorator.args if isinstance(argument, ast.Constant)
                }
    return found


def describe_fields(kind: type) -> list[tuple[str, str, str, str]]:
    """Return name, type, default and meaning of each field of a dataclass."""
    meanings = sections_of(kind)[1]
    return [
        (field.name, str(field.type), _default(field), meanings.get(field.name, ""))
        for field in dataclasses.fields(kind)
    ]


def sections_of(value: object) -> tuple[str, Mapping[str, str], Mapping[str, str]]:
    """Return a docstring as its text, the meanings in Args or Attributes, and the other sections by title."""
    text: list[str] = []
    meanings: dict[str, str] = {}
    others: dict[str, str] = {}
    section, names = "", list[str]()
    for line in inspect.cleandoc(inspect.getdoc(value) or "").splitlines():
        head = _SECTION.match(line)
        if head:
            section, names = head[1], []
            others[section] = head[2]
        elif line and not line.startswith(" "):
            section = "" if section in ("Args", "Attributes") or not others.get(section) else section
            text.append(line)
        elif section in ("Args", "Attributes") and line.strip():
            entry = _ENTRY.fullmatch(line.strip()) if line.startswith("    ") and not line.startswith("     ") else None
            names = entry[1].split(", ") if entry else names
            for name in names:
                meanings[name] = f"{meanings.get(name, '')} {entry[2] if entry else line.strip()}".strip()
        elif section:
            others[section] = f"{others[section]}\n{line}"
        else:
            text.append(line)
    return "\n".join(text).strip(), meanings, {k: v for k, v in others.items() if k not in ("Args", "Attributes")}


def _entry(name: str, value: Any, comment: str) -> Iterator[str]:
    yield f"### `{name}`\n"
    if not (inspect.isclass(value) or inspect.isfunction(value)):
        yield f"{comment} {_constant(value)}".strip() + "\n"
    else:
        yield from _definition(name, value)


def _example(name: str, text: str, shown: dict[str, str]) -> Iterator[str]:
    """The example, once: other names that it is about refer to the first."""
    if text in shown:
        yield f"Example: at [`{shown[text]}`](#{shown[text].lower()}).\n"
    elif text:
        shown[text] = name
        yield f"```python\n{text}\n```\n"


def _definition(name: str, value: Any) -> Iterator[str]:
    text, meanings, others = sections_of(value)
    if inspect.isfunction(value):
        yield f"```python\n{name}{_signature(value)}\n```\n"
    yield f"{text}\n"
    if inspect.isclass(value) and dataclasses.is_dataclass(value):
        yield "| field | type | default | meaning |"
        yield "|---|---|---|---|"
        for row in describe_fields(value):
            yield "| " + " | ".join((f"`{row[0]}`", *(_cell(part) for part in row[1:]))) + " |"
        yield ""
    elif meanings:
        yield from (f"- `{argument}`: {meaning}" for argument, meaning in meanings.items())
        yield ""
    for title, said in others.items():
        if title != "Example":
            yield f"**{title}** {' '.join(said.split())}\n"
    if inspect.isclass(value):
        yield from _methods(value)


def _methods(kind: type) -> Iterator[str]:
    for name, member in vars(kind).items():
        function = member.fget if isinstance(member, property) else member
        if name.startswith(("_", "test_")) or not inspect.isfunction(function):
            continue
        text, meanings, _ = sections_of(function)
        yield f"- `{name}{'' if isinstance(member, property) else _signature(function)}`: {' '.join(text.split())}"
        yield from (f"  - `{argument}`: {meaning}" for argument, meaning in meanings.items())
    yield ""


def _signature(function: Any) -> str:
    parameters = [p for p in inspect.signature(function).parameters.values() if p.name != "self"]
    said = str(inspect.Signature(parameters, return_annotation=inspect.signature(function).return_annotation))
    return said.replace("'", "")


def _default(field: dataclasses.Field[Any]) -> str:
    if field.default is not dataclasses.MISSING:
        return f"`{field.default!r}`"
    return f"`{field.default_factory()!r}`" if field.default_factory is not dataclasses.MISSING else "required"


def _constant(value: Any) -> str:
    if isinstance(value, str):
        return f"`{value!r}`"
    if isinstance(value, Mapping):
        said = ((key, item if isinstance(item, str) else f"`{item.__name__}`") for key, item in value.items())
        return "\n\n" + "\n".join(f"- `{key}`: {meaning}" for key, meaning in said)
    if isinstance(value, frozenset | tuple) and all(isinstance(item, str) for item in value):
        return " ".join(f"`{item}`" for item in (sorted(value) if isinstance(value, frozenset) else value))
    return f"`{value}`" if get_origin(value) else ""


def _comment(module: str, name: str) -> str:
    """The `#:` comment in front of a constant."""
    lines = (SOURCE / f"{module}.py").read_text().splitlines()
    at = next((n for n, line in enumerate(lines) if re.match(rf"{name}(:| =)", line)), 0)
    said: list[str] = []
    while at and lines[at - 1].startswith("#:"):
        at -= 1
        said.insert(0, lines[at].removeprefix("#:").strip())
    return " ".join(said)


def _names(node: ast.stmt) -> list[str]:
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
