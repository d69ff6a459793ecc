"""Holds every line of a file against a JSON Schema with jsonschema-rs, and says how many are right."""

import json
import sys

import jsonschema_rs
import orjson

with open(sys.argv[1], "rb") as file:
    validator = jsonschema_rs.validator_for(json.load(file), validate_formats=True)
is_valid, loads = validator.is_valid, orjson.loads
with open(sys.argv[2], "rb", buffering=1 << 20) as file:
    print(sum(is_valid(loads(line)) for line in file))
