"""`make score`: the program's readings and answers measured by ../shared/score against
../shared/gold.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SHARED = Path(__file__).resolve().parents[2] / "shared"


def bot(*arguments: str, given: str = "") -> str:
    """What `python -m bot` prints. Ends the run with what it complained of where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"bot {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def score(script: str, reference: Path, read: Path, show: int) -> str:
    """What a scorer of ../shared prints."""
    command = [
        sys.executable,
        str(SHARED / "score" / script),
        str(reference),
        str(read),
        "--show",
        str(show),
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def phrases(folder: Path, show: int) -> str:
    """The score of reading deadline phrases."""
    reference = SHARED / "gold" / "phrases.json"
    lines = "\n".join(
        json.dumps(
            {name: phrase.get(name) for name in ("text", "plan_year", "issued_on")},
            ensure_ascii=False,
        )
        for phrase in json.loads(reference.read_text(encoding="utf-8"))
    )
    read = folder / "phrases.jsonl"
    read.write_text(bot("deadline", "--json", given=lines), encoding="utf-8")
    return score("score_phrases.py", reference, read, show)


def plans(folder: Path, show: int) -> Iterable[tuple[str, str]]:
    """The score of reading each plan document that has a reference answer."""
    for document in sorted((SHARED / "plans").iterdir()):
        reference = SHARED / "gold" / f"{document.stem}.json"
        if not reference.exists():
            continue
        read = folder / f"{document.name}.json"
        read.write_text(bot("read", "--json", str(document)), encoding="utf-8")
        yield document.name, score("score_plan.py", reference, read, show)


def questions(folder: Path, name: str, show: int) -> str:
    """Return the score of answering questions, each asked of its plan with its done tasks."""
    reference = SHARED / "gold" / name
    rows = [
        json.loads(line)
        for line in reference.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    together: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for place, row in enumerate(rows):
        together.setdefault((row["plan"], tuple(sorted(row["done"]))), []).append(place)
    answers: dict[int, str] = {}
    for number, ((plan, done), places) in enumerate(together.items()):
        url = f"sqlite:///{folder}/{reference.stem}-{number}.db"
        _load(folder, url, plan, done)
        given = "\n".join(json.dumps({k: rows[p][k] for k in ("q", "today", "as")}) for p in places)
        lines = bot("ask", "--json", "--db", url, given=given).splitlines()
        answers.update(zip(places, lines, strict=True))
    read = folder / "answers.jsonl"
    read.write_text("\n".join(answers[place] for place in range(len(rows))), encoding="utf-8")
    return score("score_questions.py", reference, read, show)


def _load(folder: Path, url: str, plan: str, done: Iterable[str]) -> None:
    loaded: dict[str, Any] = json.loads(
        (SHARED / "gold" / f"{plan}.json").read_text(encoding="utf-8")
    )
    for task in loaded["tasks"]:
        if task["key"] in done:
            task["done_on"] = f"{loaded['plan']['first_year']}-01-02"
    path = folder / "plan.json"
    path.write_text(json.dumps(loaded, ensure_ascii=False), encoding="utf-8")
    bot("import", "--yes", "--db", url, str(path))


def main() -> None:
    """Prints every score; with a number, so many differences each."""
    if not SHARED.is_dir():
        raise SystemExit(
            "the folder ../shared with the reference answers is not beside this checkout"
        )
    show = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        print("== phrases.json", phrases(folder, show), sep="\n")
        for document, figures in plans(folder, show):
            print(f"== {document}", figures, sep="\n")
        for name in ("questions.jsonl", "questions2.jsonl"):
            print(f"== {name}", questions(folder, name, show), sep="\n")


if __name__ == "__main__":
    main()
