# SPDX-License-Identifier: Apache-2.0
"""Holds files against a JSON Schema with a validator that is not ours.

    check_schema.py FOLDER
    check_schema.py SCHEMA FILE...

FOLDER has schema.json, good/ and broken/, as write_schema.c writes them. The schema
itself must be valid, everything in good/ must be accepted and everything in broken/
rejected; of files that are named, each must be accepted. Files may be JSON or, with
python3-yaml, YAML.
"""

import json
import pathlib
import re
import sys

import jsonschema


def core_loader():
    """YAML's core schema (YAML 1.2, 10.3.2), which PyYAML does not have."""
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    resolvers = {}
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items():
        resolvers[first] = [
            (tag, pattern) for tag, pattern in pairs
            if tag.endswith((":null", ":int", ":float", ":merge"))
        ]
    Loader.yaml_implicit_resolvers = resolvers
    Loader.add_implicit_resolver(
        "tag:yaml.org,2002:bool", re.compile("^(true|false)$"), "tf")
    return Loader


def read(path):
    if path.suffix == ".yaml":
        import yaml

        return yaml.load(path.read_text(encoding="utf-8"), core_loader())
    return json.loads(path.read_text(encoding="utf-8"))


def check(validator, path, is_good):
    """Returns what is wrong with the schema's verdict, if anything is."""
    errors = list(validator.iter_errors(read(path)))
    if is_good and errors:
        return [f"{path} is rejected: {errors[0].message}"]
    if not is_good and not errors:
        return [f"{path} is accepted"]
    return []


def main():
    first = pathlib.Path(sys.argv[1])
    if first.is_dir():
        schema = read(first / "schema.json")
        good = sorted((first / "good").iterdir())
        broken = sorted((first / "broken").iterdir())
    else:
        schema = read(first)
        good, broken = [pathlib.Path(name) for name in sys.argv[2:]], []
    validator_class = jsonschema.Draft202012Validator
    validator_class.check_schema(schema)
    validator = validator_class(schema)
    failures = []
    for path in good:
        failures += check(validator, path, True)
    for path in broken:
        failures += check(validator, path, False)
    for failure in failures:
        print(failure)
    print(f"{len(good)} good and {len(broken)} broken files, {len(failures)} failures")
    return 1 if failures or not good else 0


if __name__ == "__main__":
    sys.exit(main())
