"""Join the rows of a table that are one: torn rows, and rows of products under one number.

Also the other way round: rows that recognition ran into one.
"""

import re
from dataclasses import replace

from language.text import fold
from plans.reading.bullets import join_lines, split_bullets
from plans.reading.row_entry import TEXT_ROLES, RowEntry
from plans.tables.blocks import Row
from plans.tables.columns import Role, fold_to_words, load_column_words
from plans.tables.patterns import LOWER_LETTER, UPPER_LETTER

_LOWER = re.compile(f"^{LOWER_LETTER}")
_BEGINS_PARAGRAPH = re.compile(rf"^(?:{UPPER_LETTER}|\d+%)")
_RUN_ON = re.compile(r"^[-+*•]\s?\S")


def join_torn_rows(entries: list[RowEntry], rows: list[Row]) -> list[RowEntry]:
    """Return `entries` with the rests of torn rows put back, and without rows that sum up."""
    result: list[RowEntry] = []
    forward: RowEntry | None = None
    has_headings = any(one.kind == "heading" and one.numeral.kind == "roman" for one in entries)
    for entry, row in zip(entries, rows, strict=True):
        if _is_total(entry):
            continue
        last = result[-1] if result else None
        if last is not None and last.kind != "heading" and _is_note(entry):
            _append_rest(result, replace(entry, texts={"requirement": entry.get_text("title")}))
            continue
        if has_headings and last is not None and _is_heading_beside_rest(entry, last):
            rest: dict[Role, str] = {
                role: text for role, text in entry.texts.items() if role != "title"
            }
            _append_rest(result, replace(entry, texts=rest))
            heading: dict[Role, str] = {"title": join_lines(entry.get_text("title"))}
            result.append(replace(entry, kind="heading", texts=heading))
            continue
        if forward is not None and entry.kind == "task":
            entry = replace(entry, texts={**forward.texts, **entry.texts})
            forward = None
        if last is not None and last.kind != "heading" and _is_rest(entry, row, last):
            _append_rest(result, entry)
        elif (
            last is not None
            and last.kind == "heading"
            and entry.kind == "continued"
            and _is_rest(entry, row, last)
        ):
            last.texts["title"] = join_lines(f"{last.get_text('title')} {entry.get_text('title')}")
        elif (
            entry.kind == "continued"
            and (last is None or last.kind == "heading")
            and not entry.get_text("title")
        ):
            forward = entry
        else:
            result.append(entry)
    return result


def _is_heading_beside_rest(entry: RowEntry, last: RowEntry) -> bool:
    """Return whether a heading's row also holds the rest of a cell of the row before."""
    rest = [role for role in entry.texts if role != "title"]
    return (
        entry.kind == "task"
        and entry.numeral.kind == "roman"
        and last.kind != "heading"
        and len(rest) == 1
        and bool(_LOWER.match(entry.texts[rest[0]]) and last.get_text(rest[0]))
    )


def _is_total(entry: RowEntry) -> bool:
    """Return whether a row sums up.

    Its title is one of the words for a total; or it begins with such a phrase, and the row has
    neither an agency nor a time.
    """
    title = fold_to_words(entry.get_text("title"))
    totals = load_column_words()["rows"]["totals"]
    if title in totals or fold_to_words(entry.get_text("title").partition(":")[0]) in totals:
        return True
    bare = (
        entry.numeral.kind == "none"
        and not entry.get_text("lead")
        and not entry.get_text("deadline")
    )
    return bare and any(title.startswith(f"{total} ") for total in totals if " " in total)


def _is_note(entry: RowEntry) -> bool:
    """Return whether a row only adds to the task above, such as the source of its money."""
    title = fold_to_words(entry.get_text("title").partition(":")[0])
    is_bare = entry.kind == "continued" and set(entry.texts) == {"title"} and not entry.merged
    return is_bare and title in load_column_words()["rows"]["notes"]


def _is_rest(entry: RowEntry, row: Row, last: RowEntry) -> bool:
    """Return whether a row without a number only continues the sentences of the row before.

    It does if its first text begins in the middle of a sentence. After a page break it also does if
    it has a title and neither who nor when, or no title and not both.
    """
    if entry.kind != "continued" or entry.numeral.kind != "none" or entry.merged:
        return False
    texts = [entry.get_text(role) for role in TEXT_ROLES if entry.get_text(role)]
    if not texts or (entry.loose and _lacks_product(entry, last)):
        return True
    title = entry.get_text("title")
    if title and _LOWER.match(title):
        return True
    if title and not entry.get_text("lead") and not entry.get_text("deadline"):
        goes_on = last.kind != "heading" and last.get_text("title").endswith((";", ",", ":"))
        if any(_LOWER.match(text) for text in texts) or (texts == [title] and goes_on):
            return True
    if row.after_page_break and title and last.kind != "heading":
        return not entry.get_text("lead") and not entry.get_text("deadline")
    if not row.after_page_break:
        return not title and len(texts) == 1 and bool(_LOWER.match(texts[0]))
    whole = entry.get_text("deadline") and (
        entry.get_text("lead") or entry.get_text("deliverables")
    )
    return not title and not (whole and not any(_LOWER.match(text) for text in texts))


