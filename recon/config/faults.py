"""What is wrong in recon.yaml, said in one line each: file, line, key, value, problem, remedy."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Mapping
from copy import deepcopy
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from recon.config.document import Document, Place, Value, spelled

#: Keys and values of the design whose feature is not built: refused, since a setting that does nothing misleads.
#: `*` stands for every item of a list and every key of a mapping.
PLANNED: Mapping[Place, str] = {
    ("sources", "*", "year"): "every layout that is read prints its year",
    ("accounts", "*", "opening"): "openings come from the statements",
    ("postings", "templates"): "vouchers follow the built-in templates",
    ("outputs", "proof"): "no verify.py is written",
}
_EMPTY: tuple[Value, ...] = (None, [], {})


def planned(document: Document) -> tuple[dict[str, Value], list[tuple[int, str]]]:
    """Take keys of features to come out of a document.

    Returns:
        The content without them, and (line, message) of those that say something; empty ones ask for nothing.
    """
    faults = []
    value = document.value
    for pattern, instead in PLANNED.items():
        for place in _places(document, pattern):
            if document.at(place) not in _EMPTY:
                problem = f"not supported yet: {instead}"
                faults.append((document.line(place), document.message(place, problem, "Remove the key.")))
            value = _without(value, place)
    return value, faults


def _places(document: Document, pattern: Place) -> list[Place]:
    """Return the places of the file that a pattern means."""
    if "*" not in pattern:
        return [pattern] if pattern in document.lines else []
    star = pattern.index("*")
    items = document.at(pattern[:star])
    steps: Iterable[str | int] = (
        range(len(items)) if isinstance(items, list) else items if isinstance(items, dict) else ()
    )
    places: list[Place] = [(*pattern[:star], step, *pattern[star + 1 :]) for step in steps]
    return [place for place in places if place in document.lines]


def _without(value: dict[str, Value], place: Place) -> dict[str, Value]:
    """Return a copy of a document's content that lacks one place."""
    copy = deepcopy(value)
    inner: Any = copy
    for step in place[:-1]:
        inner = inner[step]
    del inner[place[-1]]
    return copy


def explained(document: Document, error: ValidationError, model: type[BaseModel]) -> list[tuple[int, str]]:
    """Return (line, message) of every error that pydantic found."""
    return [_explained(document, detail, model) for detail in error.errors(include_url=False)]


def _explained(document: Document, detail: ErrorDetails, model: type[BaseModel]) -> tuple[int, str]:
    place, is_key = _place(document, detail["loc"])
    problem, remedy = _words(detail, model, place)
    if is_key:
        return document.line(
            place
        ), f"{document.name}:{document.line(place)}: key {spelled(place)}: {problem}. {remedy}"
    return document.line(place), document.message(place, problem, remedy)


def _place(document: Document, loc: tuple[int | str, ...]) -> tuple[Place, bool]:
    """Return the place in the file that pydantic means, and whether the key itself is meant, not its value."""
    if loc and loc[-1] == "[key]":
        return loc[:-1], True
    while loc and loc not in document.lines and loc[:-1] in document.lines and document.at(loc[:-1]) is not None:
        if not isinstance(document.at(loc[:-1]), dict | list):
            loc = loc[:-1]  # a member of a union, named by pydantic, not by the file
        else:
            break
    return loc, False


def _words(detail: ErrorDetails, model: type[BaseModel], place: Place) -> tuple[str, str]:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "recon":
        problem, _, remedy = detail["msg"].partition("|")
        return problem, remedy
    if kind == "extra_forbidden":
        return "unknown key", _suggestion(str(place[-1]), _keys(model, place[:-1]))
    if kind == "missing":
        return "is missing", "Write all of them." if isinstance(place[-1], int) else f"Add `{place[-1]}:`."
    if kind == "literal_error":
        choices = str(context["expected"]).replace("'", "")
        later = place[0] == "outputs"  # the design has more values than are built
        return "not supported yet" if later else "is not one of its values", f"Write {choices}."
    return _SHAPES.get(kind, _bound(kind, detail, context))


_SHAPES: Mapping[str, tuple[str, str]] = {
    "string_type": ("is not a text", "Write a text."),
    "string_too_short": ("is empty", "Write a text or remove the key."),
    "tuple_type": ("is not a list", "Write [a, b] or lines that start with `- `."),
    "dict_type": ("has no keys of its own", "Write `key: value` lines below it."),
    "mapping_type": ("has no keys of its own", "Write `key: value` lines below it."),
    "model_type": ("has no keys of its own", "Write `key: value` lines below it."),
    "model_attributes_type": ("has no keys of its own", "Write `key: value` lines below it."),
}


def _bound(kind: str, detail: ErrorDetails, context: Mapping[str, object]) -> tuple[str, str]:
    for name, sign in (("ge", "at least"), ("gt", "more than"), ("le", "at most")):
        if name in context:
            return "is out of range", f"Write {sign} {context[name]}."
    if kind == "too_long":
        return "has too many items", f"Write {context['max_length']}."
    return detail["msg"].lower(), ""


def _suggestion(key: str, known: list[str]) -> str:
    near = get_close_matches(key, known, n=1, cutoff=0.6)
    return f"Did you mean {near[0]!r}?" if near else f"Known here: {', '.join(known)}."


def _keys(model: type[BaseModel], place: Place) -> list[str]:
    """Return the keys that a place of the file may have, as the file spells them."""
    annotation: object = model
    for step in place:
        annotation = _below(annotation, step)
    found = _bare(annotation)
    if isinstance(found, type) and issubclass(found, BaseModel):
        return [field.alias or name for name, field in found.model_fields.items()]
    return []


def _below(annotation: object, step: str | int) -> object:
    """Return the annotation of what one step of a place leads to."""
    here = _bare(annotation)
    if isinstance(here, type) and issubclass(here, BaseModel):
        fields = here.model_fields.items()
        return next((field.annotation for name, field in fields if step in {name, field.alias}), None)
    args = typing.get_args(here)
    origin = typing.get_origin(here)
    return args[1] if isinstance(origin, type) and issubclass(origin, Mapping) else args[0]


def _bare(annotation: object) -> object:
    """Return an annotation without its constraints and without its None."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _bare(typing.get_args(annotation)[0])
    if origin in {typing.Union, types.UnionType}:
        return _bare(next(item for item in typing.get_args(annotation) if item is not type(None)))
    return annotation
