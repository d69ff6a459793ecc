"""Asks Google's own SQL analyzer which columns of which tables statements need.

    analyze.py CACHE_FILE REQUEST_FILE

The request is a JSON list of groups `{"tables": […], "statements": [SQL, …]}`; the answer, on stdout, is a JSON list with
one list for each group: for each statement `{"tables": {name: [column, …]}}`, or `{"refused": words}`.
A table is `{"name", "paths": [[part, …], …], "columns": [column, …], "pseudo": [column, …]}`, a column
`{"name", "type", "repeated", "fields"}`, as the tests write them.
"""

import json
import sys

from analyzer import Analyzer, Refused
from needed import needed_columns


def answer(analyzer, statement):
    try:
        return {"tables": needed_columns(analyzer.analyze(statement))}
    except Refused as refused:
        return {"refused": str(refused)}


def main(cache, request):
    with open(request, encoding="utf-8") as file:
        groups = json.load(file)
    analyzer = Analyzer(cache)
    answers = []
    for group in groups:
        analyzer.use_catalog(group["tables"])
        answers.append([answer(analyzer, statement) for statement in group["statements"]])
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
