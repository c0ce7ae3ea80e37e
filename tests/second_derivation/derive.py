"""A second derivation of study iomab_act, from the raw extract straight to one row per subject.

It shares no code with the pipeline and takes another road: plain rows, one subject after the other, no SDTM
and no ADaM in between. Numbers in brackets, such as [9], are points of the clarifications to the analysis plan;
section signs are sections of the analysis plan. Where the plan leaves the choice open, "Reading" says
which one was taken.
"""

import csv
import datetime as dt
import io
import math
import sys
from collections import defaultdict
from pathlib import Path

MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
UNKNOWN = {"UN", "UNK", "UNKN", "XX", "XXX"}
ONE_DAY = dt.timedelta(days=1)

# Scheduled response assessments in days after the first CAR-T infusion: folders.csv, windows of [9].
SCAN_WINDOWS = [
    ("D30", 30, 37),
    ("D100", 93, 107),
    ("M6", 169, 197),
    ("M9", 260, 288),
    ("M12", 351, 379),
    ("M18", 527, 569),
    ("M24", 709, 751),
]
ADEQUATE = {"CR", "PR", "SD", "PD"}  # [19]
HSCT = {"ALLO", "AUTO"}

# The vendors' own names of the subject and of the day of collection or scan.
VENDOR_SUBJECT = {
    "LABC": ("SITE_SUBJ", lambda text: text.replace("-", "")),
    "PETC": ("PATIENT", lambda text: text.removeprefix("IA-").replace("-", "")),
    "QPCR": ("PATIENT_ID", lambda text: text.removeprefix("S").replace("P", "")),
}


# ---- reading


def read_form(folder: Path, form: str) -> list[dict]:
    """Active rows of one form or transfer without blanks around values; none where the file is absent.

    RECORDID is unique in the database: the same number a second time is the same record sent twice.
    """
    path = Path(folder) / f"{form}.csv"
    if not path.exists():
        return []
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    rows, seen = [], set()
    for record in csv.DictReader(io.StringIO(text, newline="")):
        row = {name.strip(): (value or "").strip() for name, value in record.items() if name is not None}
        record_id = row.get("RECORDID")
        if row.get("ACTIVE", "1") != "0" and (not record_id or record_id not in seen):
            rows.append(row)
            seen.add(record_id)
    return rows


def read_subjects(folder: Path) -> dict[str, dict[str, list[dict]]]:
    """Active rows of every file by subject and form; rows of subjects without a DM form are left out."""
    subjects = {row["SUBJECT"]: defaultdict(list) for row in read_form(folder, "DM") if row.get("SUBJECT")}
    for path in sorted(Path(folder).glob("*.csv")):
        form = path.stem
        column, number = VENDOR_SUBJECT.get(form, ("SUBJECT", str))
        for row in read_form(folder, form):
            subject = number(row.get(column, ""))
            if subject in subjects:
                subjects[subject][form].append(row)
    return subjects


