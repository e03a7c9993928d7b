"""Checks the syntax of Swift files, that the requests that one of them knows are those of the bridge's contract, and that each
language has what they say.

Usage: swift_check.py CASES FILE...
No compiler is needed, and nothing is said of types or of whether it links.
"""

import json
import pathlib
import plistlib
import re
import sys

import tree_sitter_swift
from tree_sitter import Language, Parser

parser = Parser(Language(tree_sitter_swift.language()))


def wrong(source: bytes):
    """The lines where a source is no Swift."""
    todo, lines = [parser.parse(source).root_node], set()
    while todo:
        node = todo.pop()
        if node.is_error or node.is_missing:
            lines.add(node.start_point[0] + 1)
        elif node.has_error:
            todo.extend(node.children)
    return sorted(lines)


def table(source: str):
    """The requests with their fields, of the literal in Door.swift."""
    body = re.search(r"static let fields: .*? = \[\n(.*?)\n    \]\n", source, re.S)
    rows = re.findall(r'^ +"(\w+)": \[(.*)\],$', body.group(1), re.M)
    return {name: dict(re.findall(r'"(\w+)": \.(\w+)', fields)) for name, fields in rows}


def places(text: str):
    """What a text has places for."""
    return sorted(re.findall(r"%[\d$]*(?:ld|@)", text))


def unsaid(sources: str, languages: pathlib.Path):
    """What of the texts that Swift names a language lacks, has beside them, or has with other places than English."""
    named = set(re.findall(r'\bsaid\("(\w+)"\)', sources))
    english = None
    for folder in sorted(languages.glob("*.lproj"), key=lambda f: f.name != "en.lproj"):
        texts = plistlib.loads((folder / "Localizable.strings").read_bytes())
        plurals = plistlib.loads((folder / "Localizable.stringsdict").read_bytes())
        english = english or texts
        for key in sorted(named ^ (set(texts) | set(plurals))):
            yield f"{folder.name} and Swift do not agree about {key}"
        for key in sorted(set(texts) & set(english)):
            if places(texts[key]) != places(english[key]) or (texts is not english and texts[key] == english[key]):
                yield f"{folder.name}: {key} is not the English one in other words: {texts[key]}"
        for key, rule in plurals.items():
            if places(rule["answers"].get("other", "")) != ["%ld"]:
                yield f"{folder.name}: {key} has no general form"
    if english is None:
        yield "there is no language"


def spoken(source: str):
    """The languages of the literal in Speech.swift."""
    return json.loads(re.search(r"static let languages = (\[.*\])", source).group(1))


def main(cases: str, *names: str) -> int:
    if not wrong(b"final class A { func b( }"):
        print("The parser finds nothing wrong with what is no Swift.")
        return 1
    with open(cases, encoding="utf-8") as f:
        contract = json.load(f)
    languages = pathlib.Path(cases).parent.parent / "ios" / "Resources"
    failed, sources = 0, ""
    for name in names:
        with open(name, "rb") as f:
            source = f.read()
        if "/Sources/" in name:
            sources += source.decode()
        for line in wrong(source):
            failed += 1
            print(f"{name}:{line}: this is no Swift")
        if name.endswith("/Door.swift") and table(source.decode()) != contract["requests"]:
            failed += 1
            print(f"{name}: the requests are not those of {cases}")
        if name.endswith("/Speech.swift") and spoken(source.decode()) != contract["languages"]:
            failed += 1
            print(f"{name}: the languages are not those of {cases}")
    if sorted(folder.stem for folder in languages.glob("*.lproj")) != sorted(contract["languages"]):
        failed += 1
        print(f"{languages}: the languages are not those of {cases}")
    for what in unsaid(sources, languages):
        failed += 1
        print(what)
    print(f"{len(names)} files of Swift read")
    return 1 if failed or not names else 0


sys.exit(main(*sys.argv[1:]))
