"""CO: a comment points to the record it was collected with; long ones go on in further variables (SDTMIG 3.4, 5.1)."""

from small_study import grid

from pipeline.study.visited import load_commented
from sdtm.co import PART, co
from sdtm.mapping.sheet import CO, COMMENT, Known, column

RS = grid("""
    STUDYID | USUBJID | RSSEQ | COVAL
    ST      | B       | 1     | Film blurred
    ST      | A       | 12    | .
    ST      | A       | 2     | Second look
""")
PC = grid("""
    STUDYID | USUBJID | PCSEQ | COVAL
    ST      | A       | 7     | Haemolysed
""")


def made(**named):
    found = co(tuple(name.removesuffix("_mapped") for name in named), **named)
    return found[["USUBJID", "COSEQ", "RDOMAIN", "IDVAR", "IDVARVAL", "COVAL"]].astype("str").values.tolist()


def test_each_comment_is_a_record_that_points_to_its_own():
    assert made(rs_mapped=RS, pc_mapped=PC) == [
        ["A", "1", "PC", "PCSEQ", "7", "Haemolysed"],
        ["A", "2", "RS", "RSSEQ", "2", "Second look"],
        ["B", "1", "RS", "RSSEQ", "1", "Film blurred"],
    ]


def test_nothing_is_commented_where_no_sheet_tells_comments():
    assert made() == []


def test_a_long_comment_goes_on_and_nothing_of_it_is_lost():
    for length in (PART, PART + 1, 5 * PART + 10):
        text = "".join(chr(97 + number % 26) for number in range(length))
        found = co(("rs",), rs_mapped=RS.assign(COVAL=text).head(1)).iloc[0]
        parts = [found[name] for name in ("COVAL", "COVAL1", "COVAL2", "COVAL3", "COVAL4")]
        assert "".join(part for part in parts if isinstance(part, str)) == text and len(parts[0]) == PART


def test_a_sheet_tells_comments_by_its_target(tmp_path):
    head = "form,block,target,rule,source,where\n"
    sheets = {"rs": head + "RESP,,CO.COVAL,assign,RSCOM,\n", "ae": head + "AE,,SUPP.COVAL,assign,AECOM,\n",
              "rs_tests": "form,field,test,list,unit,result\n"}  # fmt: skip
    for name, text in sheets.items():
        (tmp_path / f"{name}.csv").write_text(text)
    told = load_commented({name: tmp_path / f"{name}.csv" for name in sheets})["commented"]
    assert (told.value({}), dict(told.datasets)) == (("rs",), {"co": ("rs_mapped",)})
    assert Known({}, {}, frozenset()).variable("CO.COVAL") is COMMENT and column(f"{CO}COVAL") == "COVAL"
