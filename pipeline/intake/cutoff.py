"""The data cut of a run: what the user says, else the delivery, else study.yaml; a study may have none."""

from __future__ import annotations

import re
from datetime import date

from pipeline.ground.date_forms import reading
from pipeline.ground.faults import TrialError
from pipeline.intake import sdtm
from pipeline.intake.delivery import Delivery
from pipeline.study.specs import Specs

LATEST = "2199-12-31"  # nothing is later: no data cut
NONE, SAY = "none", "say --cutoff 2026-06-30 (of make: CUTOFF=2026-06-30)"


class NoCutError(TrialError):
    """Nobody says the data cut: neither the user, nor the delivery, nor study.yaml."""


def data_cut(asked: str, delivery: Delivery, specs: Specs) -> tuple[str, str]:
    """The data cut as an ISO date, and how outputs name it.

    Of an SDTM made elsewhere TS says it (DCUTDTC). A study whose study.yaml says `cutoff: none` (a chart review) has no
    cut: the last date in its data stands for it, so that nothing is cut, and every output says so. So it does of a cut
    after the extract was taken. Raises TrialError.
    """
    stated = asked or delivery.cutoff or (sdtm.stated_cut(delivery) if specs.study.from_sdtm else "")
    stated = stated or specs.study.cutoff
    if stated != NONE:
        cutoff, taken = checked(stated), taken_on(delivery)
        late = f" (after the extract was taken, {taken})" if taken and cutoff > taken else ""
        return cutoff, cutoff + late
    cutoff = sdtm.last_date(delivery) if specs.study.from_sdtm else last_date(delivery, specs)
    if not cutoff:
        raise TrialError("The study has no data cut, and its data have no date to take instead.", delivery.name, SAY)
    return cutoff, f"none; last date in the data {cutoff}"


def taken_on(delivery: Delivery) -> str:
    """The day on which the extract was taken, as its manifest says; '' where it does not say a day."""
    day = re.match(r"\d{4}-\d{2}-\d{2}", delivery.manifest.extracted)
    return day.group() if day else ""


def late_cut(cutoff: str, delivery: Delivery) -> str:
    """A warning where the data cut lies after the day the extract was taken: what happened between is not in it."""
    taken = taken_on(delivery)
    if not taken or cutoff <= taken:
        return ""
    return f"  The data cut {cutoff} is after the extract was taken ({taken}): what happened since is not in it."


def checked(cutoff: str) -> str:
    """The data cut as an ISO date. Raises TrialError."""
    if not cutoff:
        cure = f"{SAY}, or `cutoff: 2026-06-30` in study.yaml, `cutoff: none` for a study without a data cut"
        raise NoCutError("No data cut is known: the delivery has no manifest that states one.", "", cure)
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", cutoff):
            raise ValueError(cutoff)
        date.fromisoformat(cutoff)
    except ValueError as error:
        raise TrialError(f"The data cut '{cutoff}' is no date.", "--cutoff", f"write it as {_meant(cutoff)}") from error
    return cutoff


def _meant(cutoff: str) -> str:
    """The ISO dates that a text may mean (day or month first); without any, how a day is written."""
    dates = dict.fromkeys(reading(cutoff, order).date for order in ("DMY", "MDY"))
    return " or ".join(day for day in dates if len(day) == len("YYYY-MM-DD")) or "YYYY-MM-DD, a day of the calendar"


def last_date(delivery: Delivery, specs: Specs) -> str:
    """The last complete date in any date field of the delivery; '' when there is none."""

    from pipeline.ground.dates import is_complete, iso_date
    from pipeline.intake.declared import in_agreed_form
    from pipeline.intake.records import read_renamed
    from pipeline.readers.columns import parted, text_frame

    last = ""
    for form in specs.raw:
        contract = specs.contracts[form]
        source = delivery.source(contract)
        if not contract.dated or source not in delivery.hashes:
            continue
        sheet = read_renamed(delivery, contract)
        cells = text_frame(parted(sheet.rows, sheet.lines, len(sheet.header))[0], sheet.header)
        by_delivery = delivery.written(source, contract).dates
        cells = in_agreed_form(cells, contract, by_delivery)
        texts = [cells[name] for name in contract.dated if name in cells]
        for iso in [iso_date(text.mask(text.str.strip() == "")) for text in texts]:
            last = max([last, *iso[is_complete(iso)].str.slice(0, 10)])
    return last