def _lacks_product(entry: RowEntry, last: RowEntry) -> bool:
    """Return whether a row has a time and an agency only, for a product in the row before.

    That is a fault of recognised text.
    """
    if entry.get_text("title") or entry.get_text("deliverables"):
        return False
    return len(_split_products(last.get_text("deliverables"))) > len(
        last.get_text("deadline").split("\n")
    )


def _append_rest(entries: list[RowEntry], rest: RowEntry) -> None:
    """Append the texts of a torn row's rest to the last cells of the same task that have text."""
    for role, text in rest.texts.items():
        target = entries[-1]
        for one in reversed(entries):
            if one.get_text(role):
                target = one
                break
            if one.kind != "continued":
                break
        before = target.get_text(role)
        target.texts[role] = f"{before}\n{text}" if before else text


def split_run_on_entry(entry: RowEntry) -> list[RowEntry]:
    """Return the rows that recognition ran into one: a row for each product with its own time.

    The second row and later ones continue the first. Each paragraph of the product cell is a
    product, with its bullets. One paragraph with as many bullets as there are times (three or
    more) is divided at its bullets. Surplus times or products go with the last.
    """
    products = (
        _split_products(entry.get_text("deliverables"))
        if entry.loose and entry.kind != "heading"
        else []
    )
    times = [line for line in entry.get_text("deadline").split("\n") if line]
    if len(products) == 1 and len(times) >= 3:
        products = (
            _split_by_bullet(products[0])
            if len(_split_by_bullet(products[0])) == len(times)
            else products
        )
    if len(products) < 2 or any(_RUN_ON.match(time) for time in times):
        return [entry]
    if len(times) > 1:
        size = min(len(products), len(times))
        products = [*products[: size - 1], "\n".join(products[size - 1 :])]
        times = [*times[: size - 1], "\n".join(times[size - 1 :])]
    else:
        times = times * len(products)
    parts: list[RowEntry] = []
    for place, product in enumerate(products):
        texts = {**entry.texts, "deliverables": product, "deadline": times[place] if times else ""}
        filled = {
            role: text for role, text in texts.items() if text and not (place and role == "title")
        }
        parts.append(replace(entry, kind=entry.kind if place == 0 else "continued", texts=filled))
    return parts


def _split_products(text: str) -> list[str]:
    """Return the paragraphs of a product cell of recognised text.

    Each has its bullets, and the brackets after it.
    """
    products: list[str] = []
    for line in filter(None, text.split("\n")):
        begins = _BEGINS_PARAGRAPH.match(line) and not split_bullets(line)[0].mark
        if products and not begins:
            products[-1] += f"\n{line}"
        else:
            products.append(line)
    return products


def _split_by_bullet(product: str) -> list[str]:
    """Return the bullets of a product, the first together with the words before it."""
    items = [str(item) for item in split_bullets(product)]
    if items and not split_bullets(items[0])[0].mark and len(items) > 1:
        items[0:2] = ["\n".join(items[0:2])]
    return items


def join_products(entries: list[RowEntry]) -> list[RowEntry]:
    """Return `entries` with the rows under one number as one task, if title and lead are the same.

    Its products and deadlines are those of all the rows. A row with another lead stays a task.
    """
    result: list[RowEntry] = []
    for entry in entries:
        last = result[-1] if result else None
        if last is not None and last.kind != "heading" and _adds_product(entry, last):
            for role in ("deliverables", "deadline", "requirement", "partners"):
                _append_item(last, entry, role)
            last.times += tuple(pair for pair in entry.times if pair not in last.times)
        else:
            result.append(entry)
    return result


def _adds_product(entry: RowEntry, last: RowEntry) -> bool:
    if entry.kind != "continued":
        return False
    title = entry.get_text("title")
    same_title = "title" in entry.merged or (
        fold_to_words(title) == fold_to_words(last.get_text("title")) if title else entry.loose
    )
    lead = entry.get_text("lead")
    same_lead = not lead or _fold_lines(lead) == _fold_lines(last.get_text("lead"))
    same_status = entry.get_text("status") == last.get_text("status")
    return same_title and same_lead and same_status


def _fold_lines(text: str) -> set[str]:
    return {fold_to_words(line) for line in text.split("\n")}


def _append_item(last: RowEntry, entry: RowEntry, role: Role) -> None:
    """Append the text of a cell to that of the task above as a bullet, unless it is there."""
    own, before = entry.get_text(role), last.get_text(role)
    if not own or role in entry.merged or fold(own) == fold(before):
        return
    if not before:
        last.texts[role] = own
        return
    if fold(own) in fold(before).split("\n"):
        return
    last.texts[role] = f"{_mark_item(before)}\n{_mark_item(own)}"


def _mark_item(text: str) -> str:
    """Return the text of a cell with a bullet, if it has none, so that it stays an item."""
    if split_bullets(text)[0].mark:
        return text
    return "- " + join_lines("\n".join(dict.fromkeys(text.split("\n"))))
