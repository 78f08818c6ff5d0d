"""How long one line of chat takes to be understood, with 400 agencies and 50 sections loaded."""

import statistics
import time

from language.agencies.directory import DirectoryEntry, load_standard_directory
from language.questions.understanding import understand
from tests.bench.rows import Row, make_row
from tests.support.question_rows import COUNTS, FIGURES, LISTS, NO_QUESTIONS, ONE_TASK
from tests.support.question_world import AGENCIES, SECTIONS, TODAY, VOCABULARY

MEDIAN_LIMIT = 2.0  # milliseconds
AGENCIES_LOADED = 400
SECTIONS_LOADED = 50
ROUNDS = 3


def milliseconds() -> list[float]:
    """Times of `understand`, one a line, ascending."""
    communes = (
        DirectoryEntry(f"UBND xã Thôn {number}")
        for number in range(AGENCIES_LOADED - len(AGENCIES))
    )
    directory = load_standard_directory().with_names(
        [*(DirectoryEntry(name) for name in AGENCIES), *communes]
    )
    sections = (
        *SECTIONS,
        *(f"NHÓM VIỆC {number} CỦA KHỐI {number % 7}" for number in range(SECTIONS_LOADED)),
    )
    lines = [row[0] for row in (*LISTS, *COUNTS, *ONE_TASK, *FIGURES, *NO_QUESTIONS)]
    times = []
    for turn in range(ROUNDS + 1):
        for line in lines:
            start = time.perf_counter()
            understand(
                line,
                TODAY,
                "Sở Y tế",
                directory,
                plan_years=2026,
                sections=sections,
                vocabulary=VOCABULARY,
            )
            if turn:  # the first round fills the caches
                times.append((time.perf_counter() - start) * 1000)
    return sorted(times)


def rows() -> list[Row]:
    """Return the rows of this bench."""
    times = milliseconds()
    median, late = statistics.median(times), times[int(len(times) * 0.99)]
    return [
        make_row("`understand`, median a question", median, MEDIAN_LIMIT, "{:.2f} ms"),
        Row("`understand`, 99th percentile", f"{late:.2f} ms"),
    ]
