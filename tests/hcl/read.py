"""Reads HCL with another parser.

    read.py REQUEST_FILE

The request is a JSON list of texts; the answer, on stdout, is a JSON list with the tree of each: maps, lists, plain values,
texts with the quotes that they are written in, and expressions as `${...}`.
"""

import json
import sys

import hcl2


def answer(text):
    try:
        return hcl2.loads(text)
    except TypeError:  # it was read, and cannot be shown: numbers within operators
        return None
    except Exception as error:  # whatever it is, the text was not read
        return {"refused": str(error)}


with open(sys.argv[1], encoding="utf-8") as request:
    print(json.dumps([answer(text) for text in json.load(request)]))