def possible_days(text: str) -> tuple[dt.date, dt.date] | None:
    """First and last day that a collected date can mean; none where it is empty or no date."""
    parts = text.replace("/", "-").replace(" ", "-").upper().split("-")
    parts = [part for part in parts if part]
    if len(parts) != 3:
        return None
    day, month, year = parts if len(parts[2]) == 4 else reversed(parts)
    if not (len(year) == 4 and year.isdigit()):
        return None
    try:
        if month in UNKNOWN:
            return dt.date(int(year), 1, 1), dt.date(int(year), 12, 31)
        number = int(month) if month.isdigit() else MONTHS.index(month[:3]) + 1
        if day in UNKNOWN:
            following = dt.date(int(year) + number // 12, number % 12 + 1, 1)
            return dt.date(int(year), number, 1), following - ONE_DAY
        exact = dt.date(int(year), number, int(day))
    except ValueError:
        return None
    return exact, exact


def first_day(row: dict, field: str) -> dt.date | None:
    """The earliest day a date field can mean."""
    days = possible_days(row.get(field, ""))
    return days[0] if days else None


def code(row: dict, field: str) -> str:
    """Coded value of a field; the decode beside it is never looked at."""
    return row.get(f"{field}_STD", "").upper()


def number_of(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def dated(rows: list[dict], field: str, cut: dt.date) -> list[tuple[dt.date, dict]]:
    """Rows with their day, those on or before the data cut [25], in order of the day."""
    found = [(day, row) for row in rows if (day := first_day(row, field)) and day <= cut]
    return sorted(found, key=lambda pair: pair[0])


# ---- one subject


def derive_subject(subject: str, forms: dict[str, list[dict]], cut: dt.date) -> dict:
    """All results of one subject; a result that does not exist for the subject is None."""
    row = {"SUBJID": subject}
    row |= sets_and_dates(forms, cut)
    row |= last_alive(forms, cut, row["DTHDT"])
    row |= efficacy_set(forms, cut, row)
    row |= dlt(forms, cut, row)
    row |= responses(forms, cut, row)
    row |= survival(forms, cut, row)
    row |= toxicity(forms, cut, row, "CRS", ("CRSMAXGR", "CRSONS", "CRSDUR", "CRSDURC"))
    row |= toxicity(forms, cut, row, "ICANS", ("ICANSMAX", "ICANSONS", "ICANSDUR", "ICANSDURC"))
    row |= emergent_events(forms, cut, row)
    return row


def sets_and_dates(forms: dict, cut: dt.date) -> dict:
    """Enrolment, treatment and death [1, 2, 4]."""
    enrolled = [row for _, row in dated(forms["ENR"], "ENRDAT", cut) if code(row, "ENRYN") == "Y"]
    cells_collected = [row for _, row in dated(forms["LEUK"], "LKDAT", cut) if code(row, "LKYN") == "Y"]
    conditioning = [
        day
        for day, row in dated(forms["IOMAB"], "IODAT", cut)
        if code(row, "IOYN") == "Y" and (number_of(row["IOADM"]) or 0) > 0
    ]
    infusions = [day for day, row in dated(forms["CART"], "CTDAT", cut) if code(row, "CTYN") == "Y"]
    deaths = dated(forms["DTH"], "DTHDAT", cut)
    return {
        "ENRLFL": "Y" if enrolled else "N",
        "ITTFL": "Y" if cells_collected else "N",
        "SAFFL": "Y" if conditioning or infusions else "N",
        "INFFL": "Y" if infusions else "N",
        "COHORT": code(enrolled[0], "PART") if enrolled else None,
        "CONDSDT": conditioning[0] if conditioning else None,
        "CARTSDT": infusions[0] if infusions else None,
        "TRTSDT": conditioning[0] if conditioning else infusions[0] if infusions else None,
        "DTHDT": deaths[0][0] if deaths else None,
        "DTHCAT": code(deaths[0][1], "DTHCAT") if deaths else None,
    }


def last_alive(forms: dict, cut: dt.date, death: dt.date | None) -> dict:
    """The last day known alive [3].

    Reading: samples are the central, local and transgene laboratory (a cancelled test is no sample) and
    marrow; scans are PET, CT lesions, response records other than ND and central reads. A day after death is
    clipped to it.
    """
    days = []

    def take(form, field, when=lambda row: True):
        days.extend(day for day, row in dated(forms[form], field, cut) if when(row))

    take("SURV", "SSDAT", lambda row: code(row, "SSTAT") == "A")
    take("VS", "VSDAT")
    take("LABC", "COLL_DT", lambda row: row.get("STATUS") != "X")
    take("LBL", "LBDAT")
    take("QPCR", "COLLECT_DATE")
    take("BM", "BMDAT")
    take("PET", "PETDAT")
    take("TL", "TLDAT")
    take("NTL", "NTDAT")
    take("NL", "NLDAT")
    take("RESP", "RSDAT", lambda row: code(row, "RSOVRL") != "ND")
    take("PETC", "SCAN_DATE")
    take("CRSD", "CRSDAT")
    take("ICED", "ICEDAT")
    take("ICAND", "ICADAT")
    take("IOMAB", "IODAT", lambda row: code(row, "IOYN") == "Y")
    take("CART", "CTDAT", lambda row: code(row, "CTYN") == "Y")
    for _, row in dated(forms["EOS"], "EOSDAT", cut):
        contact = first_day(row, "EOSLSDAT")
        if contact and contact <= cut:
            days.append(contact)
    latest = max(days, default=None)
    if latest and death:
        latest = min(latest, death)
    return {"LSTALVDT": latest}


def efficacy_set(forms: dict, cut: dt.date, subject: dict) -> dict:
    """Efficacy analysis set and the reason for exclusion [5], §6.2."""
    if subject["SAFFL"] == "N":
        return {"EASFL": "N", "EASEXRSN": None}
    baseline = baseline_scan(forms, cut, subject)
    assessed = any(day > baseline for day, _ in assessments(forms, cut))
    end = [row for _, row in dated(forms["EOS"], "EOSDAT", cut)]
    reasons = {code(row, "EOSREAS") for row in end}
    progressed = "PD" in reasons or subject["DTHCAT"] == "PD"
    if assessed or progressed:
        return {"EASFL": "Y", "EASEXRSN": None}
    if subject["DTHCAT"] == "TOX":
        reason = "TOXIC DEATH BEFORE SCAN"
    elif subject["DTHDT"]:
        reason = "DEATH OTHER"
    elif "WC" in reasons:
        reason = "WITHDREW"
    elif "LTFU" in reasons:
        reason = "LOST"
    elif any(code(row, "EOSCLPD") == "Y" for row in end):
        reason = "PD BY CLINICAL SIGNS ONLY"
    else:
        reason = "ALIVE NO SCAN"
    return {"EASFL": "N", "EASEXRSN": reason}


def baseline_scan(forms: dict, cut: dt.date, subject: dict) -> dt.date:
    """Day of the last evaluable scan on or before the first 131I dose, else before the infusion (F0-11).

    Reading: without any baseline scan the first treatment date stands in.
    """
    scans = [day for day, row in dated(forms["PET"], "PETDAT", cut) if code(row, "PETEVAL") == "Y"]
    scans += [day for day, row in dated(forms["TL"], "TLDAT", cut) if code(row, "TLSTAT") != "NE"]
    scans += [day for day, row in dated(forms["NTL"], "NTDAT", cut) if code(row, "NTSTAT") != "NE"]
    before_conditioning = [day for day in scans if subject["CONDSDT"] and day <= subject["CONDSDT"]]
    before_infusion = [day for day in scans if subject["CARTSDT"] and day <= subject["CARTSDT"]]
    return max(before_conditioning or before_infusion, default=subject["TRTSDT"])


def new_therapies(forms: dict, cut: dt.date, since: dt.date) -> list[tuple[dt.date, str]]:
    """Start and type of anticancer therapies that start on or after a day, in order."""
    return [(day, code(row, "NATYP")) for day, row in dated(forms["NACT"], "NASTDAT", cut) if day >= since]


def dlt(forms: dict, cut: dt.date, subject: dict) -> dict:
    """DLT Analysis Set, its reason, and whether a member had a DLT [14, 20, 24], §6.3 with DLT_MED = COND."""

    def result(member, reason, toxic):
        return {"DLTEVLFL": member, "DLTEVLRS": reason, "DLTFL": toxic if member == "Y" else None}

    if subject["COHORT"] != "A":
        return result("N", "NOT PART A", None)
    start, infusion = subject["CONDSDT"], subject["CARTSDT"]
    if start is None:
        return result("N", "NOT DOSED", None)
    end = infusion + 30 * ONE_DAY if infusion else dt.date.max
    toxic = False
    for row in forms["AE"]:
        days = possible_days(row["AESTDAT"])
        if code(row, "DLTYN") != "Y" or not days or days[0] > cut:
            continue
        if days[1] < start:  # began before the 131I: counts from its maximum
            days = possible_days(row["AEMXDAT"])
            if not days or days[0] > cut:
                continue
        toxic = toxic or (days[0] <= end and days[1] >= start)
    if toxic:
        return result("Y", "DLT", "Y")
    if infusion is None:
        return result("N", "PERIOD UNDEFINED - NO CAR-T", None)
    stops = [end, subject["LSTALVDT"], subject["DTHDT"]]
    stops += [day - ONE_DAY for day, _ in new_therapies(forms, cut, start)[:1]]
    last = min(day for day in stops if day)
    length = (end - start).days + 1
    observed = (last - start).days + 1
    if observed == length:
        return result("Y", "COMPLETE", "N")
    if 4 * observed >= 3 * length:
        return result("Y", ">=75%", "N")
    return result("N", "<75% NO DLT", None)


def assessments(forms: dict, cut: dt.date) -> list[tuple[dt.date, str]]:
    """Day and overall response of the investigator [6]; ND is no assessment."""
    return [
        (day, code(row, "RSOVRL"))
        for day, row in dated(forms["RESP"], "RSDAT", cut)
        if code(row, "RSOVRL") not in ("", "ND")
    ]


def responses(forms: dict, cut: dt.date, subject: dict) -> dict:
    """Best overall response and complete response at Day 30, Day 100 and through Day 107 [7, 24]."""
    infusion = subject["CARTSDT"]
    if infusion is None:
        return {"BOR": None, "CRD30": None, "CRD100": None, "CRBEST": None}
    scans = [(day, response) for day, response in assessments(forms, cut) if day > infusion]
    therapy = min((day for day, _ in new_therapies(forms, cut, infusion)), default=dt.date.max)
    first_pd = min((day for day, response in scans if response == "PD"), default=dt.date.max)
    counted = [(day, response) for day, response in scans if day < therapy and day <= first_pd]
    found = {response for _, response in counted}
    best = next((response for response in ("CR", "PR", "SD", "PD", "NE") if response in found), "MISSING")
    complete = [(day - infusion).days for day, response in counted if response == "CR"]

    def flag(low, high):
        return "Y" if any(low <= day <= high for day in complete) else "N"

    return {"BOR": best, "CRD30": flag(30, 37), "CRD100": flag(93, 107), "CRBEST": flag(1, 107)}


def survival(forms: dict, cut: dt.date, subject: dict) -> dict:
    """PFS by the FDA and the EMA rule, DOR and OS: days inclusive of the origin, and CNSR [8-11, 19]."""
    infusion, death = subject["CARTSDT"], subject["DTHDT"]
    if infusion is None:
        endpoints = ("PFS", "PFSEMA", "DOR", "OS")
        return dict.fromkeys(f"{name}_{part}" for name in endpoints for part in ("AVAL", "CNSR"))
    scans = [(day, response) for day, response in assessments(forms, cut) if day > infusion]
    scans = [(day, response) for day, response in scans if response in ADEQUATE]
    therapies = new_therapies(forms, cut, infusion)
    first_pd = min((day for day, response in scans if response == "PD"), default=None)
    event = min((day for day in (first_pd, death) if day), default=None)

    def last_scan(until):
        return max((day for day, _ in scans if day <= until), default=infusion)

    def fda():
        if therapies and (event is None or therapies[0][0] < event):
            start, kind = therapies[0]
            return last_scan(start), 3 if kind in HSCT else 2
        if event:
            before = last_scan(event - ONE_DAY)
            seen, happened = (before - infusion).days, (event - infusion).days
            missed = [name for name, low, high in SCAN_WINDOWS if seen < low and high < happened]
            return (before, 1) if len(missed) >= 2 else (event, 0)
        return (last_scan(cut), 4) if scans else (infusion, 5)

    def ema():
        if event:
            return event, 0
        return (last_scan(cut), 4) if scans else (infusion, 5)

    def measured(name, origin, end, cnsr):
        return {f"{name}_AVAL": (end - origin).days + 1, f"{name}_CNSR": cnsr}

    results = measured("PFS", infusion, *fda()) | measured("PFSEMA", infusion, *ema())
    if subject["BOR"] in ("CR", "PR"):
        origin = min(day for day, response in scans if response in ("CR", "PR"))
        results |= measured("DOR", origin, *fda())
    else:
        results |= {"DOR_AVAL": None, "DOR_CNSR": None}
    return results | measured("OS", infusion, *((death, 0) if death else (subject["LSTALVDT"], 1)))


def grade_at_cut(row: dict, cut: dt.date, death: dt.date | None) -> int | None:
    """Maximum grade of an adverse event as known at the data cut; None where not entered or not yet known.

    A fatal event is grade 5 once the death is within the cut; a maximum reached after the cut is unknown.
    """
    grade = int(code(row, "AETOXGR")) if code(row, "AETOXGR").isdigit() else None
    if code(row, "AEOUT") == "FAT":
        grade = 5
    reached = first_day(row, "AEMXDAT")
    if (reached and reached > cut) or (grade == 5 and death is None and code(row, "AEOUT") == "FAT"):
        return None
    return grade


def toxicity(forms: dict, cut: dt.date, subject: dict, category: str, names: tuple) -> dict:
    """Maximum grade, onset day and duration of CRS or ICANS in CARTDY 0 to 100 [12, 13, 21], §3.6.

    Reading: the category of the adverse event form identifies the event. Records outside the window leave
    before episodes are merged. An unknown end or a fatal outcome leaves the duration open (last name = 1); an
    end before its start gives no duration.
    """
    infusion = subject["CARTSDT"]
    if infusion is None:
        return dict.fromkeys(names)
    low, high = infusion, infusion + 100 * ONE_DAY
    spans, partial_starts, grades = [], [], []
    for row in forms["AE"]:
        days = possible_days(row["AESTDAT"])
        if code(row, "AESICAT") != category or not days or days[0] > cut or days[0] > high or days[1] < low:
            continue
        grades.append(grade_at_cut(row, cut, subject["DTHDT"]))
        if days[0] != days[1]:
            partial_starts.append(days[0])
            continue
        end = possible_days(row["AEENDAT"])
        closed = end and end[0] == end[1] <= cut and code(row, "AEOUT") != "FAT"
        spans.append((days[0], end[0] if end and end[0] <= cut else None, closed))
    highest = max((grade for grade in grades if grade is not None), default=None) if grades else 0
    spans.sort(key=lambda span: span[0])
    if not spans or (partial_starts and min(partial_starts) <= spans[0][0]):
        return dict(zip(names, (highest, None, None, None), strict=True))
    start, end, closed = spans[0]
    for next_start, next_end, next_closed in spans[1:]:
        if end is not None and (next_start - end).days > 1:
            break
        if end is None or next_end is None:
            end, closed = None, False
        elif next_end >= end:
            end, closed = next_end, next_closed
    length = (end - start).days + 1 if end and end >= start else None
    return dict(zip(names, (highest, (start - infusion).days + 1, length, 0 if closed else 1), strict=True))


def emergent_events(forms: dict, cut: dt.date, subject: dict) -> dict:
    """Number of treatment-emergent adverse events (begun or worsened, TEAE_WORSENED) and their maximum grade [15]."""
    first, infusion = subject["TRTSDT"], subject["CARTSDT"]
    count, grades = 0, []
    for row in forms["AE"]:
        days = possible_days(row["AESTDAT"])
        if first is None or not days or days[0] > cut:
            continue
        start = days[0]
        if days[0] < days[1] and days[0] <= first <= days[1]:
            start = first
        worst = possible_days(row["AEMXDAT"])
        if start < first and worst and worst[0] <= cut and worst[1] >= first:  # worsened under treatment
            start = max(worst[0], first)
        if start >= first and (infusion is None or start <= infusion + 100 * ONE_DAY):
            count += 1
            grade = grade_at_cut(row, cut, subject["DTHDT"])
            if grade is not None:
                grades.append(grade)
    return {"TEAEN": count, "TEAEMAXGR": max(grades, default=None)}


def derive(folder: Path, cut: dt.date | str) -> list[dict]:
    """One row per subject with a DM form and something on or before the data cut.

    Reading: consent alone does not decide, because a consent dated in the wrong year would hide a treated
    subject; a visit, sample or treatment on or before the cut brings the subject in as well.
    """
    cut = dt.date.fromisoformat(str(cut))
    rows = []
    for subject, forms in sorted(read_subjects(Path(folder)).items()):
        row = derive_subject(subject, forms, cut)
        if dated(forms["IC"], "ICDAT", cut) or row["LSTALVDT"]:
            rows.append(row)
    return rows


# ---- headline results


def binomial_tail(successes: int, trials: int, chance: float) -> float:
    """Probability of at least so many successes."""
    if chance <= 0:
        return 1.0 if successes == 0 else 0.0
    if chance >= 1:
        return 1.0

    def logarithm(k):
        ways = math.lgamma(trials + 1) - math.lgamma(k + 1) - math.lgamma(trials - k + 1)
        return ways + k * math.log(chance) + (trials - k) * math.log1p(-chance)

    return math.fsum(math.exp(logarithm(k)) for k in range(successes, trials + 1))


def clopper_pearson(successes: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Exact limits of a proportion, by halving the interval in which the tail crosses its share."""
    share = (1 - level) / 2

    def crossing(exceeds):
        low, high = 0.0, 1.0
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (low, middle) if exceeds(middle) else (middle, high)
        return (low + high) / 2

    lower = crossing(lambda p: binomial_tail(successes, trials, p) > share)
    upper = crossing(lambda p: 1 - binomial_tail(successes + 1, trials, p) < share)
    return 0.0 if successes == 0 else lower, 1.0 if successes == trials else upper


def kaplan_meier(times: list[int], censored: list[int], landmark: float) -> tuple[float, float, float, int]:
    """Survival at a landmark, log-log limits and number at risk (time not before the landmark) [8], §5.4."""
    event_times = [time for time, cnsr in zip(times, censored, strict=True) if cnsr == 0]
    survival_now, variance = 1.0, 0.0
    for time in sorted({time for time in event_times if time <= landmark}):
        at_risk = sum(1 for other in times if other >= time)
        events = event_times.count(time)
        survival_now *= 1 - events / at_risk
        if at_risk > events:
            variance += events / (at_risk * (at_risk - events))
    at_landmark = sum(1 for time in times if time >= landmark)
    if survival_now in (0.0, 1.0):
        return survival_now, survival_now, survival_now, at_landmark
    spread = 1.959963984540054 * math.sqrt(variance) / abs(math.log(survival_now))
    return (
        survival_now,
        survival_now ** math.exp(spread),
        survival_now ** math.exp(-spread),
        at_landmark,
    )


def percent(share: float) -> str:
    """Per cent with one decimal, halves up."""
    return f"{math.floor(share * 1000 + 0.5 + 1e-9) / 10:.1f}"


def headline(subjects: list[dict]) -> list[dict]:
    """The rows of expected_headline.csv."""

    def members(**wanted):
        return [row for row in subjects if all(row[name] == value for name, value in wanted.items())]

    def count(result, **wanted):
        return {"RESULT": result, "VALUE": str(len(members(**wanted))), "DETAIL": ""}

    def share(result, population, hit):
        hits, total = sum(1 for row in population if hit(row)), len(population)
        lower, upper = clopper_pearson(hits, total)
        detail = f"{percent(hits / total)} % (CP95 {percent(lower)}-{percent(upper)})"
        return {"RESULT": result, "VALUE": f"{hits}/{total}", "DETAIL": detail}

    def landmark(result, name):
        infused = members(INFFL="Y")
        times, censored = ([row[f"{name}_{part}"] for row in infused] for part in ("AVAL", "CNSR"))
        estimate, lower, upper, at_risk = kaplan_meier(times, censored, 365.25)
        limits = f"log-log {percent(lower)}-{percent(upper)}"
        detail = f"{limits}, at risk {at_risk}, events {censored.count(0)}/{len(infused)}"
        return {"RESULT": result, "VALUE": f"{percent(estimate)} %", "DETAIL": detail}

    safety, efficacy = members(SAFFL="Y"), members(EASFL="Y")
    return [
        count("n enrolled", ENRLFL="Y"),
        count("n leukapheresed (ITT)", ITTFL="Y"),
        count("n safety set (any 131I or CAR-T)", SAFFL="Y"),
        count("n infused", INFFL="Y"),
        count("n efficacy set (EAS)", EASFL="Y"),
        share("DLT, Part A, DLT set", members(DLTEVLFL="Y"), lambda row: row["DLTFL"] == "Y"),
        share(
            "CR best through D107, Part B, EAS (primary)",
            members(EASFL="Y", COHORT="B"),
            lambda row: row["CRBEST"] == "Y",
        ),
        share("CR best through D107, A+B, EAS", efficacy, lambda row: row["CRBEST"] == "Y"),
        share("CR at Day 100, A+B, EAS", efficacy, lambda row: row["CRD100"] == "Y"),
        share("CRS grade >=3, SAS", safety, lambda row: (row["CRSMAXGR"] or 0) >= 3),
        share("CRS grade >=3, EAS (as registered)", efficacy, lambda row: (row["CRSMAXGR"] or 0) >= 3),
        share("ICANS grade >=3, SAS", safety, lambda row: (row["ICANSMAX"] or 0) >= 3),
        landmark("PFS (FDA censoring) at 12 months, infused, KM", "PFS"),
        landmark("OS at 12 months, infused, KM", "OS"),
    ]


if __name__ == "__main__":
    for line in headline(derive(Path(sys.argv[1]), sys.argv[2])):
        print(f"{line['RESULT']}: {line['VALUE']} {line['DETAIL']}")
