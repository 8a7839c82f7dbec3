# SPDX-License-Identifier: Apache-2.0
"""Holds files against a JSON Schema with a validator that is not ours.

    check_schema.py FOLDER

FOLDER has schema.json, good/ and broken/, as write_schema.c writes them. The schema
itself must be valid, everything in good/ must be accepted and everything in broken/
rejected. Files may be JSON or, with python3-yaml, YAML.
"""

import json
import pathlib
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
        "tag:yaml.org,2002:bool", __import__("re").compile("^(true|false)$"), "tf")
    return Loader


def read(path):
    if path.suffix == ".yaml":
        import yaml

        return yaml.load(path.read_text(encoding="utf-8"), core_loader())
    return json.loads(path.read_text(encoding="utf-8"))


def main():
    folder = pathlib.Path(sys.argv[1])
    schema = read(folder / "schema.json")
    validator_class = jsonschema.Draft202012Validator
    validator_class.check_schema(schema)
    validator = validator_class(schema)
    failures, n = [], {"good": 0, "broken": 0}
    for verdict in n:
        for path in sorted((folder / verdict).iterdir()):
            errors = list(validator.iter_errors(read(path)))
            n[verdict] += 1
            if verdict == "good" and errors:
                failures.append(f"{path.name} is rejected: {errors[0].message}")
            if verdict == "broken" and not errors:
                failures.append(f"{path.name} is accepted")
    for failure in failures:
        print(failure)
    print(f"{n['good']} good and {n['broken']} broken files, {len(failures)} failures")
    return 1 if failures or 0 in n.values() else 0


if __name__ == "__main__":
    sys.exit(main())
