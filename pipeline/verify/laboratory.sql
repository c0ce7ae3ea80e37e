-- Worst laboratory grade on treatment by CTCAE v5.0 (analysis plan 4.1; clarification 16), in SI units: low WBC, neutrophils,
-- lymphocytes, haemoglobin and platelets; high ALT, AST, bilirubin and creatinine. The highest grade that holds is the grade.

-- More than, at least, so many times a limit: what floating point alone puts apart is equal.
CREATE MACRO above(x, times, bound) AS x > times * bound * (1 + 1e-12);
CREATE MACRO reaches(x, times, bound) AS x >= times * bound * (1 - 1e-12);
-- A value below absolute bounds of grades 4, 3 and 2, else below the lower limit (1); without that limit it has no grade.
CREATE MACRO low_grade(x, four, three, two, lln) AS CASE
  WHEN x < four THEN 4 WHEN x < three THEN 3 WHEN x < two THEN 2 WHEN lln IS NULL THEN NULL WHEN x < lln THEN 1 ELSE 0 END;
-- Multiples of the upper limit, or of a baseline above its own upper limit, in which grade 1 begins at `first` times it.
CREATE MACRO high_grade(x, uln, base, high_base, four, three, two) AS CASE
  WHEN high_base THEN CASE WHEN above(x, four, base) THEN 4 WHEN above(x, three, base) THEN 3 WHEN above(x, two, base) THEN 2 END
  WHEN uln IS NULL THEN NULL
  WHEN above(x, four, uln) THEN 4 WHEN above(x, three, uln) THEN 3 WHEN above(x, two, uln) THEN 2 WHEN above(x, 1, uln) THEN 1 ELSE 0 END;

-- A result known by a limit alone (<0.1) counts as that limit.
CREATE TABLE result AS
SELECT USUBJID, LBTESTCD, LBDTC, LBSEQ, first_day(LBDTC) AS DAY, LBSTNRLO AS LLN, LBSTNRHI AS ULN,
  coalesce(LBSTRESN, try_cast(regexp_extract(LBSTRESC, '^[<>]=?\s*([0-9.]+)$', 1) AS DOUBLE)) AS X
FROM lb
WHERE LBTESTCD IN ('WBC', 'NEUT', 'LYM', 'HGB', 'PLAT', 'ALT', 'AST', 'BILI', 'CREAT')
  AND LBSTRESU IN ('10^9/L', 'g/L', 'U/L', 'umol/L');

CREATE TABLE graded AS
WITH spans AS (
  SELECT USUBJID, NACTDT, CASE base_from WHEN 'TREATMENT' THEN TRTSDT WHEN 'CONDITIONING' THEN CONDSDT ELSE CARTSDT END AS BASEDT,
    CASE ontrt_from WHEN 'TREATMENT' THEN TRTSDT WHEN 'CONDITIONING' THEN CONDSDT ELSE CARTSDT END AS FROMDT,
    CARTSDT + ontrt_end_day AS TODT, ontrt_newtx
  FROM subject LEFT JOIN next_therapy USING (USUBJID) CROSS JOIN plan),
base AS (
  SELECT USUBJID, LBTESTCD, arg_max(X, (LBDTC, LBSEQ)) AS BASE, arg_max(coalesce(ULN, 'infinity'), (LBDTC, LBSEQ)) AS BASE_ULN
  FROM result JOIN spans USING (USUBJID) WHERE X IS NOT NULL AND DAY < BASEDT GROUP BY USUBJID, LBTESTCD),
treated AS (
  SELECT result.*, BASE, coalesce(above(BASE, 1, BASE_ULN), false) AS HIGH_BASE
  FROM result JOIN spans USING (USUBJID) LEFT JOIN base USING (USUBJID, LBTESTCD)
  WHERE X IS NOT NULL AND DAY >= FROMDT AND DAY <= coalesce(TODT, DAY) AND (ontrt_newtx = 'N' OR NACTDT IS NULL OR DAY < NACTDT))
SELECT USUBJID, LBTESTCD, CASE LBTESTCD
    WHEN 'WBC' THEN low_grade(X, 1.0, 2.0, 3.0, LLN)
    WHEN 'NEUT' THEN low_grade(X, 0.5, 1.0, 1.5, LLN)
    WHEN 'LYM' THEN low_grade(X, 0.2, 0.5, 0.8, LLN)
    WHEN 'PLAT' THEN low_grade(X, 25, 50, 75, LLN)
    WHEN 'HGB' THEN low_grade(X, 0, 80, 100, LLN)
    WHEN 'BILI' THEN coalesce(high_grade(X, ULN, BASE, HIGH_BASE, 10, 3, 1.5),
      CASE WHEN HIGH_BASE THEN CASE WHEN above(X, 1, BASE) THEN 1 ELSE 0 END END)
    WHEN 'CREAT' THEN CASE WHEN above(X, 6, ULN) THEN 4 WHEN above(X, 3, ULN) OR above(X, 3, BASE) THEN 3
      WHEN above(X, 1.5, ULN) OR above(X, 1.5, BASE) THEN 2 WHEN ULN IS NULL THEN NULL WHEN above(X, 1, ULN) THEN 1 ELSE 0 END
    ELSE coalesce(high_grade(X, ULN, BASE, HIGH_BASE, 20, 5, 3),
      CASE WHEN HIGH_BASE THEN CASE WHEN reaches(X, 1.5, BASE) THEN 1 ELSE 0 END END) END AS GRADE
FROM treated;

CREATE TABLE worst_grade AS
SELECT USUBJID, LBTESTCD, max(GRADE) AS GRADE FROM graded WHERE GRADE IS NOT NULL GROUP BY USUBJID, LBTESTCD;
