-- Dose-limiting toxicity by rule, where a study asks for that and not for the investigator's tick (plan of a dose escalation):
-- related to the cells, of grade 3 or higher as recorded, begun in the period, and no expected event of the list. The set:
-- infused subjects of the part with a DLT, or given at least 80 % of the dose of their level and observed to the end.

CREATE TABLE share_given AS
WITH cells AS (SELECT USUBJID, sum(EXDOSE) AS CELLS FROM ex WHERE EXCAT = 'CELLS' GROUP BY USUBJID),
weight AS (
  SELECT USUBJID, arg_max(VSSTRESN, (VSDTC, VSSEQ)) AS WEIGHT FROM vs JOIN subject USING (USUBJID)
  WHERE VSTESTCD = 'WEIGHT' AND VSSTRESN IS NOT NULL AND first_day(VSDTC) BETWEEN CARTSDT - 7 AND CARTSDT GROUP BY USUBJID),
level AS (SELECT USUBJID, max(QVAL) AS LEVEL FROM suppex WHERE QNAM = 'DOSELVL' GROUP BY USUBJID)
SELECT USUBJID, 100 * CELLS / WEIGHT / DOSE AS SHARE
FROM cells JOIN weight USING (USUBJID) JOIN level USING (USUBJID) JOIN level_dose USING (LEVEL);

-- Expected: of a term of the list, not above its grade, and back at grade 2 (else ended) within its days of the maximum (else
-- the start); of dates that are missing or partial nobody can tell.
CREATE TABLE limiting_by_rule AS
WITH qualified AS (
  SELECT USUBJID, try_cast(IDVARVAL AS DOUBLE) AS AESEQ, max(QVAL) FILTER (QNAM = 'AECTREL') AS AECTREL,
    max(QVAL) FILTER (QNAM = 'AEMXDTC') AS AEMXDTC, max(QVAL) FILTER (QNAM = 'AEDNDTC') AS AEDNDTC
  FROM suppae GROUP BY ALL),
severe AS (
  SELECT ae.USUBJID, ae.AESEQ, ae.AEDECOD, event.GRADE, period.STARTDT, period.FINISHDT,
    CASE WHEN event.HIGH < STARTDT THEN MAXLOW ELSE event.LOW END AS LOW,
    CASE WHEN event.HIGH < STARTDT THEN MAXHIGH ELSE event.HIGH END AS HIGH,
    one_day(coalesce(AEDNDTC, AEENDTC)) - one_day(coalesce(AEMXDTC, ae.AESTDTC)) AS LASTED
  FROM ae JOIN qualified USING (USUBJID, AESEQ) JOIN event USING (USUBJID, AESEQ) JOIN period USING (USUBJID) CROSS JOIN plan
  WHERE GRADE >= 3 AND STARTDT IS NOT NULL AND list_contains(related_terms, upper(AECTREL)))
SELECT DISTINCT USUBJID FROM severe LEFT JOIN allowable ON lower(AEDECOD) = lower(TERM)
WHERE HIGH >= STARTDT AND LOW <= FINISHDT
  AND NOT (TERM IS NOT NULL AND GRADE <= MAX_GRADE AND (MAX_DAYS IS NULL OR coalesce(LASTED BETWEEN 0 AND MAX_DAYS, false)));

CREATE OR REPLACE TABLE dlt AS
WITH watched AS (
  SELECT period.*, limiting_by_rule.USUBJID IS NOT NULL AS TOXIC, SHARE, FINISHDT - STARTDT + 1 AS PLANNED,
    least(FINISHDT, LSTALVDT, DTHDT, NACTDT - 1) - STARTDT + 1 AS OBSERVED
  FROM period LEFT JOIN limiting_by_rule USING (USUBJID) LEFT JOIN alive USING (USUBJID) LEFT JOIN next_therapy USING (USUBJID)
  LEFT JOIN share_given USING (USUBJID)),
judged AS (
  SELECT USUBJID, CASE WHEN CARTSDT IS NULL THEN NULL
      WHEN coalesce(COHORT, '') <> decided.dlt_part THEN 'NOT ' || decided.dlt_part
      WHEN TOXIC THEN 'DLT'
      WHEN SHARE < 80 THEN 'DOSE BELOW 80 %'
      WHEN OBSERVED = PLANNED THEN 'COMPLETE'
      ELSE '<100 % NO DLT' END AS DLTEVLRS
  FROM watched CROSS JOIN (SELECT rule_part AS dlt_part FROM plan) AS decided)
SELECT USUBJID, DLTEVLRS, CASE WHEN DLTEVLRS IN ('DLT', 'COMPLETE') THEN 'Y' ELSE 'N' END AS DLTEVLFL,
  CASE DLTEVLRS WHEN 'DLT' THEN 'Y' WHEN 'COMPLETE' THEN 'N' END AS DLTFL
FROM judged;
