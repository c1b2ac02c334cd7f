#!/usr/bin/env python3
"""Proves that a refactoring changed no record.

Hashes the record of every story in seeds/, fixtures/, the evaluation corpora (where they are
there) and 3,000 mutants of the fixtures, which come out the same in every run:

    .ci/record-hashes.py target/release/archive > before.txt
    ... refactor, build ...
    .ci/record-hashes.py target/release/archive > after.txt
    diff before.txt after.txt

One line per input: a hash of all that `parse --jsonl` printed for it, and the input's name.
"""
import hashlib
import json
import pathlib
import random
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
MUTANTS = 3000
NOT_STORIES = {".py", ".md", ".jsonl", ".json", ".sh"}


def inputs():
    """Yields the files of the project's own stories and of every evaluation corpus, sorted."""
    for folder in (ROOT / "seeds", ROOT / "fixtures", ROOT.parent / "shared" / "eval"):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix not in NOT_STORIES:
                yield path


def mutants(sources):
    """Yields (name, bytes): cut, spliced, shuffled and damaged fixtures, the same in every run."""
    dice = random.Random(1851)
    for number in range(MUTANTS):
        base, other = dice.choice(sources), dice.choice(sources)
        lines = base.split(b"\n")
        kind = number % 6
        if kind == 0:
            a, b = sorted(dice.randrange(len(base) + 1) for _ in range(2))
            data = base[:a] + base[b:]
        elif kind == 1:
            data = base[: dice.randrange(len(base) + 1)] + other[dice.randrange(len(other) + 1) :]
        elif kind == 2:
            dice.shuffle(lines)
            data = b"\n".join(lines)
        elif kind == 3:
            data = b"\n".join(line for line in lines if dice.random() < 0.8)
        elif kind == 4:
            flipped = bytearray(base)
            for _ in range(5):
                if flipped:
                    flipped[dice.randrange(len(flipped))] = dice.randrange(256)
            data = bytes(flipped)
        else:
            data = base.replace(b"\n\n", dice.choice([b"\n", b" ", b"\r\n", b"\n\n\n    "]))
        yield f"mutant-{number:04}", data


def hashes(binary, paths):
    """Returns the hash of the records of each path, all read in one run of the program."""
    lists = {str(path): hashlib.sha256() for path in paths}
    for start in range(0, len(paths), 2000):
        for line in records(binary, [str(path) for path in paths[start : start + 2000]]):
            record = json.loads(line)
            # The only part of a record that depends on where the story stood.
            lists[record["source"].pop("path")].update(json.dumps(record).encode() + b"\n")
    return lists


def records(binary, paths):
    """Returns the lines that the program prints for some paths, whatever happens to one of them."""
    run = subprocess.run([binary, "parse", "--jsonl", *paths], capture_output=True)
    if run.returncode in (0, 1):
        return run.stdout.splitlines()
    if len(paths) == 1:
        return []
    middle = len(paths) // 2
    return records(binary, paths[:middle]) + records(binary, paths[middle:])


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        paths = list(inputs())
        stories = [path.read_bytes() for path in sorted((ROOT / "fixtures").glob("*.txt"))]
        for name, data in mutants(stories):
            path = pathlib.Path(folder) / name
            path.write_bytes(data)
            paths.append(path)
        for path, digest in hashes(binary, paths).items():
            print(digest.hexdigest()[:16], path.rsplit("/", 1)[-1] if "/mutant-" in path else path)


main()
