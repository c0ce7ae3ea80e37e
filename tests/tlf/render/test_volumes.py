"""A very long listing is bound in volumes: nothing is left out, a subject stays in one, each says which it is."""

import pytest

from tlf import render
from tlf.contents import Listed, table
from tlf.model import Column, Page, Row, Table
from tlf.render import index, volumes

PAGE = Page("L-1", ("Listing of Events",), "Everybody", study="S-1")
SUBJECTS = [f"S-{at // 4:02d}" for at in range(80)]  # four records each
EVENTS = tuple(Row((who, f"event {at}"), 1, keep_with_next=who == after)
               for at, (who, after) in enumerate(zip(SUBJECTS, [*SUBJECTS[1:], ""], strict=True)))  # fmt: skip
HEADING = Row(("Events (n=20)",), header=True, keep_with_next=True)
TABLE = Table((Column("Subject"), Column("Event")), (HEADING, *EVENTS))


def test_a_table_that_is_not_longer_is_one_volume():
    assert volumes.volumes(TABLE, 81) == [TABLE]


def test_all_rows_stand_in_the_volumes_in_their_order_below_what_they_stood_below():
    parts = volumes.volumes(TABLE, 30)

    assert len(parts) == 3
    assert [row for part in parts for row in part.rows if not row.header] == list(EVENTS)
    assert [part.rows[0].cells[0] for part in parts] == ["Events (n=20)", *["Events (n=20) (continued)"] * 2]


def test_a_subject_stays_in_one_volume():
    whose = [{row.cells[0] for row in part.rows if not row.header} for part in volumes.volumes(TABLE, 30)]

    assert sum(map(len, whose)) == len(set(SUBJECTS))


def test_a_subject_of_more_records_than_a_volume_has_is_cut():
    alone = tuple(Row(("S-1", str(at)), 1, keep_with_next=at < 39) for at in range(40))

    assert [len(part.rows) for part in volumes.volumes(Table(TABLE.columns, alone), 20)] == [20, 20]


@pytest.fixture(scope="module")
def made():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(volumes, "ROWS", 30)
        patch.setattr(volumes.volumes, "__defaults__", (30,))
        return render.rendered(PAGE, TABLE, "l_1.pdf")


def test_each_volume_has_every_format_under_a_name_of_its_own_and_says_which_it_is(made):
    assert made.volumes == 3
    assert set(made.files) == {f"{end}.{kind}" for end in ("", "-2", "-3") for kind in ("rtf", "html", "txt", "pdf")}
    assert "Volume 2 of 3: S-06 to S-12" in made.files["-2.txt"].decode()
    assert b'<a href="l_1-3.html">3</a>' in made.files[".html"]


def test_a_figure_is_one_volume_under_its_own_name(figure):
    made = render.rendered(PAGE, figure, "f_1.pdf")

    assert set(made.files) == {".rtf", ".html", ".txt", ".pdf", ".png", ".svg"}
    assert made.volumes == 1


def test_the_list_of_outputs_names_every_volume():
    listed = Listed(PAGE, (), "l_1", "16.2", 3)

    assert table([listed]).rows[1].cells[1] == "Listing of Events (3 volumes)"
    assert 'href="l_1-2.rtf" aria-label="L-1 as RTF 2"' in index.render(PAGE, [listed], "all.pdf")
