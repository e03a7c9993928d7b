"""Checks the syntax of Swift files, and that the requests that one of them knows are those of the bridge's contract.

Usage: swift_check.py CASES FILE...
No compiler is needed, and nothing is said of types or of whether it links.
"""

import json
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


def main(cases: str, *names: str) -> int:
    if not wrong(b"final class A { func b( }"):
        print("The parser finds nothing wrong with what is no Swift.")
        return 1
    failed = 0
    for name in names:
        with open(name, "rb") as f:
            source = f.read()
        for line in wrong(source):
            failed += 1
            print(f"{name}:{line}: this is no Swift")
        if name.endswith("/Door.swift"):
            with open(cases, encoding="utf-8") as f:
                want = json.load(f)["requests"]
            if table(source.decode()) != want:
                failed += 1
                print(f"{name}: the requests are not those of {cases}")
    print(f"{len(names)} files of Swift read")
    return 1 if failed or not names else 0


sys.exit(main(*sys.argv[1:]))
